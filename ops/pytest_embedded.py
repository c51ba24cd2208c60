"""A pytest plugin that gives the tests a PostgreSQL and a Valkey of their own, in a temporary folder.

It must be named by `-p`: pytest-django reads the settings before any conftest, and they need the addresses.
Servers given by DATABASE_URL and REDIS_URL are used as they are.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from ops import browser
from ops.places import ROOT
from ops.postgres import Postgres
from ops.valkey import Valkey

PREFIX = "dispatch-tests-"
# What the settings read from the environment and tests want otherwise than a site does.
SETTINGS = {
    "DJANGO_SECRET_KEY": "for-tests-only",
    "INTEGRATION_CLIENT_TOKEN": "for-tests-only",
    "PASSWORD_HASHERS": "django.contrib.auth.hashers.MD5PasswordHasher",  # a slow one protects no test user
    "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",  # needs no collectstatic
}
OWN_VALKEY = "DISPATCH_TESTS_OWN_VALKEY"

_running: list[Postgres | Valkey] = []
_folder: Path | None = None
_alive: TextIO | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Before everything else that loads early, Django's settings above all."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        give_own_databases(worker)
    else:
        compile_catalogue()
        start()
    return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no browser its tests are skipped, with the reason."""
    if reason := browser.why_not():
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_unconfigure() -> None:
    """After the last test."""
    stop()


def compile_catalogue() -> None:
    """Tests read Chinese pages; what they are compiled into is not kept in the repository."""
    from ops import catalogue

    if not catalogue.is_compiled(ROOT):
        catalogue.compile_catalogue(ROOT)


def start() -> None:
    """Start what no address is given for."""
    wanted: list[type[Postgres] | type[Valkey]] = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(Postgres)
    if not os.environ.get("REDIS_URL"):
        wanted.append(Valkey)
        os.environ[OWN_VALKEY] = "1"
    if not wanted:
        return
    global _folder, _alive
    sweep()
    draft = Path(tempfile.mkdtemp(prefix="dispatch-starting-")).resolve()
    draft.chmod(0o711)  # the account that runs PostgreSQL for root must get through to its data
    _alive = (draft / "alive.lock").open("w")
    fcntl.flock(_alive, fcntl.LOCK_EX)
    # Only now may it bear the name that another run's sweep looks for: it is seen locked or not at all.
    _folder = draft.rename(draft.with_name(draft.name.replace("dispatch-starting-", PREFIX)))
    atexit.register(stop)  # pytest_unconfigure does not come when the start itself fails
    for kind in wanted:
        name = kind.__name__.lower()
        server = kind(_folder / name, log=_folder / f"{name}.log", hasty=True)
        _running.append(server)
        server.start()
        os.environ.update(server.addresses())


def stop() -> None:
    """Stop what was started and remove its folder; harmless when called again."""
    while _running:
        _running.pop().stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
    if _alive is not None:
        _alive.close()


def sweep() -> None:
    """Remove folders of runs that were killed: the kernel freed their locks."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            with (folder / "alive.lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def give_own_databases(worker: str) -> None:
    """Parallel workers share the Valkey, so each takes two numbered databases of it: cache and broker."""
    if not os.environ.get(OWN_VALKEY):
        return
    first = 2 + 2 * (int(re.sub(r"\D", "", worker) or 0) % 7)
    os.environ["REDIS_URL"] = re.sub(r"db=\d+", f"db={first}", os.environ["REDIS_URL"])
    os.environ["CELERY_BROKER_URL"] = re.sub(
        r"virtual_host=\d+", f"virtual_host={first + 1}", os.environ["CELERY_BROKER_URL"]
    )
