"""Posts that may arrive twice: a phone with a bad signal sends again what it got no answer to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import JsonResponse
from django.utils.translation import gettext as _

from core.idempotency import LONGEST_KEY, fingerprint, once
from core.problems import Problem
from core.refusals import Refused
from dispatch.views.doors import AuthenticatedRequest

#: What a form says of itself, not of the matter.
APART = frozenset({"csrfmiddlewaretoken", "next", "once"})


def sent_by_script(request: AuthenticatedRequest) -> str:
    """How the page sent it: ``stay`` and ``go`` by its script, empty as a form."""
    return request.headers.get("X-Send", "")


def do_once(request: AuthenticatedRequest, effect: Callable[[], str], *, at: datetime) -> str:
    """Run ``effect``, which returns a short text, once a key: the page's header or its field ``once``.

    The same post again returns the same text and does nothing. Raises what ``effect`` raises, and Refused where a key
    comes back with something else in the form, or while its first post is still under way.
    """
    key = request.headers.get("Idempotency-Key") or request.POST.get("once", "")
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        return effect()
    said = [request.path, sorted((name, values) for name, values in request.POST.lists() if name not in APART)]
    try:
        answer = once(
            lambda: (200, effect().encode()),
            scope=f"user:{request.actor.user_id}",
            key=key,
            request_hash=fingerprint(said),
            at=at,
        )
    except Problem as problem:
        raise Refused("illegal_move", _("This form was sent already. Reload the page to see what became of it.")) from (
            problem
        )
    return answer.body.decode()


def told(message: str, *, status: int = 200, fields: dict[str, list[str]] | None = None, to: str = "") -> JsonResponse:
    """The answer to a page's script: what to say, beside which fields, and where to go."""
    return JsonResponse({"message": message, "fields": fields or {}, "next": to}, status=status)
