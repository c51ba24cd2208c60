"""Child processes that cannot outlive their parent, and that a Ctrl-C in the terminal does not reach."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(death_signal: int) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal when the parent's thread that started us ends, however it ends.

    Start such children from the main thread only: a helper thread's end would kill them.
    """
    parent = os.getpid()

    def inner() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it ended between fork and prctl: no signal will come
            os._exit(1)

    return inner


def die_with_parent_now(death_signal: int) -> None:
    """The same for this process itself."""
    _libc.prctl(PR_SET_PDEATHSIG, death_signal)


def start(
    command: Sequence[str | Path],
    *,
    death_signal: int = signal.SIGTERM,
    output: int | IO[bytes] | None = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own; `output` takes both of its streams, None leaves it ours."""
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=die_with_parent(death_signal),
    )


def stop(process: subprocess.Popen[bytes], how: int = signal.SIGTERM, patience: float = 20) -> None:
    """Ask the child to end, and see to it that it does."""
    if process.poll() is None:
        process.send_signal(how)
    wait_or_kill(process, patience)


def wait_or_kill(process: subprocess.Popen[bytes], patience: float) -> None:
    """Wait for a child that was asked to end; past the patience, kill its session."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        kill_session(process)
        process.wait()


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and what it started and left in its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def ending(process: subprocess.Popen[bytes]) -> str:
    """How an ended child ended, in words."""
    code = process.returncode
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit status {code}"
