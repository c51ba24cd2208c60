from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """The desk of the dispatch centre: everything below, composed."""

    name = "dispatch"
    verbose_name = _("dispatch desk")
