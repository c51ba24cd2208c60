"""What would stop `make run` later, said before anything slow; runs on the system's Python, before installation."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

from ops.locks import FileLock
from ops.places import ROOT, var

MEGABYTE = 1_000_000
FREE_TO_RUN = 500 * MEGABYTE
FREE_TO_INSTALL = 1500 * MEGABYTE  # packages, node among them, and their download


def address() -> tuple[str, int]:
    """Where the pages are served, by HOST and PORT."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT={port} is not a port number.")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


def run_lock() -> FileLock:
    """Held by `make run`."""
    return FileLock(var() / "run" / "serve.lock")


def check_not_running() -> None:
    """One `make run` per checkout."""
    if not run_lock().free():
        sys.exit("`make run` is already running in this checkout.")


def check_port() -> None:
    """The port must be free."""
    host, port = address()
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        sys.exit(f"HOST={host} is not an address of this machine: {error.strerror}.")
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            reason = f"is taken; choose another: make run PORT={port + 1}"
            if isinstance(error, PermissionError):
                reason = "is not allowed to you; choose one above 1023"
            sys.exit(f"Port {port} on {host} {reason}.")


def check_disk(folder: Path, needed: int) -> None:
    """A database on a full disk stops halfway, with errors that do not say so."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed:
        sys.exit(
            f"{free // MEGABYTE} MB are free on the disk of {folder}; at least {needed // MEGABYTE} MB are needed."
        )


def main() -> None:
    """All checks that need nothing installed."""
    check_not_running()
    check_port()
    check_disk(var(), FREE_TO_RUN)
    if not (ROOT / ".venv" / ".purposes" / "build").exists():
        check_disk(ROOT, FREE_TO_INSTALL)


if __name__ == "__main__":
    main()
