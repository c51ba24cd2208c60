"""The data folder of a server: nobody else in it, and no leftovers that lie about it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path


class InUse(Exception):
    """A process of an earlier run still works in the data folder."""


SERVERS = {"postgres", "valkey-server"}


def processes_in(folder: Path) -> list[int]:
    """Server processes that were given the folder, or work in it.

    Lock files name process numbers, and those lie: a zombie still counts as running where process 1 reaps nothing,
    and after a reboot the number may be somebody else's. A zombie has neither folder nor command line.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "comm").read_text().strip() in SERVERS and (
                    str(folder) in (entry / "cmdline").read_text().split("\0")
                    or os.readlink(entry / "cwd") == str(folder)
                ):
                    found.append(int(entry.name))
            except OSError:  # gone, a zombie, or not ours to see
                continue
    return found


def wait_until_unused(folder: Path, patience: float = 30) -> None:
    """Servers of a keeper that was killed are on their way out: let them finish."""
    end = time.monotonic() + patience
    while left := processes_in(folder):
        if time.monotonic() > end:
            raise InUse(f"process {left[0]} of an earlier run still works in {folder}")
        time.sleep(0.1)


def open_log(path: Path, limit: int = 10_000_000):
    """A log to append to, started anew when it has grown past the limit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > limit:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


def tail(path: Path, lines: int = 5) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def full_disk(folder: Path) -> str:
    """Words to add to a failure that a full disk explains; nothing where there is room."""
    try:
        return "; the disk is full" if shutil.disk_usage(folder).free < 2_000_000 else ""
    except OSError:
        return ""
