"""The keeper: a small process that runs the embedded servers as its children while anyone uses them.

It lives in a session of its own, started by the first user and gone with the last. The servers die with it. Run by
`ops.embedded` as `python -m ops.keeper FOLDER`.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import time
import uuid
from pathlib import Path

from ops import children
from ops.datafolder import InUse, full_disk
from ops.postgres import Postgres, PostgresError
from ops.sharing import PARTS, Sharing, State
from ops.valkey import Valkey, ValkeyError

NAMES = {"postgres": "PostgreSQL", "valkey": "Valkey"}
KINDS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
PAUSE = 0.15


class GiveUp(Exception):
    """Everything is stopped; the text is told to the users."""


class Keeper:
    """The servers of one data folder."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.sharing = Sharing(var)
        self.servers: dict[str, Postgres | Valkey] = {}
        self.told: State = {"keeper": uuid.uuid4().hex, "ready": {}}

    def run(self) -> int:
        """Keep the wanted servers until nobody uses them; 1 if they had to be given up."""
        # A user's look at whether a keeper lives takes the lock for a moment.
        if not self.sharing.keeper.acquire_within(5):
            return 0
        try:
            while not self.unused():
                self.start_wanted()
                self.check()
                time.sleep(PAUSE)
        except (GiveUp, InUse, PostgresError, ValkeyError, OSError) as reason:
            why = f"{reason}{full_disk(self.var)}"
            with contextlib.suppress(OSError):  # the disk may have no room for the word either
                print(why, flush=True)
                if self.sharing.still_there():
                    self.sharing.tell({**self.told, "ready": {}, "failure": why})
            self.stop()
            return 1
        self.stop()
        self.sharing.forget()
        # In this order, by hand: the kernel frees the locks of an ending process in any order, and a user who got the
        # start lock first would take us for a living keeper.
        self.sharing.keeper.release()
        self.sharing.start.release()
        return 0

    def unused(self) -> bool:
        """Whether the last user has gone. If so the start lock is ours, and a user who comes now waits for our end."""
        if self.sharing.has_other_users() or not self.sharing.start.acquire(wait=False):
            return False
        if self.sharing.has_other_users():
            self.sharing.start.release()
            return False
        return True

    def start_wanted(self) -> None:
        """Start what is wished for and not running yet."""
        for part in PARTS:
            if part not in self.servers and self.sharing.wish(part).exists():
                log = self.var / "log" / f"{part}.log"
                server = self.servers[part] = KINDS[part](self.var / part, log=log)
                server.start()
                self.told["ready"][part] = server.addresses()
                self.sharing.tell(self.told)

    def check(self) -> None:
        """A server that ended, or a data folder that was deleted, is the end of all: half a pair helps nobody."""
        for part, server in self.servers.items():
            if server.process is not None and server.process.poll() is not None:
                how = children.ending(server.process)
                raise GiveUp(f"{NAMES[part]} ended unexpectedly ({how}); see {server.log}")
        if not self.sharing.still_there():
            raise GiveUp(f"{self.var} was removed while its servers were running")

    def stop(self) -> None:
        """Valkey first: what it still holds may concern rows. A second call to stop would only cut this short."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for part in reversed(PARTS):
            if part in self.servers:
                self.servers[part].stop()


def main() -> int:
    """Keep the servers of the folder named on the command line."""

    def told_to_stop(number: int, frame: object) -> None:
        raise GiveUp("the keeper of the servers was told to stop")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    return Keeper(Path(sys.argv[1])).run()


if __name__ == "__main__":
    sys.exit(main())
