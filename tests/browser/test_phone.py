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
    page.get_by_role("link", name="处理中").click()
    page.get_by_role("button", name="到场签到").click()
    page.get_by_role("link", name="详情").click()
    page.locator("summary", has_text="止水").click()
    page.locator("#do-stop_water").get_by_role("button", name="止水").click()
    page.get_by_role("button", name="开始维修").click()
    page.get_by_role("button", name="完工").click()
    assert width_to_spare(page)
    page.get_by_label("给来电人的答复").fill("已更换管段，恢复供水。")
    page.get_by_role("button", name="提交销单").click()
    page.get_by_text("已提交销单").wait_for()
    assert Ticket.objects.get(pk=ticket.pk).status == "resolved"
    verbs = list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("verb", flat=True))
    assert verbs[2:] == ["accept", "arrive", "stop_water", "start_repair", "finish_repair", "resolve"]


def test_buttons_are_as_big_as_a_thumb(
    sign_in: Callable[..., None], page: Any, now: datetime, complaints: list[str]
) -> None:
    factories.dispatched(at=now, title="路面冒水")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(Role.HANDLER, UNIT)
    for button in page.locator(".ticket-card-acts .btn").all():
        assert button.bounding_box()["height"] >= 44
    assert width_to_spare(page)
