"""Playing one scenario: sweep, act, sweep, in a transaction that is rolled back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.refusals import Refused
from dispatch.play import outcome
from dispatch.play.scenario import Scenario
from dispatch.play.verbs import VERBS, Stage, Turn
from tickets.actions import overdue


def play(scenario: Scenario) -> dict[str, Any]:
    """Play a scenario on the database at hand and leave no trace; returns the contract's output."""
    with transaction.atomic():
        stage, refused = Stage(), []
        for step in scenario.steps:
            overdue.flag_all_due(now=step.at)
            try:
                with transaction.atomic():
                    VERBS[step.verb](Turn(stage, step.verb, step.at, step.keys))
            except Refused as refusal:
                refused.append({"step": step.index, "error": refusal.code})
            overdue.flag_all_due(now=step.at)
        result = {"name": scenario.name, **outcome.of(stage), "refused": refused}
        transaction.set_rollback(True)
    return result
