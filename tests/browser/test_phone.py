"""A handler's afternoon on a phone: one thumb, from the list to the result handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.browser.conftest import width_to_spare
from tests.factories import UNIT
from tickets.models import Event, Ticket
from units.actors import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_acceptance_to_the_result(
    sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime, complaints: list[str]
) -> None:
    ticket = factories.dispatched(at=now, title="路面冒水", reporter_name="李建华", reporter_phone="13812342317")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(Role.HANDLER, UNIT)
    assert page.get_by_role("link", name="联系").get_attribute("href") == "tel:13812342317"
    page.get_by_role("button", name="受理").click()
    page.locator(".cards .empty-title").wait_for()
    page.get_by_role("link", name="处理中").click()
    with page.expect_response("**/my/**"):
        page.get_by_role("button", name="到场签到").click()
    for step in ("止水", "开始维修", "完工"):
        page.wait_for_timeout(800)  # a second tap is not meant for the button that took the first one's place
        with page.expect_response("**/my/**"):
            page.get_by_role("button", name=step).click()
    assert width_to_spare(page)
    page.wait_for_timeout(800)
    page.get_by_role("link", name="提交销单").first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("给来电人的答复").fill("已更换管段，恢复供水。")
    sheet.get_by_role("button", name="提交销单").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.locator("main [role=status]", has_text="提交销单").wait_for()
    assert Ticket.objects.get(pk=ticket.pk).status == "resolved"
    verbs = list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("verb", flat=True))
    assert verbs[2:] == ["accept", "arrive", "stop_water", "start_repair", "finish_repair", "resolve"]


def test_buttons_are_as_big_as_a_thumb(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    factories.dispatched(at=now, title="路面冒水")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(Role.HANDLER, UNIT)
    for button in page.locator(".ticket-card-acts .btn, .ticket-card-more .btn").all():
        assert button.bounding_box()["height"] >= 44
    assert width_to_spare(page)


def test_what_was_not_sent_is_kept_and_counts_once(
    sign_in: Callable[..., None], page: Any, context: Any, now: datetime
) -> None:
    ticket = factories.accepted(at=now, title="路面冒水", category="billing_dispute")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(Role.HANDLER, UNIT)
    page.goto(page.url.split("?")[0] + "?tab=accepted")
    page.get_by_role("link", name="提交销单").first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("给来电人的答复").fill("已核实，水费无误。")
    context.set_offline(True)
    sheet.get_by_role("button", name="提交销单").click()
    sheet.get_by_text("未发送：网络不通").wait_for()
    assert sheet.get_by_label("给来电人的答复").input_value() == "已核实，水费无误。"
    assert Ticket.objects.get(pk=ticket.pk).status == "accepted"
    context.set_offline(False)
    page.wait_for_timeout(800)
    sheet.get_by_role("button", name="重试").dblclick()
    sheet.wait_for(state="hidden")
    events = Event.objects.filter(ticket=ticket, verb="resolve")
    assert [event.data["answer"] for event in events] == ["已核实，水费无误。"]


def test_a_delay_is_two_taps(sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]) -> None:
    ticket = factories.accepted(at=now, title="水费", category="billing_dispute")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(Role.HANDLER, UNIT)
    page.goto(page.url.split("?")[0] + "?tab=accepted")
    page.get_by_role("link", name="延期报备").click()
    page.get_by_role("button", name="等待配件到货").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.locator(".mark", has_text="延期").first.wait_for()
    assert Event.objects.get(ticket=ticket, verb="declare_delay").data["reason"] == "等待配件到货"
