"""Text that came from outside stays text in a spreadsheet, whatever it begins with."""

from __future__ import annotations

import re

#: What a spreadsheet may take for the beginning of a formula, full-width twins included.
TRIGGERS = frozenset("=+-@\t\r\n＝＋－＠")
#: Control characters no sheet can hold; tab and line breaks may stay.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Excel refuses a file with a longer cell.
LONGEST = 32_767


def cleaned(text: str) -> str:
    """Text without what no sheet can hold, line breaks as a sheet writes them, at the length a cell takes."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def looks_like_formula(text: str) -> bool:
    """Whether a reader's spreadsheet might run it if it were typed into a cell."""
    bare = text.lstrip(" \u00a0\u200b\u200c\u200d\u2060\u3000\ufeff")
    return bool(bare) and (text[0] in TRIGGERS or bare[0] in TRIGGERS)
