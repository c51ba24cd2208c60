from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Which stop of water was told to whom (Art. 17-22)."""

    name = "notices"
    verbose_name = _("notices")
