"""The board in a browser: its charts are drawn, fit, and open what their bars stand for."""

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


@pytest.mark.parametrize("width", [1440, 390])
def test_charts_stand_beside_their_tables_and_bars_open_their_tickets(
    sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime, complaints: list[str], width: int
) -> None:
    late = factories.dispatched(at=now - minutes(25), title="一处很长很长的标题" * 6)
    factories.accepted(at=now - minutes(3), unit=factories.OTHER_UNIT)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(Role.DUTY_LEADER, CENTRE)
    page.goto(f"{live_server.url}/board/")
    page.wait_for_load_state("networkidle")
    assert width_to_spare(page)
    for name in ("units", "tiers", "timeliness"):
        chart = page.locator(f"[data-chart={name}] svg")
        assert chart.count() == 1
        assert chart.bounding_box()["height"] > 60
        assert page.locator(f"table:has(+ [data-chart={name}])").count() == 1
    assert "换表管理所" in page.locator("[data-chart=units] svg").text_content()
    page.locator('[data-chart=units] svg path[fill="#b42318"]').first.click(force=True)  # the number stands on it
    page.wait_for_url("**/tickets/?**state=late")
    assert page.get_by_role("link", name=late.number).is_visible()
    assert width_to_spare(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_list_fits_and_is_narrowed_by_its_form(
    sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime, complaints: list[str], width: int
) -> None:
    ticket = factories.dispatched(at=now, channel="media", title="路面冒水", address="城东区东湖路12号" * 8)
    other = factories.dispatched(at=now, title="路面冒水")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(Role.HANDLER, factories.UNIT)
    page.goto(f"{live_server.url}/tickets/?month={Month.of(now)}")
    assert page.get_by_role("link", name=other.number).is_visible()
    page.get_by_label("来源").select_option("media")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**channel=media**")
    assert page.get_by_role("link", name=ticket.number).is_visible()
    assert page.get_by_role("link", name=other.number).count() == 0
    assert page.get_by_label("月份").input_value() == str(Month.of(now))
    assert width_to_spare(page)
