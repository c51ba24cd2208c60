"""What every API view shares: who calls, how bodies are read, and that a write happens once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from core import clock, idempotency
from tickets.api.parsing import StorableJSONParser
from units.actors import Actor

#: What a write is answered with: status, and a body of JSON values.
Reply = tuple[int, Any]


class Door(APIView):
    """A view of the API."""

    parser_classes = [StorableJSONParser]

    @property
    def actor(self) -> Actor:
        """Who calls: a platform by its token, or a person by the session."""
        actor: Actor = self.request.user.actor
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
