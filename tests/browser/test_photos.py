"""Photos from a phone on a bad line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.browser.conftest import width_to_spare
from tests.factories import UNIT
from tests.uploads import corpus
from tickets.models import Attachment, Event
from units.actors import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def as_file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_photos_stay_chosen_until_the_server_has_them(
    sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime, complaints: list[str]
) -> None:
    ticket = factories.accepted(at=now, title="路面冒水")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(Role.HANDLER, UNIT)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.get_by_label("选择已拍的照片").set_input_files([as_file("管道.jpg", corpus.jpeg())])
    # One more is added to it, as after a second look through the camera.
    page.get_by_label("选择已拍的照片").set_input_files([as_file("阀门.jpg", corpus.jpeg() + b"2")])
    status = page.locator("#photos [role=status]")
    assert status.inner_text() == "已选 2 张 · 管道.jpg, 阀门.jpg"
    page.locator("#photos-note").fill("破裂处")
    assert width_to_spare(page)

    page.route("**/photos/", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="上传照片").click()
    page.get_by_text("网络不通，所选照片仍保留，请重试。").wait_for()
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in complaints)
    complaints.clear()

    page.unroute("**/photos/")
    page.get_by_role("button", name="重试").click()
    page.get_by_text("已上传照片 2 张").wait_for()
    assert page.locator(".photo-list img").count() == 2
    widths = page.eval_on_selector_all(
        ".photo-list img", "all => Promise.all(all.map((one) => one.decode().then(() => one.naturalWidth)))"
    )
    assert widths == [96, 96]
    assert Attachment.objects.filter(ticket=ticket).count() == 2
    assert Event.objects.get(verb="attach").data["note"] == "破裂处"
    assert width_to_spare(page)


def test_what_the_server_refuses_is_told_and_can_be_chosen_anew(
    sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime, complaints: list[str]
) -> None:
    ticket = factories.accepted(at=now, title="路面冒水")
    sign_in(Role.HANDLER, UNIT)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.get_by_role("button", name="上传照片").click()
    page.get_by_text("请至少选择一张照片。").wait_for()
    album = page.get_by_label("选择已拍的照片")
    album.set_input_files([as_file("太大.jpg", bytes(12 * 2**20 + 1))])
    page.get_by_text("“太大.jpg”超过 12 MB。").wait_for()
    page.get_by_role("button", name="清空选择").click()
    album.set_input_files([as_file("图纸.jpg", corpus.SVG)])
    page.get_by_role("button", name="上传照片").click()
    page.get_by_text("“图纸.jpg”不是 JPEG、PNG 或 WebP 图片。").wait_for()
    assert all("400" in complaint for complaint in complaints)
    complaints.clear()
    page.get_by_role("button", name="清空选择").click()
    album.set_input_files([as_file("照片.jpg", corpus.jpeg())])
    page.get_by_role("button", name="重试").click()
    page.get_by_text("已上传照片 1 张").wait_for()


def test_without_its_script_the_form_is_a_plain_post(
    browser: Any, sign_in: Callable[..., None], page: Any, live_server: Any, now: datetime
) -> None:
    ticket = factories.accepted(at=now, title="路面冒水")
    sign_in(Role.HANDLER, UNIT)
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    try:
        bare = plain.new_page()
        bare.goto(f"{live_server.url}/tickets/{ticket.number}/")
        bare.locator("#photos-album").set_input_files([as_file("照片.jpg", corpus.jpeg())])
        bare.get_by_role("button", name="上传照片").click()
        bare.get_by_text("已上传照片 1 张").wait_for()
        bare.locator("#photos-album").set_input_files([as_file("图纸.jpg", corpus.SVG)])
        bare.get_by_role("button", name="上传照片").click()
        bare.get_by_role("alert").get_by_text("“图纸.jpg”不是").wait_for()
    finally:
        plain.close()
