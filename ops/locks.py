"""The file locks by which the users of one checkout's servers and their keeper know of each other.

The kernel frees them when their holder ends, however it ends, so none can be left behind.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class FileLock:
    """A lock on one file that forked children do not keep alive."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None
        # A forked child shares the lock of its parent until its copy of the descriptor is closed.
        os.register_at_fork(after_in_child=self.release)

    @property
    def held(self) -> bool:
        """Whether this process holds it."""
        return self._fd is not None

    def fileno(self) -> int:
        """The descriptor that holds it."""
        if self._fd is None:
            raise ValueError("not held")
        return self._fd

    def acquire(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take it; without waiting, say whether it could be had."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(fd)
            return False
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd
        return True

    def acquire_within(self, seconds: float, *, shared: bool = False) -> bool:
        """Take it if it comes free in time."""
        end = time.monotonic() + seconds
        while not self.acquire(shared=shared, wait=False):
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def free(self, *, for_shared: bool = False) -> bool:
        """Whether it could be had just now."""
        probe = FileLock.__new__(FileLock)
        probe.path, probe._fd = self.path, None
        got = probe.acquire(shared=for_shared, wait=False)
        probe.release()
        return got

    def release(self) -> None:
        """Let go of it; harmless when it is not held."""
        if self._fd is not None:
            fd, self._fd = self._fd, None
            os.close(fd)

    def __enter__(self) -> FileLock:
        self.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()
