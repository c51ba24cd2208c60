"""Every page in a browser: no complaint of script or policy, nothing wider than the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from core.clock import Month
from tests import factories
from tests.browser.conftest import width_to_spare
from tests.factories import minutes
from units.actors import CENTRE, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNITS = {Role.DUTY_LEADER: CENTRE, Role.HANDLER: factories.UNIT, Role.APPROVER: "enterprise-management"}
PAGES = {
    Role.DUTY_LEADER: [
        "/desk/",
        "/desk/?tab=late",
        "/tickets/new/",
        "/tickets/{number}/",
        "/tickets/{number}/supervise/",
    ],
    Role.HANDLER: ["/my/", "/tickets/new/", "/tickets/{number}/", "/tickets/{number}/ask_return/"],
    Role.APPROVER: ["/months/", "/months/{month}/", "/tickets/{number}/"],
}


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("role", PAGES)
def test_a_page_fits_and_nothing_complains(
    sign_in: Callable[..., None],
    page: Any,
    live_server: Any,
    now: datetime,
    complaints: list[str],
    role: str,
    width: int,
) -> None:
    ticket = factories.dispatched(
        at=now - minutes(30),
        title="一处很长很长的标题" * 6,
        content="a-very-long-word" * 12,
        address="城东区东湖路12号" * 8,
    )
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(role, UNITS[role])
    for path in PAGES[role]:
        page.goto(live_server.url + path.format(number=ticket.number, month=Month.of(now)))
        page.wait_for_load_state("networkidle")
        assert width_to_spare(page), path
        assert page.locator("h1").inner_text().strip(), path
