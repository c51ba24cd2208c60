"""Fill `.venv` with exactly what the locks of the asked purposes name: `python3 -m ops.install run build`.

Runs on the system's Python before anything is installed, so it uses the standard library only. Purposes installed
earlier are kept: `make run` after `make test` must not remove the test tools, and the other way round.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from ops import children
from ops.places import ROOT

VENV = ROOT / ".venv"
STAMPS = VENV / ".purposes"
PURPOSES = ("bootstrap", "run", "build", "dev", "browser")


def lock_file(purpose: str) -> Path:
    """The hash-pinned list of one purpose."""
    return ROOT / "requirements" / f"{purpose}.txt"


def fingerprint(purpose: str) -> str:
    """Changes when the lock of the purpose does."""
    return hashlib.sha256(lock_file(purpose).read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    """Purposes in the environment, with the fingerprint each was installed from."""
    return {p: (STAMPS / p).read_text() for p in PURPOSES if (STAMPS / p).exists()}


def index_environment() -> dict[str, str]:
    """What uv must be told, for it reads no pip configuration: the package index and the certificates."""

    def configured(key: str) -> str:
        asked = subprocess.run(
            [VENV / "bin/python", "-m", "pip", "config", "get", f"global.{key}"], capture_output=True, text=True
        )
        return asked.stdout.strip() if asked.returncode == 0 else ""

    env = dict(os.environ)
    index = env.get("PIP_INDEX_URL") or configured("index-url")
    if index:
        env.setdefault("UV_DEFAULT_INDEX", index)
    certificate = env.get("PIP_CERT") or configured("cert")
    if certificate:
        env.setdefault("SSL_CERT_FILE", certificate)
    return env


def ensure_environment() -> None:
    """A virtual environment with uv in it. One that is half made, moved, or lost its Python is made anew."""
    python, place = VENV / "bin/python", VENV / ".place"
    works = python.exists() and subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    if not works or not place.exists() or place.read_text() != str(VENV):
        if VENV.exists():
            shutil.rmtree(VENV)
        made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(
                "A virtual environment cannot be made. On Debian: apt-get install python3-venv\n" + made.stdout.strip()
            )
        place.write_text(str(VENV))
    if installed().get("bootstrap") != fingerprint("bootstrap"):
        pip_install("bootstrap")
        remember("bootstrap")


def run(command: list[str], env: dict[str, str] | None = None) -> bool:
    """Run an installer and say whether it went well. A Ctrl-C reaches it through our own death only, so silently."""
    return children.start(command, death_signal=signal.SIGKILL, output=None, env=env).wait() == 0


def pip_install(*purposes: str) -> None:
    """Slower than uv, and always there."""
    files = [arg for p in purposes for arg in ("-r", str(lock_file(p)))]
    command = [
        str(VENV / "bin/python"),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    if not run([*command, *files]):
        sys.exit("The packages could not be installed: see the lines above.")


def remember(purpose: str) -> None:
    """Note that the purpose is installed as locked."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / purpose).write_text(fingerprint(purpose))


def install(asked: list[str]) -> None:
    """Bring the environment to the locks of the asked purposes and of those already there."""
    moved = not (VENV / ".place").exists() or (VENV / ".place").read_text() != str(VENV)
    if not moved and all(installed().get(p) == fingerprint(p) for p in ["bootstrap", *asked]):
        return
    ensure_environment()
    wanted = [p for p in PURPOSES if p in {"bootstrap", *asked, *installed()}]
    print(f"installing Python packages: {', '.join(wanted[1:])}", flush=True)
    files = [str(lock_file(p)) for p in wanted]
    command = [str(VENV / "bin/uv"), "pip", "sync", "-q", "--python", str(VENV / "bin/python"), "--require-hashes"]
    if not run([*command, *files], env=index_environment()):
        print("uv did not manage; trying pip", flush=True)
        pip_install(*wanted)
    for purpose in wanted:
        remember(purpose)


def main() -> None:
    """Install the purposes named on the command line."""
    asked = sys.argv[1:]
    unknown = [p for p in asked if p not in PURPOSES]
    if unknown or not asked:
        sys.exit(f"usage: install.py {{{','.join(PURPOSES[1:])}}}…")
    if sys.version_info < (3, 11):  # noqa: UP036 - whatever Python runs `make` is asked here
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    # Two `make` commands started together must not build the same environment.
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with (var / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(asked)


if __name__ == "__main__":
    # Ctrl-C ends this and the installer it waits for; what is half made is made anew the next time.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    main()
