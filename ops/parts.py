"""The processes of the product that may die and be started again: web, worker, beat."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ops import children, datafolder
from ops.backoff import Backoff
from ops.places import ROOT

# Beat first, so that nothing new is asked for; the worker last, for it may be finishing something.
NAMES = ("web", "worker", "beat")
STOP_ORDER = ("beat", "web", "worker")

# What each gets when we are killed. The servers are gone at the same moment, so none may linger over its work:
# for gunicorn QUIT is the quick stop; a worker asked to stop would first finish its tasks.
DEATH_SIGNALS = {"web": signal.SIGQUIT, "worker": signal.SIGKILL, "beat": signal.SIGTERM}

# The pages first: on a small machine three starting at once would all be late.
START_AFTER = {"web": 0.0, "worker": 1.5, "beat": 3.0}


def commands(var: Path, host: str, port: int) -> dict[str, list[str]]:
    """What each part runs."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "config"]
    return {
        "web": [
            *(python, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}"),
            *("--workers", "2", "--threads", "4", "--graceful-timeout", "10"),
            "--preload",  # loaded once and shared by both workers: sooner there, and half the memory
            "--no-control-socket",  # it would lie in the home folder
        ],
        # Mingle and gossip talk to other workers; there are none, and both slow the start.
        "worker": [
            *(*celery, "worker", "-c", "2", "-l", "INFO", "--without-mingle", "--without-gossip"),
            *("--include", "ops.pool_children"),
        ],
        "beat": [*celery, "beat", "-l", "INFO", "-s", str(var / "run" / "celerybeat-schedule"), "--pidfile="],
    }


def hold_file(var: Path, part: str) -> Path:
    """While this file is there, the part is kept down: a way to play its failure."""
    return var / "hold" / part


class Part:
    """One process, kept running unless it is held."""

    def __init__(self, name: str, command: list[str], var: Path, say: Callable[[str], None]) -> None:
        self.name, self.command, self.say = name, command, say
        self.log = var / "log" / f"{name}.log"
        self.hold = hold_file(var, name)
        self.backoff = Backoff()
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.due: float | None = None  # when to start next; None until first looked at
        self.held = False

    def tend(self, now: float) -> None:
        """One look: start, restart, stop as the moment asks."""
        if self.hold.exists():
            if not self.held:
                self.held = True
                self.say(f"{self.name} is held down; `make release PART={self.name}` lets it go")
                self.ask_to_stop()
                self.finish(patience=20)
            return
        if self.held:
            self.held = False
            self.backoff.reset()
            self.due = now
            self.say(f"{self.name} is let go")
        if self.process is not None and self.process.poll() is not None:
            self.mourn(now)
        if self.due is None:
            self.due = now + START_AFTER[self.name]
        if self.process is None and now >= self.due:
            self.start(now)

    def start(self, now: float) -> None:
        """Start the process; its output goes to its log."""
        with datafolder.open_log(self.log) as log:
            self.process = children.start(self.command, death_signal=DEATH_SIGNALS[self.name], output=log, cwd=ROOT)
        self.started = now

    def mourn(self, now: float) -> None:
        """It died: clear away its children, say so, and set the time of the next start."""
        assert self.process is not None
        # Orphans of a killed gunicorn would hold the port for a while yet.
        children.kill_session(self.process)
        wait = self.backoff.after_run_of(now - self.started)
        self.say(
            f"{self.name} ended ({children.ending(self.process)}); starting again in {wait:.0f} s. Its last lines:"
        )
        for line in datafolder.tail(self.log, 4).splitlines():
            self.say(f"    {line}")
        self.process = None
        self.due = now + wait

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing; asking twice could be taken for hurry, so ask once."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def finish(self, patience: float) -> None:
        """Wait for the end that was asked for, and leave none of its children."""
        if self.process is not None:
            children.wait_or_kill(self.process, patience)
            children.kill_session(self.process)
            self.process = None


class Parts:
    """All three, tended together."""

    def __init__(self, var: Path, host: str, port: int, say: Callable[[str], None]) -> None:
        self.all = {name: Part(name, cmd, var, say) for name, cmd in commands(var, host, port).items()}

    def tend(self) -> None:
        """Look after each."""
        for part in self.all.values():
            part.tend(time.monotonic())

    def stop(self, patience: float) -> None:
        """Ask all to end at once, then wait for each."""
        for name in STOP_ORDER:
            self.all[name].ask_to_stop()
        for name in STOP_ORDER:
            self.all[name].finish(patience)

    def kill(self) -> None:
        """Wait for nothing: the second Ctrl-C."""
        for part in self.all.values():
            if part.process is not None:
                children.kill_session(part.process)
