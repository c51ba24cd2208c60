"""The contract's table of categories, copied by hand: tiers, other clocks, suggested units, public facilities."""

from __future__ import annotations

from typing import Any

from tests.oracle.instants import HOUR, MINUTE

CENTRE = "dispatch-centre"
UNITS = {
    *(f"office-{number}" for number in range(1, 5)),
    *("marketing", "production-safety", "inspection", "water-quality", "pipe-network", "metering", CENTRE),
    *("legal", "discipline", "engineering", "meter-replacement", "meter-verification", "leak-detection"),
    "connection-hall",
}
LENGTH = {"12h": 12, "24h": 24, "36h": 36, "48h": 48, "3d": 72, "5d": 120}
TIER = {
    "major_emergency": "12h",
    **dict.fromkeys(["superior_urgent", "injury_or_loss_risk", "restore_after_arrears"], "24h"),
    "meter_fault": "36h",
    **dict.fromkeys(["theft_report", "water_quality", "manhole_cover", "warranty_fixture_leak"], "48h"),
    **dict.fromkeys(["public_pipe_leak", "public_pipe_burst", "meter_well_damage"], "48h"),
    **dict.fromkeys(["indoor_premeter_leak", "other_company_leak"], "48h"),
    **dict.fromkeys(["no_water", "valve_well_collapse", "abnormal_usage", "billing_dispute"], "3d"),
    **dict.fromkeys(["supply_stop_resume", "freeze_protection", "well_cleaning", "riser_damage"], "3d"),
    **dict.fromkeys(["road_restoration", "after_meter_repair", "usage_nature", "secondary_supply"], "3d"),
    **dict.fromkeys(["staff_misconduct", "general"], "3d"),
    **dict.fromkeys(["construction_quality", "meter_spinning", "compensation", "long_coordination"], "5d"),
}
FOLLOW_THEIR_MATTER = {"major_emergency", "superior_urgent", "injury_or_loss_risk"}
FACILITIES = {
    *("public_pipe_leak", "public_pipe_burst", "meter_well_damage"),
    *("indoor_premeter_leak", "manhole_cover", "valve_well_collapse"),
}
#: The channels of Art. 34.2.
OFFICIAL = {"mayor_hotline", "utilities_bureau", "superior", "media", "network"}
CHANNELS = {*OFFICIAL, "phone", "letter", "visit", "internal"}
#: Which office answers for an address; the addresses are those of the scenarios worked out by hand.
ADDRESSES = {
    "东湖路18号东湖花园3栋2单元": "office-1",
    "团结街7号安居苑5栋": "office-2",
    "文昌街22号桂花园1栋": "office-3",
    "胜利街9号润泽园2栋": "office-4",
}
FIXED = {
    **dict.fromkeys(["meter_fault", "meter_well_damage", "after_meter_repair"], "meter-replacement"),
    **dict.fromkeys(["theft_report", "usage_nature"], "inspection"),
    **dict.fromkeys(["water_quality", "secondary_supply"], "water-quality"),
    **dict.fromkeys(["warranty_fixture_leak", "construction_quality"], "engineering"),
    **dict.fromkeys(["public_pipe_leak", "public_pipe_burst", "valve_well_collapse", "riser_damage"], "pipe-network"),
    "staff_misconduct": "discipline",
}
OF_THE_AREA = {"abnormal_usage", "supply_stop_resume", "freeze_protection", "meter_spinning", "billing_dispute"}
ENGINEERING_IN_WARRANTY = {
    "indoor_premeter_leak": "meter-replacement",
    "other_company_leak": "meter-replacement",
    "road_restoration": "pipe-network",
    "compensation": "legal",
    "billing_dispute": "@area",
}


def matter_of(category: str, facts: dict[str, Any]) -> str | None:
    """What the ticket is about: three categories only say how urgent it is."""
    return facts.get("matter") if category in FOLLOW_THEIR_MATTER else category


def tier_seconds(category: str) -> int:
    """The length of the tier."""
    return LENGTH[TIER[category]] * HOUR


def spell_limits(matter: str | None, facts: dict[str, Any]) -> dict[str, int]:
    """The clocks every dispatch starts, with their lengths."""
    limits = {"accept": 20 * MINUTE}
    if matter in {"public_pipe_leak", "public_pipe_burst", "meter_well_damage"}:
        limits["on_site"] = 40 * MINUTE
    if matter in {"public_pipe_leak", "meter_well_damage"}:
        longer = matter == "meter_well_damage" and facts.get("outside_shutoff") is True
        limits["repair"] = (48 if longer else 24) * HOUR
    return limits


def suggested(matter: str | None, facts: dict[str, Any], office: str | None) -> str | None:
    """The unit the contract suggests, or none."""
    unit = FIXED.get(matter or "")
    if matter in ENGINEERING_IN_WARRANTY:
        unit = "engineering" if facts.get("in_warranty") is True else ENGINEERING_IN_WARRANTY[matter]
    elif matter == "restore_after_arrears":
        unit = "meter-replacement" if facts.get("meter_removed") is True else "@area"
    elif matter == "manhole_cover":
        unit = "pipe-network" if facts.get("well") == "valve" else "meter-replacement"
    elif matter == "well_cleaning":
        unit = "@area" if facts.get("cover") == "intact" else "meter-replacement"
    elif matter == "no_water":
        buildings = facts.get("buildings", 0)
        few = "pipe-network" if 1 <= buildings <= 3 and facts.get("pressure") == "none" else "@area"
        unit = CENTRE if buildings >= 4 else few
    elif matter in OF_THE_AREA:
        unit = "@area"
    return office if unit == "@area" else unit
