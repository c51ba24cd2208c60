"""Art. 36.5: a matter handed on by the centre was not answered with its result in time (Art. 16).

Art. 36.10 stands beside it; so does 34.2 for matters of the mayor hotline, the bureau, superior bodies, media and
network, which needs criticism or a complaint, verified, and is never proposed on the channel alone.
"""

from __future__ import annotations

from decimal import Decimal

from penalties.clauses.liability import liable_for_tier
from penalties.facts import Claim, Miss

CODE = "36.5"
CHANNELS_OF_34_2 = frozenset({"mayor_hotline", "utilities_bureau", "superior", "media", "network"})


def claim(miss: Miss, share: Decimal) -> Claim | None:
    """Claims a late ``close`` of anything but a public facility."""
    if miss.milestone != "close" or miss.matter.public_facility:
        return None
    beside = ("36.10", "34.2") if miss.matter.channel in CHANNELS_OF_34_2 else ("36.10",)
    return Claim(CODE, liable_for_tier(miss, share), miss, beside)
