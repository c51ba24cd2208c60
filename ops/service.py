"""The whole product on this machine, from an empty checkout to a page that answers, until Ctrl-C.

Servers, then the steps that are due, then web, worker and beat. The parts are restarted when they die; the servers'
death is the end of all.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import signal
import subprocess
import time
from pathlib import Path

from ops import checks, children, embedded, keys, steps
from ops.parts import Parts
from ops.places import ROOT, var

BEGUN = time.monotonic()
TICK = 0.2
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Someone asked us to stop; not an error, and not to be caught as one."""


class ServersGone(Exception):
    """PostgreSQL or Valkey ended; the text says which and how."""


def say(line: str) -> None:
    """One line with the seconds since the start. Nobody may be listening any more."""
    with contextlib.suppress(OSError):
        print(f"{time.monotonic() - BEGUN:6.1f}  {line}", flush=True)


class Service:
    """One `make run`."""

    def __init__(self) -> None:
        self.var = var()
        self.host, self.port = checks.address()
        self.use: embedded.Use | None = None
        self.parts = Parts(self.var, self.host, self.port, say)
        self.announced = False
        self.accounts: subprocess.Popen[bytes] | None = None

    def listen_to_signals(self) -> None:
        """The first signal to stop unwinds everything in order, the second one waits for nothing."""
        for number in STOPPING:
            # nohup means the hang-up only; a Ctrl-C that a shell's `&` had ignored is meant when it comes.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.first_signal)
        if os.environ.get("MAKELEVEL"):
            children.die_with_parent_now(signal.SIGTERM)  # a killed `make` must not leave us behind

    def first_signal(self, number: int, frame: object) -> None:
        """Leave whatever is being done."""
        for other in STOPPING:
            signal.signal(other, self.second_signal)
        raise Stopped

    def second_signal(self, number: int, frame: object) -> None:
        """Kill what is still finishing its work; the servers always stop properly."""
        self.parts.kill()

    def run(self) -> None:
        """Prepare, start, and tend until stopped."""
        if self.prepare() or not self.accounts_file().exists():
            self.accounts = self.ask_for_accounts()
        say("starting web, worker and beat …")
        while True:
            self.parts.tend()
            if self.use is not None and (why := self.use.failure()):
                raise ServersGone(why)
            if not self.announced and self.answers():
                self.announce()
            time.sleep(TICK)

    def prepare(self) -> bool:
        """Environment, servers, and the steps that are due; whether there were any."""
        os.environ.setdefault("STATIC_ROOT", str(self.var / "static"))
        os.environ.setdefault("MEDIA_ROOT", str(self.var / "media"))
        keys.load()
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            say("starting PostgreSQL and Valkey …")
        self.use = embedded.ensure()
        own = self.use is not None and "postgres" in self.use.parts
        return steps.Runner(self.var, say).run(lambda: steps.plan(self.var, own_database=own))

    def ask_for_accounts(self) -> subprocess.Popen[bytes]:
        """Ask for the demo's sign-ins while the web starts, for it takes as long."""
        with self.accounts_file().open("wb") as output:
            return children.start(steps.manage("demo_accounts"), output=output, cwd=ROOT)

    def known_accounts(self) -> list[str] | None:
        """The lines of the sign-ins, once they are there; none if they could not be had."""
        if self.accounts is not None:
            if self.accounts.poll() is None:
                return None
            if self.accounts.returncode:
                self.accounts_file().unlink(missing_ok=True)
                return []
        return self.accounts_file().read_text().splitlines()

    def accounts_file(self) -> Path:
        """Where the sign-ins are written to."""
        return self.var / "run" / "accounts.txt"

    def answers(self) -> bool:
        """Whether the web gives a page; what it says is not the question here."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        line = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def announce(self) -> None:
        """Tell where it is and how to get in."""
        accounts = self.known_accounts()
        if accounts is None:
            return
        self.announced = True
        say(f"ready: http://{self.host}:{self.port}/")
        for line in accounts:
            say(f"    {line}")
        say(f"logs are in {os.path.relpath(self.var / 'log')}; Ctrl-C stops")

    def stop(self) -> None:
        """Beat, web, worker, then the servers, unless someone else still uses them."""
        say("stopping …")
        if self.accounts is not None:
            children.stop(self.accounts, signal.SIGKILL)
        # A task that waits for servers that are gone need not be waited for.
        self.parts.stop(patience=3 if self.use is not None and self.use.failure() else 20)
        if self.use is not None:
            self.use.end()
        say("stopped")


def explain(error: Exception) -> str:
    """One line for what went wrong."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full"
    return str(error)


def serve() -> int:
    """Serve until stopped: 0 when asked to, 1 when something went wrong."""
    lock = checks.run_lock()
    checks.main()
    if not lock.acquire(wait=False):
        checks.check_not_running()
    service = Service()
    try:
        service.listen_to_signals()
        service.run()
    except Stopped:
        return 0
    except (embedded.ServersError, steps.StepFailed, ServersGone, OSError) as error:
        say(f"error: {explain(error)}")
        return 1
    finally:
        service.stop()
    return 0
