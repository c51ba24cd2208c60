"""Errors of the API as problem documents (RFC 9457), one shape for everything that can go wrong.

``code`` is stable and for programs, ``detail`` a sentence in the reader's language, ``errors`` names the fields.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from core.refusals import Refused

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:water-dispatch:"
logger = logging.getLogger(__name__)

Text = str | Promise
#: A field's name, the code of what is wrong with it, and the sentence.
FieldError = tuple[str, str, Text]

#: What each code means, whatever the case; ``detail`` says what it is about this time.
TITLES: dict[str, Text] = {
    "illegal_move": _("Not possible in the present state"),
    "wrong_unit": _("Another unit's matter"),
    "wrong_role": _("Not within this role"),
    "no_suggestion": _("No unit follows from the facts"),
    "reason_required": _("A reason is needed"),
    "too_late": _("Too late"),
    "bad_until": _("Not an allowed end"),
    "out_of_range": _("Outside the range"),
    "month_closed": _("The month is closed"),
    "undecided": _("Something is undecided"),
    "month_running": _("The month is running"),
    "unknown_ref": _("Not found"),
    "invalid": _("Invalid input"),
    "parse_error": _("Unreadable body"),
    "too_large": _("Body too large"),
    "not_authenticated": _("Not signed in"),
    "authentication_failed": _("Sign-in failed"),
    "permission_denied": _("Not allowed"),
    "method_not_allowed": _("Method not allowed"),
    "not_acceptable": _("No such representation"),
    "unsupported_media_type": _("Unsupported media type"),
    "throttled": _("Too many requests"),
    "key_required": _("Idempotency-Key is missing or malformed"),
    "key_reused": _("Idempotency-Key was used for something else"),
    "key_in_flight": _("The first call with this key is still under way"),
    "unavailable": _("For the moment not available"),
    "error": _("Internal error"),
}


class Problem(Exception):
    """A call the door itself turns down, before an action was asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Text,
        *,
        errors: list[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        assert code in TITLES, code
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = errors or [], headers or {}

    def response(self) -> HttpResponse:
        """The document. Not a DRF response: errors are JSON also where a view renders YAML or HTML."""
        document: dict[str, Any] = {
            "type": TYPE_PREFIX + self.code,
            "title": str(TITLES[self.code]),
            "status": self.status,
            "detail": str(self.detail),
            "code": self.code,
        }
        if self.errors:
            document["errors"] = [
                {"field": field, "code": code, "detail": str(detail)} for field, code, detail in self.errors
            ]
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return HttpResponse(body, status=self.status, content_type=CONTENT_TYPE, headers=dict(self.headers))


def problem_response(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's exception handler: every exception of an API view becomes a problem document.

    What nobody expected is logged in full and answered without detail.
    """
    problem = as_problem(exc)
    set_rollback()
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("unexpected error in %s", type(context.get("view")).__name__, exc_info=exc)
    elif problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        logger.warning("database not available: %s", type(exc).__name__)
    return problem.response()


def as_problem(exc: Exception) -> Problem:
    """The problem an exception stands for."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, Refused):
        fields = [(field, exc.code, detail) for field, detail in exc.fields.items()]
        return Problem(exc.status, exc.code, exc.message, errors=fields)
    if isinstance(exc, exceptions.ValidationError):
        return Problem(400, "invalid", _("Some fields are not valid."), errors=list(flat(exc.detail)))
    if isinstance(exc, Http404 | exceptions.NotFound):
        return Problem(404, "unknown_ref", _("There is nothing here."))
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    if isinstance(exc, PermissionDenied):
        return Problem(403, "permission_denied", _("You may not do this."))
    if isinstance(exc, RequestDataTooBig):
        return Problem(413, "too_large", _("The body is too large."))
    if isinstance(exc, SuspiciousOperation | BadRequest):
        return Problem(400, "parse_error", _("The request cannot be read."))
    if isinstance(exc, OperationalError | InterfaceError):
        return Problem(
            503, "unavailable", _("Nothing was changed. Try again in a moment."), headers={"Retry-After": "5"}
        )
    return Problem(500, "error", _("Something went wrong on our side; nothing was changed."))


def _of_framework(exc: exceptions.APIException) -> Problem:
    headers: dict[str, str] = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    code = exc.default_code if exc.default_code in TITLES else "error"
    return Problem(exc.status_code, code, str(exc.detail), headers=headers)


def flat(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Nested validation errors as a flat list, fields joined by dots: ``reporter.phone``, ``attachments.0``."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from flat(inner, here)
    elif isinstance(detail, list | tuple):
        for inner in detail:
            yield from flat(inner, path)
    else:
        yield path, getattr(detail, "code", "invalid"), str(detail)
