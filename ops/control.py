"""Commands beside a running product: `python -m ops.control hold|release PART`, and `reset`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from ops import checks
from ops.parts import NAMES, hold_file
from ops.places import var
from ops.sharing import Sharing

DATA = ("postgres", "postgres.new", "valkey", "media", "secret", "hold", "log")


def hold(part: str) -> str:
    """Keep a part down until it is released."""
    path = hold_file(var(), part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return f"{part} is held down; `make release PART={part}` lets it go"


def release(part: str) -> str:
    """Let a held part start again."""
    hold_file(var(), part).unlink(missing_ok=True)
    return f"{part} is let go"


def reset(folder: Path) -> str:
    """Delete the data of this checkout: rows, queues, files, secrets. What was only installed stays."""
    checks.check_not_running()
    sharing = Sharing(folder)
    if not sharing.start.acquire_within(2) or not sharing.users.acquire_within(2):
        sys.exit("The servers of this checkout are in use by another command; nothing was deleted.")
    for name in DATA:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("steps.json", "accounts.txt", "celerybeat-schedule"):
        (folder / "run" / name).unlink(missing_ok=True)
    return f"the data in {folder} is deleted; `make run` starts anew"


def main() -> None:
    """One command."""
    match sys.argv[1:]:
        case ["hold", part] if part in NAMES:
            print(hold(part))
        case ["release", part] if part in NAMES:
            print(release(part))
        case ["reset"]:
            print(reset(var()))
        case _:
            sys.exit(f"usage: make hold PART=…, make release PART=… ({', '.join(NAMES)}), make reset")


if __name__ == "__main__":
    main()
