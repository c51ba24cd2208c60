"""The admin as a whole: its name, its log, and one door to sign in."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.admin import ReadOnly

#: Texts of the admin that its own Chinese catalogue lacks.
BORROWED = [
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
]

admin.site.site_title = admin.site.site_header = _("System administration")
admin.site.index_title = _("Rules, people and records")
admin.site.enable_nav_sidebar = True
# Rights go by role; there are no groups.
admin.site.unregister(Group)


@admin.register(LogEntry)
class Log(ReadOnly):
    """Who changed what in the admin."""

    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag", "change_message"]
    list_select_related = ["user", "content_type"]
    ordering = ["-id"]
    fields = ["action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "change_message"]
