"""What must be done before the product can serve, each step only when its inputs changed since it was last done."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ops import children, datafolder, vendor
from ops.places import ROOT

APPS = ("config", "core", "units", "tickets", "notices", "penalties", "dispatch")
LIVE_SIGN = 10.0


class StepFailed(Exception):
    """A step went wrong; the text says which, and what it said."""


@dataclass(frozen=True)
class Step:
    """A command to run, and the fingerprint of what it depends on; with none it runs every time."""

    doing: str
    command: list[str]
    depends_on: str | None = None
    chatty: bool = False  # its lines are worth showing


def manage(*arguments: str) -> list[str]:
    """A Django command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def digest(paths: Iterable[Path], *extra: str) -> str:
    """A fingerprint of files, by name and content, and of further words."""
    total = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def sources() -> list[Path]:
    """Everything of the apps that migrations and reference data come from; coarse, so nothing is missed."""
    return [path for app in APPS for path in (ROOT / app).rglob("*") if path.suffix != ".pyc"]


def database_mark(var: Path) -> str:
    """Tells our own database from another made later in its place."""
    version = var / "postgres" / "PG_VERSION"
    return f"{version.stat().st_mtime_ns} {version.stat().st_ino}"


def plan(var: Path, *, own_database: bool) -> list[Step]:
    """The steps in order. What was done to a database that is not ours is not remembered, for others may undo it."""
    python = sys.executable
    locks = [ROOT / "requirements" / "run.txt"]
    mark = database_mark(var) if own_database else None
    rows = mark and digest([*sources(), *locks], mark)
    translations = [*(ROOT / "locale").rglob("*.po"), *ROOT.glob("locale/*/*/*.mo")]
    static = [*(ROOT / "static").rglob("*"), *locks]
    manifest = Path(os.environ["STATIC_ROOT"]) / "staticfiles.json"
    steps = [
        Step("fetching the front-end files", [python, "-m", "ops.vendor"], vendor.fingerprint()),
        Step("bringing the database up to date", manage("migrate", "-v", "0"), rows),
        Step("loading the reference data", manage("load_reference"), rows),
        Step("compiling the translations", [python, "-m", "ops.catalogue", "compile"], digest(translations)),
        Step(
            "collecting the static files",
            manage("collectstatic", "--noinput", "-v", "0"),
            digest(static, vendor.fingerprint(), str(manifest), str(manifest.exists())),
        ),
    ]
    if os.environ.get("DEMO", "1") != "0":
        steps.append(Step("making the demo city", manage("seed_demo", "--if-empty", "--week"), mark, chatty=True))
    return steps


class Runner:
    """Runs steps one after the other and remembers what was done."""

    def __init__(self, var: Path, say: Callable[[str], None]) -> None:
        self.say = say
        self.log = var / "log" / "setup.log"
        self.memory = var / "run" / "steps.json"

    def done(self) -> dict[str, str]:
        """The fingerprint of each step when it was last done."""
        try:
            return json.loads(self.memory.read_text())
        except (OSError, ValueError):
            return {}

    def run(self, plan_now: Callable[[], list[Step]]) -> bool:
        """Do what is due, and say whether anything was.

        The plan is drawn anew before each step, for one step's result may be another's input.
        """
        busy = False
        for number in range(len(plan_now())):
            step = plan_now()[number]
            if step.depends_on is not None and self.done().get(step.doing) == step.depends_on:
                continue
            self.carry_out(step)
            busy = True
            after = plan_now()[number].depends_on
            if after is not None:
                self.memory.write_text(json.dumps(self.done() | {step.doing: after}, indent=1))
        return busy

    def carry_out(self, step: Step) -> None:
        """Run one command to its end, with a sign of life now and then."""
        begun = last_sign = time.monotonic()
        self.say(f"{step.doing} …")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            process = children.start(step.command, output=log, cwd=ROOT)
        shown = 0
        try:
            while process.poll() is None:
                time.sleep(0.05)
                shown = self.show(shown) if step.chatty else shown
                if time.monotonic() - last_sign > LIVE_SIGN:
                    last_sign = time.monotonic()
                    self.say(f"    still {step.doing} ({last_sign - begun:.0f} s)")
        except BaseException:  # Ctrl-C: the step is cut short; its transaction, if any, is undone
            children.stop(process, patience=5)
            raise
        finally:
            children.kill_session(process)
        if step.chatty:
            self.show(shown)
        if process.returncode:
            self.explain(step, process)

    def show(self, position: int) -> int:
        """Pass on the lines that have been finished since."""
        with self.log.open("rb") as log:
            log.seek(position)
            fresh = log.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        for line in whole.decode(errors="replace").splitlines():
            self.say(f"    {line}")
        return position + len(whole)

    def explain(self, step: Step, process: subprocess.Popen[bytes]) -> None:
        """Why the step failed."""
        how = children.ending(process) + datafolder.full_disk(self.log.parent)
        last = "" if step.chatty else "\n" + datafolder.tail(self.log, 8)
        raise StepFailed(f"{step.doing} failed ({how}); all of it is in {self.log}{last.rstrip()}")
