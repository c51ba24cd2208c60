"""What every API view shares: who calls, how bodies are read, and that a write happens once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from core import clock, idempotency
from tickets.api.parsing import StorableJSONParser
from units.actors import ROLES, Actor

#: What a write is answered with: status, and a body of JSON values.
Reply = tuple[int, Any]


class Door(APIView):
    """A view of the API. ``policy`` says who may come in, for the permission matrix: here, whoever signs in."""

    policy: frozenset[str] | None = ROLES
    parser_classes = [StorableJSONParser]

    @property
    def actor(self) -> Actor:
        """Who calls: a platform by its token, or a person by the session."""
        caller: Any = self.request.user
        actor: Actor = caller.actor
        return actor

    def once(self, effect: Callable[[], Reply]) -> HttpResponse:
        """Answer a write, once a key. Input is read within ``effect``, so a key used twice is told before bad input."""
        request = self.request
        actor = self.actor
        key = idempotency.checked_key(request.headers.get("Idempotency-Key"))

        def rendered() -> tuple[int, bytes]:
            status, data = effect()
            return status, JSONRenderer().render(data)

        answer = idempotency.once(
            rendered,
            scope=f"client:{actor.client}" if actor.client else f"user:{actor.user_id}",
            key=key,
            request_hash=idempotency.fingerprint(request.method, request.path.rstrip("/"), request.data),
            at=clock.now(),
        )
        response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
        if answer.replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    def page(self, results: list[Any], cursor: str | None) -> dict[str, Any]:
        """A page of a list: its rows, and where the next one begins, as a cursor and as an address."""
        following = None
        if cursor is not None:
            query = self.request.query_params.copy()
            query["cursor"] = cursor
            following = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")
        return {"results": results, "next_cursor": cursor, "next": following}


class Nowhere(Door):
    """Any other address below the API: a problem document as well, and not the site's page."""

    schema = None
    policy = None
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
