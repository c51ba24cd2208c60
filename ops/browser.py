"""Whether tests can drive a browser here: `python -m ops.browser` says so, or why not.

`python -m ops.browser purpose` names the packages worth installing for it: nothing where there is no Chromium.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys


def chromium() -> str | None:
    """The system's Chromium; CHROMIUM names another."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def why_not() -> str | None:
    """Why browser tests cannot run; None if they can."""
    if chromium() is None:
        return "no Chromium found (on Debian: apt-get install chromium fonts-noto-cjk)"
    if importlib.util.find_spec("pytest_playwright") is None:
        return "the browser test packages are not installed (`make test` installs them)"
    return None


def main() -> None:
    """Say it."""
    if sys.argv[1:] == ["purpose"]:
        print("browser" if chromium() else "")
    elif reason := why_not():
        print(f"browser tests: skipped, {reason}")
    else:
        print(f"browser tests: run with {chromium()}")


if __name__ == "__main__":
    main()
