"""The embedded servers run while anyone uses them, and no longer."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.datafolder import processes_in
from ops.places import ROOT

GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL", "PGPORT")

# Uses the servers until its input ends, and tells how it sees them on every line it is sent.
USER = """
import json, os, sys
from ops import embedded
try:
    use = embedded.ensure()
except embedded.ServersError as error:
    sys.exit(str(error))
print(json.dumps({key: os.environ[key] for key in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}), flush=True)
for line in sys.stdin:
    print(use.failure(), flush=True)
"""


class User:
    """A process that uses the servers of one data folder."""

    def __init__(self, var):
        env = {key: value for key, value in os.environ.items() if key not in GIVEN} | {"APP_VAR": str(var)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER],
            cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.addresses = json.loads(self.process.stdout.readline())

    def failure(self):
        """What is wrong with the servers, in its eyes."""
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def leave(self):
        """End normally, and wait for it."""
        self.process.communicate(timeout=30)

    def be_killed(self):
        """End with no chance to tidy up."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One data folder for all, for making it is the slow part."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def users(var):
    """Start users; whoever is left at the end is let go."""
    started = []

    def start():
        started.append(User(var))
        return started[-1]

    yield start
    for user in started:
        if user.process.returncode is None:
            user.leave()
    assert wait_until_stopped(var)


def running(var: Path) -> list[int]:
    return processes_in(var / "postgres") + processes_in(var / "valkey")


def wait_until_stopped(var: Path, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while running(var) and time.monotonic() < end:
        time.sleep(0.05)
    return not running(var)


def postmaster(var: Path) -> int:
    return int((var / "postgres" / "postmaster.pid").read_text().split()[0])


def test_two_users_share_and_the_last_one_leaves_nothing_running(var, users):
    one, other = users(), users()
    assert one.addresses == other.addresses
    server = postmaster(var)

    one.leave()
    assert postmaster(var) == server
    assert other.failure() == "None"

    other.leave()
    assert not running(var)  # no waiting here: the last user did


def test_a_killed_user_neither_stops_the_servers_nor_keeps_them(var, users):
    one, other = users(), users()
    one.be_killed()
    time.sleep(0.5)
    assert other.failure() == "None"

    other.be_killed()
    assert wait_until_stopped(var)


def test_a_user_who_comes_while_the_servers_stop_gets_new_ones(var, users):
    for _ in range(3):
        users().be_killed()
        assert users().failure() == "None"


def test_a_dead_postgres_stops_everything_with_a_clear_word(var, users):
    user = users()
    os.kill(postmaster(var), signal.SIGKILL)
    end = time.monotonic() + 10
    while (said := user.failure()) == "None" and time.monotonic() < end:
        time.sleep(0.05)
    assert said.startswith("PostgreSQL ended unexpectedly (killed by SIGKILL)")
    assert wait_until_stopped(var)

    assert users().failure() == "None"  # the next one starts them anew, beside the one that failed


def test_the_running_system_owns_nothing(var, users):
    import environ
    import psycopg2

    user = users()
    rights = {}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        address = environ.Env.db_url_config(user.addresses[name])
        session = psycopg2.connect(host=address["HOST"], user=address["USER"], dbname=address["NAME"])
        with session.cursor() as cursor:
            cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
            rights[address["USER"]] = cursor.fetchone()[0]
        session.close()
    assert rights == {"dispatch_app": False, "dispatch_owner": True}
