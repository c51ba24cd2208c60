"""What every page has around it: the entries of the sidebar that this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dispatch.views.doors import BOARD, DESK, EVERYBODY, MONTHS, REGISTRARS
from dispatch.wording import Text
from units.actors import FIELD_ROLES, Role


@dataclass(frozen=True)
class Entry:
    """A page of the sidebar, open to some roles."""

    url: str
    label: Text
    icon: str
    roles: frozenset[str]
    also: frozenset[str] = frozenset()


ENTRIES = (
    Entry("desk", _("Dispatch desk"), "layout-dashboard", DESK),
    Entry("my-tickets", _("My tickets"), "list-check", FIELD_ROLES),
    Entry("register", _("Register a report"), "plus", REGISTRARS),
    Entry("board", _("Board"), "chart-bar", BOARD),
    Entry("tickets", _("Find tickets"), "search", EVERYBODY),
    Entry("faults", _("System faults"), "wifi-off", DESK | FIELD_ROLES),
    Entry("rosters", _("Hotline roster"), "users", DESK | FIELD_ROLES, frozenset({"roster", "roster-line"})),
    Entry("months", _("Monthly assessment"), "gavel", MONTHS, frozenset({"month", "finding", "close-month"})),
    Entry("admin:index", _("System administration"), "settings", frozenset({Role.ADMINISTRATOR})),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The entries, and which one is open."""
    user = getattr(request, "user", None)
    role = getattr(user, "role", "")
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "shell_entries": [entry for entry in ENTRIES if role in entry.roles],
        "shell_here": next((entry.url for entry in ENTRIES if here == entry.url or here in entry.also), ""),
    }
