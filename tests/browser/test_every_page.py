"""Every page at a desk's and a phone's width: accessible by axe-core, no wider than the window, nothing to complain of.

With SCREENSHOTS=1 the pictures of the README are made on the way.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.clock import Month
from dispatch.demo import city
from dispatch.demo.people import PASSWORD
from ops.places import ROOT
from penalties.actions import assessing
from penalties.models import Finding
from tests.browser.conftest import width_to_spare
from tickets.models import Ticket
from units.actors import SYSTEM
from units.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
IMAGES = ROOT / "docs" / "images"
#: The pages the README shows.
PICTURES = {"dispatcher-desk-desk", "dispatcher-board-desk", "assessor-month-desk", "pipe-my-phone"}


def pages_of(role: str, month: Month) -> dict[str, str]:
    """What a role opens in a day: a name for the picture, and the address."""
    waiting = Ticket.objects.filter(status="registered").earliest("pk").number
    working = Ticket.objects.filter(status="on_site", unit="pipe-network").earliest("pk").number
    finding = Finding.objects.filter(status="proposed").earliest("pk").pk
    shared = {"ticket": f"/tickets/{working}/", "roster": "/rosters/", "faults": "/faults/", "tickets": "/tickets/"}
    return {
        "dispatcher": {
            "desk": "/desk/",
            "late": "/desk/?tab=late",
            "register": "/tickets/new/",
            "dispatch": f"/tickets/{waiting}/",
            "board": "/board/",
            **shared,
        },
        "pipe": {"my": "/my/", **shared},
        "assessor": {
            "months": "/months/",
            "month": f"/months/{month}/",
            "finding": f"/findings/{finding}/",
            "board": "/board/",
        },
        "approver": {"month": f"/months/{month}/", "close": f"/months/{month}/close/"},
        "leader": {"desk": "/desk/", "board": "/board/", "month": f"/months/{month}/"},
    }[role]


def violations(page: Any) -> list[str]:
    """What axe-core finds, one line each: rule and where."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary'][:160]}" for one in found for node in one["nodes"]]


@pytest.fixture
def past(committed: None) -> Month:
    """The demo week, assessed; returns its month."""
    now: datetime = clock.now()
    city.build_week(until=now, per_day=2, seed=5)
    month = Month.of(now).previous()
    assessing.assess(month=month, by=SYSTEM, at=now)
    return month


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(
    width: str, past: Month, page: Any, context: Any, live_server: Any, complaints: list[str]
) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
    found: list[str] = []
    page.goto(f"{live_server.url}/sign-in/")
    found += [f"sign-in {line}" for line in violations(page)]
    for username in ("dispatcher", "pipe", "assessor", "approver", "leader"):
        client = Client()
        assert client.login(username=username, password=PASSWORD)
        context.clear_cookies()
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        assert User.objects.get(username=username).is_active
        for name, address in pages_of(username, past).items():
            answer = page.goto(live_server.url + address)
            assert answer.status == 200, (username, address, answer.status)
            found += [f"{username} {address} {line}" for line in violations(page)]
            if not width_to_spare(page):
                found.append(f"{username} {address} is wider than the window")
            picture = f"{username}-{name}-{width}"
            if os.environ.get("SCREENSHOTS") and picture in PICTURES:
                IMAGES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=IMAGES / f"{picture}.png")
    assert not found, "\n".join(found)
