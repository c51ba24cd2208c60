"""Fields that tell one fact are filled together: a walk over every model, so that a new pair cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db.models import CheckConstraint, F, Field, Model, Q

from tests.architecture.apps_in_order import our_models

#: ``x_at`` with ``x_by`` or ``x_by_…``: when and by whom.
WHEN_AND_WHO = re.compile(r"(?P<what>\w+)_at")


def pairs(model: type[Model]) -> Iterator[tuple[str, Field, Field]]:
    """Every optional when-and-who of a model."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    for name, when in fields.items():
        found = WHEN_AND_WHO.fullmatch(name)
        for other, who in fields.items() if found else ():
            if re.fullmatch(rf"{found['what']}_by(_\w+)?", other) and when.null:
                yield f"{model._meta.label}.{found['what']}", when, who


def named(condition: object) -> set[str]:
    """The fields a condition speaks of."""
    if isinstance(condition, Q):
        return {name for child in condition.children for name in named(child)}
    if isinstance(condition, tuple):
        lookup, value = condition
        return {lookup.split("__")[0]} | ({value.name} if isinstance(value, F) else set())
    return set()


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_when_and_who_are_filled_together(model: type[Model]) -> None:
    checks = [named(rule.condition) for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]
    for name, when, who in pairs(model):
        tied = any({when.name, who.name} <= fields for fields in checks)
        assert tied, f"{name}: {when.name} and {who.name}"


def test_the_walk_sees_pairs() -> None:
    found = {name for model in our_models() for name, *_fields in pairs(model)}
    assert found >= {"penalties.Finding.decided", "penalties.AssessmentMonth.closed"}


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_a_period_ends_after_it_began(model: type[Model]) -> None:
    names = {field.name for field in model._meta.concrete_fields}
    checks = [named(rule.condition) for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]
    for begin, end in (("valid_from", "valid_to"), ("at", "until")):
        if {begin, end} <= names:
            assert any({begin, end} <= fields for fields in checks), f"{model._meta.label}.{end}"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_constraint_and_index_is_named_for_what_it_holds(model: type[Model]) -> None:
    for rule in [*model._meta.constraints, *model._meta.indexes]:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", rule.name), rule.name
        assert not re.search(r"_[0-9a-f]{6,8}_(idx|uniq)$", rule.name), f"{rule.name} was named by a machine"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_money_is_decimal_with_two_places_and_no_field_is_a_binary_fraction(model: type[Model]) -> None:
    for field in model._meta.concrete_fields:
        assert field.get_internal_type() != "FloatField", field
        if re.search(r"amount|proposed|^low$|^high$|_low$|_high$", field.name):
            assert (field.get_internal_type(), field.decimal_places) == ("DecimalField", 2), field
