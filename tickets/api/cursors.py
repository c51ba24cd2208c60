"""Opaque cursors: where a reader left off, as a row's own values, so that a page costs the same at any depth."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem

PAGE = 50
LARGEST_PAGE = 200
#: A row number in PostgreSQL.
LARGEST_ID = 2**63 - 1


def write(*values: str | int) -> str:
    """A cursor that holds these values."""
    text = json.dumps(values, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(text: str) -> tuple[datetime, int]:
    """The instant and row a page of tickets ended with. Raises Problem 400."""
    values = _read(text, 2)
    try:
        instant = datetime.fromisoformat(values[0])
    except (TypeError, ValueError):
        raise _malformed() from None
    if instant.utcoffset() is None:
        raise _malformed()
    return instant, _row(values[1])


def read_row(text: str) -> int:
    """The row a feed was read up to. Raises Problem 400."""
    return _row(_read(text, 1)[0])


def page_size(query: Mapping[str, str]) -> int:
    """How many rows a caller wants at once. Raises Problem 400."""
    text = query.get("page_size", str(PAGE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST_PAGE):
        raise Problem(
            400,
            "invalid",
            _("Some parameters are not valid."),
            errors=[("page_size", "invalid", _("A number from 1 to 200."))],
        )
    return int(text)


def _read(text: str, length: int) -> list[Any]:
    try:
        padded = text + "=" * (-len(text) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _malformed() from None
    if not isinstance(values, list) or len(values) != length:
        raise _malformed()
    return values


def _row(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
        raise _malformed()
    return value


def _malformed() -> Problem:
    return Problem(400, "invalid", _("The cursor is not one of ours."), errors=[("cursor", "invalid", _("unknown"))])
