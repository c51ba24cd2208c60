from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PenaltiesConfig(AppConfig):
    """What the regulation says about it (Art. 29-40)."""

    name = "penalties"
    verbose_name = _("assessment")
