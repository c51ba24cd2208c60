"""The player against the oracle: random scenarios, each drawn from its seed."""

from __future__ import annotations

import json

import pytest

from dispatch.play.player import play
from dispatch.play.scenario import parse
from tests.oracle.compare import differences
from tests.oracle.draw import draw
from tests.oracle.said import consult

SCENARIOS = 240
PARTS = 6


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_play_says_what_the_oracle_says(part: int) -> None:
    for seed in range(part, SCENARIOS, PARTS):
        steps = draw(seed, brief=True)
        found = differences(consult(steps), play(parse({"name": str(seed), "steps": steps})))
        assert not found, f"seed {seed}: {found}\n{json.dumps(steps, ensure_ascii=False)}"
