"""Reading a JSON body that can be kept: what PostgreSQL cannot store is refused, wherever in the body it is."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.problems import Problem

LARGEST_BODY = 256 * 1024
DEEPEST = 32


class StorableJSONParser(BaseParser):
    """UTF-8 JSON of bounded size and depth, without NUL, half surrogate pairs, or numbers that are none.

    A platform's unknown fields are kept as they came, so a field's own validation is too late for this.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The body as Python values. Raises ParseError, or Problem 413 for a body that is too large."""
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise Problem(413, "too_large", _("The body is larger than 256 KiB."))
        try:
            value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except ValueError as error:  # bad UTF-8 and bad JSON alike
            raise ParseError(_("The body is not JSON in UTF-8: %(reason)s") % {"reason": error}) from None
        _check(value)
        return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check(value: Any) -> None:
    """Raise ParseError for what cannot be stored. Level by level: recursion would end where the nesting does not."""
    level = [value]
    for _depth in range(DEEPEST):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += item.keys()
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str):
                if "\0" in item or any("\ud800" <= character <= "\udfff" for character in item):
                    raise ParseError(_("The body holds a character that cannot be kept: NUL or half a surrogate pair."))
            elif isinstance(item, float) and not math.isfinite(item):
                raise ParseError(_("The body holds a number that is too large."))
        if not below:
            return
        level = below
    raise ParseError(_("The body is nested too deeply."))
