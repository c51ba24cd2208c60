"""Sending photos from a page, and serving them: to whom, as what, and what a refusal leaves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from core import images
from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.factories import HANDLER, OTHER_UNIT, T0
from tests.uploads import corpus, quick
from tests.uploads.safe import faults
from tickets.actions import attaching, returning
from tickets.actions.attaching import attach
from tickets.models import Attachment, Event, Ticket
from units.actors import ROLES, Role
from units.models import User

PEOPLE = sorted(ROLES - {Role.INTEGRATION_CLIENT, Role.SYSTEM})
REDRAW = images.redraw
SCRIPTED = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own. Pictures are drawn in this process, but where a test asks for ``child``."""
    monkeypatch.setattr(images, "redraw", quick.redraw)
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def child(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn by a child process, as in truth."""
    monkeypatch.setattr(images, "redraw", REDRAW)


def sent(content: bytes | None = None, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, corpus.jpeg() if content is None else content, kind)


def taken(ticket: Ticket, content: bytes | None = None) -> Attachment:
    """A photo that is on the ticket."""
    return attach(ticket, files=[sent(content)], by=HANDLER, at=T0)[0]


def where(row: Attachment) -> tuple[str, str]:
    path = f"/tickets/{row.ticket.number}/photos/{row.name}"
    return f"{path}.jpg", f"{path}.small.jpg"


def got(client: Client, path: str, method: str = "get", **how: Any) -> Any:
    """The answer with its file read to the end and closed, as a server does it."""
    answer = getattr(client, method)(path, **how)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for closes in answer._resource_closers:
        closes()
    return answer


# ---- sending


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD, Role.DISPATCHER, Role.DUTY_LEADER])
def test_photos_are_sent_by_a_plain_post_and_shown_on_the_page(sign_in: SignIn, child: None, role: str) -> None:
    ticket = factories.accepted()
    client = sign_in(role)
    page = client.get(f"/tickets/{ticket.number}/").text
    form = re.search(r"<form[^>]*data-photos[^>]*>", page)
    assert form is not None
    assert 'enctype="multipart/form-data"' in form[0]
    assert re.search(r'<input[^>]*type="file"[^>]*accept="image/\*" capture="environment" multiple', page)
    path = f"/tickets/{ticket.number}/photos/"
    assert f'action="{path}"' in form[0]
    files = [sent(), sent(corpus.encoded(corpus.picture(), "PNG"), "b.png", "image/png")]
    answer = client.post(path, {"photos": files, "note": "two sides"}, follow=True)
    assert answer.redirect_chain == [(f"/tickets/{ticket.number}/", 302)]
    assert f"{ticket.number}: photos added: 2." in answer.text
    assert "added photos: 2" in answer.text
    assert "two sides" in answer.text
    rows = list(Attachment.objects.filter(ticket=ticket))
    assert [row.uploaded_at for row in rows] == [NOW, NOW]
    assert {row.by_user for row in rows} == {User.objects.get().pk}
    for row in rows:
        full, small = where(row)
        assert f'href="{full}"' in answer.text
        assert f'src="{small}"' in answer.text


def test_the_timeline_tells_it_in_chinese(sign_in: SignIn) -> None:
    ticket = factories.accepted()
    taken(ticket)
    page = sign_in(Role.HANDLER, language="zh-hans").get(f"/tickets/{ticket.number}/").text
    assert "管网管理处 Hans 上传照片 1 张" in page


def test_the_script_is_told_where_to_go_next(sign_in: SignIn) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER)
    for _time in range(2):  # the answer to the first was lost
        answer = client.post(f"/tickets/{ticket.number}/photos/", {"photos": sent()}, headers=SCRIPTED)
        assert (answer.status_code, answer.json()) == (200, {"next": f"/tickets/{ticket.number}/"})
    assert Attachment.objects.filter(ticket=ticket).count() == 1
    page = client.get(f"/tickets/{ticket.number}/").text
    assert f"{ticket.number}: these photos are there already." in page


@pytest.mark.parametrize("name", corpus.NAMES.values(), ids=corpus.NAMES.keys())
def test_names_reach_neither_page_nor_disk(sign_in: SignIn, media: Path, name: str) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER)
    boundary = "----corpus"
    quoted = name.replace('"', "%22").replace("\r\n", "%0D%0A")
    content = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="photos"; filename="{quoted}"\r\n'
        "Content-Type: text/html\r\n\r\n"
    ).encode() + corpus.jpeg()
    answer = client.post(
        f"/tickets/{ticket.number}/photos/",
        content + f"\r\n--{boundary}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    kept = [str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()]
    if answer.status_code == 400:  # a name of which nothing is left is no file at all
        assert name in {corpus.NAMES["dots"], corpus.NAMES["none_to_see"]}
        assert kept == []
        return
    assert answer.status_code == 302
    assert all(re.fullmatch(r"photos/[0-9a-f]{2}/[0-9a-f]{32}(\.small)?\.jpg", path) for path in kept)
    row = Attachment.objects.get()
    assert got(client, where(row)[0])["Content-Disposition"] == f'inline; filename="{row.name}.jpg"'


def test_a_refusal_comes_back_beside_the_form_and_leaves_nothing(sign_in: SignIn, media: Path) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER)
    path = f"/tickets/{ticket.number}/photos/"
    for headers in ({}, SCRIPTED):
        files = [sent(), sent(corpus.SVG, "drawing.jpg")]
        answer = client.post(path, {"photos": files}, headers=headers)
        assert answer.status_code == 400
        said = answer.json()["detail"] if headers else answer.text
        assert "“drawing.jpg” is no JPEG, PNG or WebP picture." in said
        assert "data-photos" in said or headers
    assert not media.exists()
    assert not Event.objects.filter(verb="attach").exists()


@pytest.mark.parametrize("headers", [{}, SCRIPTED], ids=["page", "script"])
def test_no_file_is_no_photo(sign_in: SignIn, headers: dict[str, str]) -> None:
    ticket = factories.accepted()
    answer = sign_in(Role.HANDLER).post(f"/tickets/{ticket.number}/photos/", {"note": "x"}, headers=headers)
    assert answer.status_code == 400
    assert "Choose at least one photo." in answer.content.decode()


@pytest.mark.parametrize("note", ["x" * 201, "a\0b"], ids=["long", "nul"])
def test_a_note_that_cannot_be_kept_is_refused(sign_in: SignIn, note: str) -> None:
    ticket = factories.accepted()
    answer = sign_in(Role.HANDLER).post(f"/tickets/{ticket.number}/photos/", {"photos": sent(), "note": note})
    assert answer.status_code == 400
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("role", PEOPLE)
def test_only_the_unit_and_the_centre_may_send(sign_in: SignIn, role: str) -> None:
    ticket = factories.accepted()
    client = sign_in(role)
    path = f"/tickets/{ticket.number}/photos/"
    may = role in {Role.HANDLER, Role.UNIT_HEAD, Role.DISPATCHER, Role.DUTY_LEADER}
    assert client.post(path, {"photos": sent()}).status_code == (302 if may else 403)
    assert ("data-photos" in client.get(f"/tickets/{ticket.number}/").text) is may
    assert ("data-photos" in client.get(path).text) is may
    assert Attachment.objects.exists() is may


def test_a_unit_that_gave_the_ticket_back_sees_it_and_may_not_send(sign_in: SignIn) -> None:
    ticket = returning.ask(factories.accepted(), by=HANDLER, at=T0, reason="not ours")
    returning.grant(ticket, by=factories.DISPATCHER, at=T0)
    client = sign_in(Role.HANDLER)
    assert client.get(f"/tickets/{ticket.number}/").status_code == 200
    answer = client.post(f"/tickets/{ticket.number}/photos/", {"photos": sent()})
    assert answer.status_code == 403
    assert "The ticket is not with your unit." in answer.text


def test_another_unit_does_not_learn_that_the_ticket_exists(sign_in: SignIn) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER, OTHER_UNIT)
    for number in (ticket.number, "20260302-999999"):
        path = f"/tickets/{number}/photos/"
        assert client.post(path, {"photos": sent()}).status_code == client.get(path).status_code == 404
    assert not Attachment.objects.exists()


def test_strangers_are_asked_to_sign_in(db: None) -> None:
    path = f"/tickets/{factories.accepted().number}/photos/"
    answer = Client().post(path, {"photos": sent()})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_the_post_needs_the_token_of_the_form(sign_in: SignIn) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER)
    client.handler.enforce_csrf_checks = True
    path = f"/tickets/{ticket.number}/photos/"
    assert client.post(path, {"photos": sent()}).status_code == 403
    assert not Attachment.objects.exists()
    form = re.search(r"<form[^>]*data-photos.*?</form>", client.get(path).text, re.DOTALL)
    assert form is not None
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form[0])
    assert token is not None
    assert client.post(path, {"photos": sent(), "csrfmiddlewaretoken": token[1]}).status_code == 302


def test_a_disk_that_takes_nothing_is_not_the_senders_fault(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(attaching, "_settle", full)
    ticket = factories.accepted()
    answer = sign_in(Role.HANDLER).post(f"/tickets/{ticket.number}/photos/", {"photos": sent()}, headers=SCRIPTED)
    assert answer.status_code == 503
    assert answer.json()["detail"] == "The photos cannot be stored at the moment. Try again in a while."
    assert not Attachment.objects.exists()


# ---- what is read off the line


def test_a_body_that_is_too_large_is_kept_nowhere(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    receive = TemporaryFileUploadHandler.receive_data_chunk

    def counted(handler: Any, raw_data: bytes, start: int) -> None:
        written.append(len(raw_data))
        receive(handler, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", counted)
    ticket = factories.accepted()
    files = [sent(corpus.jpeg() + bytes(2 * images.MAX_BYTES), "huge.jpg"), sent()]
    answer = sign_in(Role.HANDLER).post(f"/tickets/{ticket.number}/photos/", {"photos": files})
    assert answer.status_code == 400
    assert "“huge.jpg” is larger than 12 MB." in answer.text
    assert sum(written) < images.MAX_BYTES + 200_000


def test_of_too_many_files_one_more_is_read_than_allowed(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    new_file = TemporaryFileUploadHandler.new_file

    def counted(handler: Any, *args: Any, **kwargs: Any) -> None:
        opened.append(args[1])
        new_file(handler, *args, **kwargs)

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", counted)
    ticket = factories.accepted()
    answer = sign_in(Role.HANDLER).post(f"/tickets/{ticket.number}/photos/", {"photos": [sent() for _n in range(30)]})
    assert answer.status_code == 400
    assert "Send at most 12 photos at a time." in answer.text
    assert len(opened) == 13


# ---- serving


@pytest.mark.parametrize("role", PEOPLE)
def test_a_photo_is_served_to_whoever_sees_the_ticket_as_a_picture_and_nothing_else(
    sign_in: SignIn, media: Path, role: str
) -> None:
    row = taken(factories.accepted(), corpus.jpeg() + corpus.SCRIPT)
    client = sign_in(role)
    for path, file, side in zip(
        where(row), (row.path, row.thumbnail_path), (images.SIDE, images.THUMBNAIL), strict=True
    ):
        answer = got(client, path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == f'inline; filename="{path.rsplit("/", 1)[1]}"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "private, no-cache"
        content = answer.body
        assert content == (media / file).read_bytes()
        assert int(answer["Content-Length"]) == len(content)
        assert faults(content, side=side) == []
        assert got(client, path, "head").status_code == 200
        assert client.post(path).status_code == 405


def test_a_photo_is_not_there_for_whoever_may_not_see_the_ticket(sign_in: SignIn) -> None:
    mine, other = factories.accepted(), factories.accepted(unit=OTHER_UNIT)
    row = taken(mine)
    stranger, handler = sign_in(Role.HANDLER, OTHER_UNIT), sign_in(Role.HANDLER)
    for path in where(row):
        assert got(handler, path).status_code == 200
        assert stranger.get(path).status_code == 404
        # Nor by the number of a ticket that he does see.
        assert stranger.get(path.replace(mine.number, other.number)).status_code == 404
        assert handler.get(path.replace(row.name, "0" * 32)).status_code == 404
        assert handler.get(path.replace(row.name, f"..%2f{row.name}")).status_code == 404
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize("role", PEOPLE)
def test_photos_of_misconduct_are_for_duty_leaders_and_the_discipline_office(sign_in: SignIn, role: str) -> None:
    ticket = factories.accepted(category="staff_misconduct", unit="discipline")
    (row,) = attach(ticket, files=[sent()], by=factories.handler_of("discipline"), at=T0)
    for path in where(row):
        assert got(sign_in(role), path).status_code == (200 if role == Role.DUTY_LEADER else 404)


def test_a_browser_that_has_it_asks_and_is_told_so(sign_in: SignIn) -> None:
    row = taken(factories.accepted())
    client = sign_in(Role.HANDLER)
    tags = set()
    for path in where(row):
        tag = got(client, path)["ETag"]
        answer = client.get(path, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content, answer["Cache-Control"]) == (304, b"", "private, no-cache")
        tags.add(tag)
        assert sign_in(Role.HANDLER, OTHER_UNIT).get(path, headers={"If-None-Match": tag}).status_code == 404
    assert len(tags) == 2


def test_a_file_that_is_lost_is_not_found(sign_in: SignIn, media: Path, caplog: pytest.LogCaptureFixture) -> None:
    row = taken(factories.accepted())
    (media / row.path).unlink()
    assert sign_in(Role.HANDLER).get(where(row)[0]).status_code == 404
    assert row.path in caplog.text


@pytest.mark.parametrize("path", ["/media/{0}", "/{0}", "/photos/{1}.jpg", "/static/{0}"])
def test_no_other_address_leads_to_a_file(sign_in: SignIn, settings: Any, path: str) -> None:
    row = taken(factories.accepted())
    assert settings.MEDIA_URL in {"", "/"}
    assert sign_in(Role.DUTY_LEADER).get(path.format(row.path, row.name)).status_code == 404


def test_photos_cost_the_page_of_a_ticket_no_statement(sign_in: SignIn, statements: Any) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER)
    before = len(statements(client, f"/tickets/{ticket.number}/"))
    for number in range(3):
        taken(ticket, corpus.jpeg() + bytes([number]))
    assert len(statements(client, f"/tickets/{ticket.number}/")) == before
    assert client.get(f"/tickets/{ticket.number}/").text.count("<img ") == 3
    assert len(statements(client, f"/tickets/{ticket.number}/photos/")) <= 4
