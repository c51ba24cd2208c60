"""Opaque cursors: where a reader left off, as a row's own values, so that a page costs the same at any depth."""

from __future__ import annotations

import base64
import binascii
import json
import re
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


def read_place(text: str, *, name: str) -> tuple[datetime, int]:
    """The instant and row a page of tickets ended with. Raises Problem 400, naming the parameter."""
    values = _read(text, 2, name)
    try:
        instant = datetime.fromisoformat(values[0])
    except (TypeError, ValueError):
        raise _malformed(name) from None
    if instant.utcoffset() is None:
        raise _malformed(name)
    return instant, _row(values[1], name)


def read_row(text: str, *, name: str) -> int:
    """The row a feed was read up to. Raises Problem 400, naming the parameter."""
    return _row(_read(text, 1, name)[0], name)


def page_size(query: Mapping[str, str]) -> int:
    """How many rows a caller wants at once. Raises Problem 400."""
    text = query.get("page_size", str(PAGE))
    if not re.fullmatch("[1-9][0-9]{0,2}", text) or int(text) > LARGEST_PAGE:
        raise Problem(
            400,
            "invalid",
            _("Some parameters are not valid."),
            errors=[("page_size", "invalid", _("A number from 1 to 200."))],
        )
    return int(text)


def _read(text: str, length: int, name: str) -> list[Any]:
    try:
        padded = text + "=" * (-len(text) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _malformed(name) from None
    if not isinstance(values, list) or len(values) != length:
        raise _malformed(name)
    return values


def _row(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
        raise _malformed(name)
    return value


def _malformed(name: str) -> Problem:
    return Problem(400, "invalid", _("The cursor is not one of ours."), errors=[(name, "invalid", _("unknown"))])
