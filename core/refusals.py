"""Refusals: an action that may not happen says why by code, and has changed nothing."""

from __future__ import annotations

from django.utils.functional import Promise

#: Codes of the contract and the HTTP status each answers with.
STATUS_BY_CODE = {
    "illegal_move": 409,
    "wrong_unit": 403,
    "wrong_role": 403,
    "no_suggestion": 422,
    "reason_required": 422,
    "too_late": 409,
    "bad_until": 422,
    "out_of_range": 422,
    "month_closed": 409,
    "undecided": 409,
    "month_running": 409,
    "unknown_ref": 404,
    "invalid": 400,
}


class Refused(Exception):
    """An action was refused.

    ``code`` is one of the contract's codes; ``message`` is a translatable sentence for the reader.
    """

    def __init__(self, code: str, message: str | Promise, *, fields: dict[str, str | Promise] | None = None) -> None:
        super().__init__(code)
        assert code in STATUS_BY_CODE, code
        self.code = code
        self.message = message
        self.fields = fields or {}

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return STATUS_BY_CODE[self.code]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
