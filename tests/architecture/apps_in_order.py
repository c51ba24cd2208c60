"""The apps, lowest first; each may know those before it."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

ORDER = ["core", "units", "tickets", "notices", "penalties", "dispatch", "config"]


def our_models() -> list[type[Model]]:
    """Every model of the product."""
    return [model for model in apps.get_models() if model._meta.app_label in ORDER]
