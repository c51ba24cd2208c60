"""What the API says of itself: sign-in, the key of writes, and the problems each call can answer with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from core.problems import CONTENT_TYPE
from tickets.api.answers import ProblemSerializer

MEANINGS = {
    400: _("The request is not valid; errors names the fields."),
    401: _("Not signed in, or the token is not valid."),
    403: _("The role or unit may not do this."),
    404: _("There is no such ticket, or none that the caller may see."),
    405: _("The method is not offered here."),
    406: _("No representation the caller accepts."),
    409: _("Not possible in the present state, or the first call with this key is under way."),
    413: _("The body is too large."),
    415: _("The body is not JSON."),
    422: _("The key or the number was used with other content, or a reason is missing."),
    500: _("An error on our side; nothing was changed."),
    503: _("The database cannot be reached; nothing was changed."),
}

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description=_("A new value for each new effect; the same value when a call is sent again."),
)
NUMBER = OpenApiParameter("number", {"type": "string"}, OpenApiParameter.PATH, description=_("The ticket's number."))


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The problem answers of an operation: those named, and those any call can meet."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=MEANINGS[status])
        for status in sorted({*statuses, 401, 406, 500, 503})
    }


def writes(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The problem answers of a write."""
    return problems(*statuses, 400, 403, 409, 413, 415, 422)


class ClientTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes a platform's sign-in."""

    target_class = "tickets.api.authentication.ClientTokenAuthentication"
    name = "clientToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": str(_("The token of an integration client."))}
