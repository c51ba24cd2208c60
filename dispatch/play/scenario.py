"""Reading scenarios: JSON into steps, with one clear word on what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.clock import parse_instant
from dispatch.play.verbs import VERBS


class Malformed(ValueError):
    """Not a scenario."""


@dataclass(frozen=True)
class PlayStep:
    """One step: when, which verb, and the rest as it came."""

    index: int
    at: datetime
    verb: str
    keys: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A named list of steps in time order."""

    name: str
    steps: tuple[PlayStep, ...]


def parse(document: object) -> Scenario:
    """Read one scenario. Raises Malformed."""
    if not isinstance(document, dict):
        raise Malformed("a scenario is an object with name and steps")
    rows = document.get("steps")
    if not isinstance(rows, list):
        raise Malformed("steps is not a list")
    name = document.get("name", "")
    if not isinstance(name, str):
        raise Malformed("name is not text")
    steps: list[PlayStep] = []
    for index, row in enumerate(rows):
        step = _step(index, row)
        if steps and step.at < steps[-1].at:
            raise Malformed(f"step {index} lies before the one before it")
        steps.append(step)
    return Scenario(name, tuple(steps))


def _step(index: int, row: object) -> PlayStep:
    if not isinstance(row, dict):
        raise Malformed(f"step {index} is not an object")
    verb = row.get("do")
    if not isinstance(verb, str) or verb not in VERBS:
        raise Malformed(f"step {index}: unknown verb {verb!r}")
    try:
        at = parse_instant(row.get("at"))
    except (ValueError, OverflowError) as error:
        raise Malformed(f"step {index}: {error}") from error
    return PlayStep(index, at, verb, {key: value for key, value in row.items() if key not in {"at", "do"}})


def read_file(text: str) -> Iterator[object]:
    """The documents of a file: one object, a list of them, or JSON lines. Raises Malformed for what is no JSON."""
    try:
        whole = json.loads(text)
    except ValueError:
        yield from read_lines(text.splitlines())
        return
    yield from whole if isinstance(whole, list) else [whole]


def read_lines(lines: Iterable[str]) -> Iterator[object]:
    """One document a line; a line that is no JSON comes as a Malformed in its place."""
    for line in lines:
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as error:
            yield Malformed(f"not JSON: {error}")
