"""Write the locks anew from the wishes: `python -m ops.lock [--upgrade]`.

Neither lock names a host, so any mirror serves; what a mirror hands out is checked against the hashes.
"""

from __future__ import annotations

import json
import subprocess
import sys

from ops.install import PURPOSES, VENV, index_environment
from ops.places import ROOT
from ops.vendor import npm

# Later ones take earlier ones as constraints, so one version of everything fits all.
ORDER = ("run", "build", "dev", "browser", "bootstrap")
COMPILE = [
    *(str(VENV / "bin" / "uv"), "pip", "compile", "-q", "--generate-hashes", "--no-annotate"),
    *("--no-emit-index-url", "--no-header", "--python-version", "3.11", "--python-platform", "linux"),
]


def lock_python(*options: str) -> None:
    """Compile each purpose's list."""
    assert set(ORDER) == set(PURPOSES)
    for purpose in ORDER:
        command = [*COMPILE, *options, f"{purpose}.in", "-o", f"{purpose}.txt"]
        subprocess.run(command, cwd=ROOT / "requirements", env=index_environment(), check=True)
        print(f"requirements/{purpose}.txt")


def lock_front_end() -> None:
    """Resolve package.json; addresses where authors ask for money are not ours to hand on."""
    subprocess.run(npm("install", "--package-lock-only", "--ignore-scripts"), cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    print(path.name)


if __name__ == "__main__":
    try:
        lock_python(*sys.argv[1:])
        lock_front_end()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
