"""Where things lie: the checkout, its data folder, and short folders for unix sockets."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The kernel keeps a socket's path in 108 bytes with its closing zero; the longest file name put behind the folder
# is PostgreSQL's ".s.PGSQL.5432.lock", and a URL carries the path too, so only plain characters may stand in it.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def var() -> Path:
    """The folder of everything this checkout makes while running; APP_VAR moves it."""
    return Path(os.environ.get("APP_VAR") or ROOT / "var").resolve()


def socket_folder(wanted: Path) -> Path:
    """`wanted` where its path fits a socket, else a private short folder that stands for it."""
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(wanted)):
        folder = wanted
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    temp = Path(tempfile.gettempdir())
    base = temp if len(os.fsencode(temp)) < 60 and PLAIN.fullmatch(str(temp)) else Path("/tmp")
    folder = base / f"dispatch-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    # The name can be foretold, so someone else may have put a folder or a link there first.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise OSError(f"{folder} belongs to someone else")
    return folder
