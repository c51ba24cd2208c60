"""The files in `var/` through which a checkout's servers are shared: who uses them, who keeps them, where they are."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TypedDict

from ops.locks import FileLock

PARTS = ("postgres", "valkey")


class State(TypedDict, total=False):
    """What the keeper tells: its name for this run, the addresses of the parts that answer, and why it gave up."""

    keeper: str
    ready: dict[str, dict[str, str]]
    failure: str


class Sharing:
    """The common files of one data folder.

    `users`: shared by every process that uses the servers, for its lifetime.
    `start`: held while someone looks for a keeper or starts one, and by a keeper on its way out, so that a user
    who comes in that moment waits and starts the next.
    `keeper`: held by the keeper for its lifetime.
    """

    def __init__(self, var: Path) -> None:
        self.var = var
        self.users = FileLock(var / "run" / "users.lock")
        self.start = FileLock(var / "run" / "start.lock")
        self.keeper = FileLock(var / "run" / "keeper.lock")
        self._state = var / "run" / "servers.json"

    def state(self) -> State:
        """What the keeper last told; empty if nothing."""
        try:
            return json.loads(self._state.read_text())
        except (OSError, ValueError):
            return {}

    def tell(self, state: State) -> None:
        """Replace what is told, in one step."""
        draft = self._state.with_suffix(".new")
        draft.write_text(json.dumps(state))
        draft.replace(self._state)

    def forget(self) -> None:
        """Nothing is running any more."""
        self._state.unlink(missing_ok=True)
        for part in PARTS:
            self.wish(part).unlink(missing_ok=True)

    def wish(self, part: str) -> Path:
        """While this file is there, the keeper runs the part."""
        return self.var / "run" / f"{part}.wanted"

    def keeper_lives(self) -> bool:
        """Whether a keeper holds its lock."""
        return not self.keeper.free(for_shared=True)

    def has_other_users(self) -> bool:
        """Whether anyone (but not this process, once it let go) uses the servers."""
        return not self.users.free()

    def still_there(self) -> bool:
        """Whether the lock file taken for the keeper is still the one others will find: the folder may be deleted."""
        with contextlib.suppress(OSError):
            return os.fstat(self.keeper.fileno()).st_ino == self.keeper.path.stat().st_ino
        return False
