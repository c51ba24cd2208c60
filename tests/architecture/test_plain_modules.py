"""The regulation is plain Python: its modules load without Django, and read no clock of their own."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAIN = [
    "core.clock",
    "core.masking",
    "units.actors",
    "tickets.clocks",
    "tickets.facts",
    "tickets.limits",
    "tickets.moves",
    "tickets.routing",
    "penalties.amounts",
    "penalties.facts",
    "penalties.ledger",
    *(
        f"penalties.clauses.{path.stem}"
        for path in sorted(ROOT.joinpath("penalties/clauses").glob("*.py"))
        if path.stem != "__init__"
    ),
    "penalties.clauses",
]
FRAMEWORKS = ("django", "rest_framework", "celery", "psycopg2", "redis")
#: The only plain module that may ask for the time; whoever needs it is given ``at`` or ``now``.
MAY_ASK_THE_TIME = {"core.clock"}


def test_plain_modules_load_no_framework() -> None:
    program = (
        "import importlib, sys\n"
        f"for name in {PLAIN!r}:\n"
        "    importlib.import_module(name)\n"
        f"    loaded = sorted(set({FRAMEWORKS!r}) & set(sys.modules))\n"
        "    assert not loaded, f'{name} loads {loaded}'\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", PLAIN)
def test_plain_modules_read_no_clock_and_no_file(module: str) -> None:
    asked = set()
    for node in ast.walk(ast.parse(source(module).read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today", "time", "monotonic"}:
            asked.add(node.attr)
        if isinstance(node, ast.Name) and node.id in {"open", "print", "input"}:
            asked.add(node.id)
    assert asked <= ({"now"} if module in MAY_ASK_THE_TIME else set())


@pytest.mark.parametrize("module", [name for name in PLAIN if name.startswith(("tickets.clocks", "penalties.cl"))])
def test_the_regulation_holds_no_figure_of_its_own(module: str) -> None:
    """Lengths, amounts and shares are effective-dated rows; in code stand zero and one at most."""
    figures = {
        node.value
        for node in ast.walk(ast.parse(source(module).read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    }
    assert figures <= {0, 1}, figures


def source(module: str) -> Path:
    """The file of a module."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
