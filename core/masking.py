"""Showing personal data only as far as the reader's work needs it. Pure functions: text in, masked text out.

Where a form is not understood, less is shown, not more.
"""

from __future__ import annotations

import re

#: What stands for the part that is not shown.
HIDDEN = "***"

_ADMINISTRATIVE = re.compile(r"^(?:[^\d\s,，]{1,8}?(?:省|市|自治区|区|县|镇|乡|街道))+")
# A road's name ends in one of these; "路南区" and "街道" are districts, a 管道 or 人行道 is no road.
_ROAD = re.compile(
    r"^.{1,12}?(?:大道|大街|胡同|国道|省道|县道|路|街|巷|弄|(?<=..)(?<![街行管渠轨车])道)(?![东西南北中里外]?[区县镇乡村]|道)"
)
_HOUSE = re.compile(r"[\d０-９]\s*(?:号|楼|栋|幢|单元|室|户|层)")
_COMPOUND = re.compile(r"^[^\d０-９]{1,12}?(?:小区|花园|家园|花苑|新村|社区|公寓|家属院|山庄|广场|苑|里|村)")
_ROAD_IN_ENGLISH = re.compile(r"\b[A-Z][A-Za-z' ]*\b(?:Road|Street|Avenue|Lane|Rd|St|Ave)\b\.?")
_MOBILE_IN_TEXT = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")


def mask_name(name: str) -> str:
    """The first character of a name, the rest as one star: 张*."""
    name = name.strip()
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """A mobile number as 138****5678; of any other number the last two digits at most."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return HIDDEN if phone.strip() else ""
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 7 else "****"


def mask_address(address: str) -> str:
    """An address up to its road, or to its compound where it names no road; house, building and flat are not shown."""
    address = address.strip()
    if not address:
        return ""
    english = _ROAD_IN_ENGLISH.search(address)
    if english:
        return f"{HIDDEN} {english[0]}"
    district = _ADMINISTRATIVE.match(address)
    start = district.end() if district else 0
    rest = address[start:]
    place = _ROAD.match(rest) or _COMPOUND.match(rest)
    if place and _HOUSE.search(place[0]):  # "3号楼对面中山路" tells the house before the road
        place = None
    shown = address[: start + (place.end() if place else 0)]
    return shown if shown == address else shown + HIDDEN


def mask_text(text: str) -> str:
    """Free text with every mobile number in it masked: callers' numbers are often typed into the content."""
    return _MOBILE_IN_TEXT.sub(r"\1****\2", text)


def may_see_reporter(role: str, *, unit: str | None, holder: str | None, confidential: bool) -> bool:
    """Whether somebody sees who reported, unmasked: the centre, and the unit that holds the ticket now.

    Of a confidential reporter only the duty leader learns. Everybody else, the platform included, sees masks.
    """
    if role == "duty_leader":
        return True
    if confidential:
        return False
    return role == "dispatcher" or _works_on_it(role, unit, holder)


def may_see_address(role: str, *, unit: str | None, holder: str | None) -> bool:
    """Whether somebody sees where it is, to the door: the centre, and the unit that must go there."""
    return role in {"dispatcher", "duty_leader"} or _works_on_it(role, unit, holder)


def _works_on_it(role: str, unit: str | None, holder: str | None) -> bool:
    return role in {"handler", "unit_head"} and unit is not None and unit == holder
