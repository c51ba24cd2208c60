"""The desk in a browser: it counts down, refreshes itself, and can be worked by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.browser.conftest import width_to_spare
from tests.factories import minutes
from units.actors import CENTRE, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_time_left_runs(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str], width: int
) -> None:
    ticket = factories.dispatched(at=now - minutes(5), title="路面冒水")
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(Role.DISPATCHER, CENTRE)
    left = page.locator("tr", has_text=ticket.number).locator("time")
    first = left.inner_text()
    assert re.fullmatch(r"剩 1[45]:\d\d", first)
    page.wait_for_function("text => document.querySelector('time[data-due]').textContent !== text", arg=first)
    assert width_to_spare(page)


def test_a_limit_that_passes_says_so_without_a_reload(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    factories.dispatched(at=now - minutes(20) + minutes(4 / 60), title="路面冒水")
    sign_in(Role.DISPATCHER, CENTRE)
    page.get_by_text("超时 不到 1 分").wait_for(timeout=8000)
    assert page.locator("tr[data-row=late]").count() == 1


def test_refreshing_brings_what_is_new_and_keeps_the_place(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    for n in range(30):
        old = factories.reported(at=now - minutes(30 - n), category="general", title="咨询")
    sign_in(Role.DISPATCHER, CENTRE)
    link = page.get_by_role("link", name=old.number, exact=True)
    link.focus()
    page.wait_for_timeout(1000)  # the browser glides there
    scrolled = page.evaluate("window.scrollY")
    new = factories.dispatched(at=now, title="路面冒水")
    page.get_by_role("link", name=new.number, exact=True).wait_for(timeout=14000)
    assert page.evaluate("document.activeElement.textContent") == old.number
    # The new row stands above: the page may follow the reader's own by that row, and by no more.
    row_height = page.locator("#queue tbody tr").first.bounding_box()["height"]
    assert abs(page.evaluate("window.scrollY") - scrolled) <= row_height + 2
    assert page.evaluate("document.activeElement.getBoundingClientRect().bottom <= innerHeight")


def test_the_keyboard_reaches_content_and_tickets(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    ticket = factories.reported(at=now, title="路面冒水")
    sign_in(Role.DISPATCHER, CENTRE)
    page.reload()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == ticket.number:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{ticket.number}/")


def test_tier_and_unit_appear_while_a_report_is_typed(
    sign_in: Callable[..., None], page: Any, live_server: Any, complaints: list[str]
) -> None:
    sign_in(Role.DISPATCHER, CENTRE)
    page.goto(f"{live_server.url}/tickets/new/")
    # A category is found by a part of its name, or by its number.
    page.get_by_role("combobox", name="类别").fill("无水")
    page.keyboard.press("Enter")
    page.get_by_label("影响楼栋数").fill("5")
    page.get_by_label("地址").fill("东湖路12号")
    page.get_by_label("水压").select_option("none")
    page.locator("#follow", has_text="调度中心").wait_for()
    assert page.get_by_label("影响楼栋数").input_value() == "5"
    page.get_by_label("标题").fill("整片停水")
    page.get_by_role("button", name="登记").click()
    page.get_by_role("heading", name="整片停水").wait_for()


def test_a_ticket_is_dispatched_with_two_keys(
    sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime, complaints: list[str]
) -> None:
    first = factories.reported(at=now - minutes(2), title="路面冒水")
    second = factories.reported(at=now - minutes(1), title="井盖丢失", category="manhole_cover")
    sign_in(Role.DISPATCHER, CENTRE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.get_by_role("dialog").get_by_text("建议派给 换表管理所").wait_for()
    page.wait_for_function("document.activeElement.matches('#panel [type=submit]')")
    page.keyboard.press("Enter")
    page.locator("main [role=status]", has_text=second.number).wait_for()
    assert not page.get_by_role("dialog").is_visible()
    # The list is fresh, and the place in it is kept.
    page.locator("tr", has_text=second.number).get_by_text("待受理").wait_for()
    assert page.evaluate("document.activeElement.textContent") == second.number
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.unit_id) == ("registered", "dispatched", "meter-replacement")


def test_the_keys_are_told_and_can_be_switched_off(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    factories.reported(at=now, title="路面冒水")
    sign_in(Role.DISPATCHER, CENTRE)
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_label("在本页启用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.wait_for_timeout(300)
    assert not page.get_by_role("dialog").is_visible()


def test_a_filter_narrows_the_list_and_stays_in_the_address(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    leak = factories.reported(at=now, title="路面冒水")
    dispute = factories.reported(at=now, title="水费", category="billing_dispute")
    sign_in(Role.DISPATCHER, CENTRE)
    page.locator("#id_category").select_option("billing_dispute")
    page.wait_for_url("**/desk/?tab=all&category=billing_dispute")
    assert page.get_by_role("link", name=leak.number).count() == 0
    page.reload()
    assert page.locator("#queue tbody tr").count() == 1
    page.get_by_role("link", name=dispute.number).first.wait_for()


def test_ctrl_enter_registers_and_enter_only_goes_on(
    sign_in: Callable[..., None], page: Any, live_server: Any, complaints: list[str]
) -> None:
    sign_in(Role.DISPATCHER, CENTRE)
    page.goto(f"{live_server.url}/tickets/new/")
    assert page.evaluate("document.activeElement.id") == "id_reporter_phone"
    page.keyboard.type("13812342317")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("16.4.3")
    page.keyboard.press("Enter")
    assert page.locator("#id_category").input_value() == "manhole_cover"
    page.keyboard.press("Enter")
    page.keyboard.type("井盖丢失")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="井盖丢失").wait_for()
