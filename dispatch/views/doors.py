"""Who may come in. What he may then do is for the actions to say."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

from penalties.queries import READERS
from units.actors import CENTRE_ROLES, FIELD_ROLES, Actor, Role

DESK = CENTRE_ROLES | {Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR}
REGISTRARS = CENTRE_ROLES | FIELD_ROLES
REVIEWERS = frozenset({Role.ASSESSOR, Role.APPROVER})
MONTHS = READERS
BOARD = DESK | MONTHS | {Role.UNIT_HEAD}
EVERYBODY = DESK | FIELD_ROLES | MONTHS

View = Callable[..., HttpResponseBase]


class AuthenticatedRequest(HttpRequest):
    """A request behind ``for_roles``: for the type checker alone."""

    actor: Actor
    htmx: Any


def for_roles(roles: frozenset[str]) -> Callable[[View], View]:
    """Let these roles in; send strangers to the sign-in page, and others away."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.htmx:  # the whole page must go there, not the part that was asked for
                    return HttpResponseClientRedirect(resolve_url("sign-in"))
                return redirect_to_login(request.get_full_path())
            if request.user.role not in roles:
                raise PermissionDenied
            request.actor = request.user.actor
            return view(request, *args, **kwargs)

        guarded.policy = roles  # type: ignore[attr-defined]  # read by the permission matrix
        return guarded

    return decorate


def for_anybody(view: View) -> View:
    """A page that needs no sign-in. Said aloud, because a route that says nothing fails the permission matrix."""
    view.policy = None  # type: ignore[attr-defined]
    return view
