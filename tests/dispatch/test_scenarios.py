"""The scenarios: what the rules say, worked out by hand, is what the system says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dispatch.play.player import play
from dispatch.play.scenario import parse
from tests.matching import differences

FILES = sorted(Path(__file__).parents[1].joinpath("scenarios").glob("*.json"))


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scenario(file: Path) -> None:
    document = json.loads(file.read_text("utf-8"))
    assert document["reading"], "says which reading it holds"
    assert differences(document["expect"], play(parse(document))) == []
