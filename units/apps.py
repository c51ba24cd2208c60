from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """Who answers, and where (Art. 7, 8, 9, 15)."""

    name = "units"
    verbose_name = _("units and people")
