"""Records point down: a row of a lower app never needs one of a higher app to exist."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import DO_NOTHING, Model

from tests.architecture.apps_in_order import ORDER, our_models


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_relation_points_to_the_same_or_a_lower_app(model: type[Model]) -> None:
    place = ORDER.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete:
            target = field.related_model._meta.app_label
            assert target in ORDER, f"{field} points out of the product"
            assert ORDER.index(target) <= place, f"{field} points up to {target}"


def test_every_app_of_the_product_has_its_place() -> None:
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    assert ours <= set(ORDER)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_no_row_of_another_app_takes_this_one_with_it(model: type[Model]) -> None:
    """Within an app a part may go with its whole; across apps a deletion is refused, never passed on."""
    for field in model._meta.get_fields():
        if not (field.is_relation and field.concrete and field.remote_field):
            continue
        on_delete = getattr(field.remote_field, "on_delete", DO_NOTHING)
        if field.related_model._meta.app_label != model._meta.app_label:
            assert on_delete.__name__ == "PROTECT", f"{field}: {on_delete.__name__}"
