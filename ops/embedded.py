"""Use the checkout's own PostgreSQL and Valkey: find them running or have them started, and leave them as found.

`ensure()` is called by every `manage.py` command that needs them and by `make run`. Addresses given by DATABASE_URL
and REDIS_URL are used as they are.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time

from ops import datafolder
from ops.places import ROOT, var
from ops.sharing import Sharing, State

PATIENCE = 180  # a first start on a slow disk, or recovery after a crash


class ServersError(Exception):
    """The embedded servers cannot be had; the text says why."""


class Use:
    """This process's use of the servers."""

    def __init__(self) -> None:
        self.sharing = Sharing(var())
        self.owner = os.getpid()
        self.keeper: str | None = None
        self.parts: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self, parts: list[str]) -> dict[str, str]:
        """Become a user, and return the addresses once all the parts answer."""
        try:
            with self.sharing.start:
                self.sharing.users.acquire(shared=True)
                self.leave_failed_keeper_behind()
                if not self.sharing.keeper_lives():
                    self.start_keeper(parts)
                for part in parts:
                    self.sharing.wish(part).touch()
                state = self.wait_for(parts)
        except BaseException:  # Ctrl-C too: an unused keeper must not stay
            self.end()
            raise
        self.keeper, self.parts = state["keeper"], parts
        return {key: value for part in parts for key, value in state["ready"][part].items()}

    def leave_failed_keeper_behind(self) -> None:
        """A keeper that gave up may still be stopping the other server."""
        end = time.monotonic() + PATIENCE
        while "failure" in self.sharing.state() and self.sharing.keeper_lives() and time.monotonic() < end:
            time.sleep(0.05)

    def start_keeper(self, parts: list[str]) -> None:
        """Start it detached: it serves whoever comes later, and ends with the last."""
        self.sharing.forget()
        with datafolder.open_log(self.sharing.var / "log" / "keeper.log") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops.keeper", str(self.sharing.var)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for(self, parts: list[str]) -> State:
        """Until the keeper tells that the parts are ready, or why not."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            # Looked at before the state is read: a keeper that ends in between has told all it had to tell.
            alive = self.process.poll() is None if self.process else self.sharing.keeper_lives()
            state = self.sharing.state()
            if "failure" in state:
                raise ServersError(state["failure"])
            if all(part in state.get("ready", {}) for part in parts):
                return state
            if not alive:
                last = datafolder.tail(self.sharing.var / "log" / "keeper.log", 3)
                raise ServersError(
                    f"the keeper of the embedded servers ended{datafolder.full_disk(self.sharing.var)}: {last}"
                )
            time.sleep(0.03)
        raise ServersError(f"the embedded servers did not start in {PATIENCE} s; see {self.sharing.var / 'log'}")

    def failure(self) -> str | None:
        """Why the servers in use are gone; None while they are well."""
        state = self.sharing.state()
        if state.get("keeper") == self.keeper:
            if "failure" in state:
                return state["failure"]
            if self.sharing.keeper_lives():
                return None
        return "the embedded servers are gone: their keeper ended" + datafolder.full_disk(self.sharing.var)

    def end(self) -> None:
        """Stop being a user. The last one waits, so that nothing is left running when its command is over."""
        if os.getpid() != self.owner or not self.sharing.users.held:
            return
        self.sharing.users.release()
        seen = 0
        # The keeper's own look at the lock can pass for a user: believe it the third time.
        end = time.monotonic() + PATIENCE
        while seen < 3 and self.sharing.keeper_lives() and time.monotonic() < end:
            seen = seen + 1 if self.sharing.has_other_users() else 0
            time.sleep(0.03)
        if self.process is not None and not self.sharing.keeper_lives():
            self.process.wait()


_use: Use | None = None


def ensure() -> Use | None:
    """Put the addresses of running servers into the environment; None if all were given.

    Children inherit them and so start nothing themselves.
    """
    global _use
    if _use is not None:
        return _use
    parts = []
    if not os.environ.get("DATABASE_URL"):
        parts.append("postgres")
    if not os.environ.get("REDIS_URL"):
        parts.append("valkey")
    if not parts:
        return None
    use = Use()
    for key, value in use.begin(parts).items():
        if not os.environ.get(key):
            os.environ[key] = value
    atexit.register(use.end)
    _use = use
    return use
