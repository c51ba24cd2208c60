"""Photos on tickets: who may add them, what is recorded and stored, and that a refusal leaves nothing."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import translation

from core import images
from core.clock import SHANGHAI
from core.refusals import Refused
from tests.core.counting import statements
from tests.factories import (
    DISPATCHER,
    HANDLER,
    LEADER,
    OTHER_UNIT,
    STRANGER,
    T0,
    UNIT,
    accepted,
    dispatched,
    handler_of,
    minutes,
    reported,
)
from tests.uploads import corpus, quick
from tests.uploads.safe import faults
from tickets.actions import attaching, closing, dispatching, ending, field_work, returning
from tickets.actions.attaching import attach, may_attach
from tickets.models import Attachment, Event, Milestone, Ticket
from units.actors import ROLES, Actor, Role

pytestmark = pytest.mark.django_db

SOON = T0 + minutes(5)
STORED = re.compile(r"photos/([0-9a-f]{2})/\1[0-9a-f]{30}(\.small)?\.jpg")
GOOD = {
    "jpeg": corpus.jpeg(),
    "png": corpus.encoded(corpus.picture(), "PNG"),
    "webp": corpus.encoded(corpus.picture(), "WEBP"),
}
REDRAW = images.redraw
HEAD = Actor(role=Role.UNIT_HEAD, unit=UNIT, name="Hedda")


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


def file(content: bytes = GOOD["jpeg"], name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    sent = SimpleUploadedFile("sent", content, kind)
    sent._name = name  # as it is before any door has cleaned it
    return sent


def stored(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def refused(ticket: Ticket, *files: SimpleUploadedFile, by: Actor = HANDLER, at: datetime = SOON) -> Refused:
    """The refusal; nothing may be left of the attempt."""
    before = Event.objects.count(), Attachment.objects.count(), Ticket.objects.get(pk=ticket.pk).last_seq
    with pytest.raises(Refused) as caught:
        attach(ticket, files=files, by=by, at=at)
    assert (Event.objects.count(), Attachment.objects.count(), Ticket.objects.get(pk=ticket.pk).last_seq) == before
    return caught.value


def test_one_step_lists_the_photos_and_each_has_its_row_and_files(media: Path, child: None) -> None:
    ticket = accepted()
    files = [file(content, name) for name, content in GOOD.items()]
    rows = attach(ticket, files=files, by=HANDLER, at=SOON, note="the broken pipe")
    event = Event.objects.filter(ticket=ticket).latest("seq")
    assert (event.verb, event.at, event.by_role, event.by_unit, event.by_name) == (
        "attach",
        SOON,
        "handler",
        UNIT,
        "Hans",
    )
    assert event.data == {
        "photos": [{"name": row.name, "sha256": row.sha256} for row in rows],
        "note": "the broken pipe",
    }
    assert list(Attachment.objects.filter(ticket=ticket)) == rows
    assert stored(media) == sorted(path for row in rows for path in (row.path, row.thumbnail_path))
    for row, sent in zip(rows, GOOD.values(), strict=True):
        content = (media / row.path).read_bytes()
        assert faults(content) == faults((media / row.thumbnail_path).read_bytes(), side=images.THUMBNAIL) == []
        assert (row.sha256, row.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
        assert row.source_sha256 == hashlib.sha256(sent).hexdigest()
        assert (row.width, row.height, row.kind) == (96, 64, "photo")
        assert (row.uploaded_at, row.by_role, row.by_unit, row.by_name) == (SOON, "handler", UNIT, "Hans")
        assert re.fullmatch("[0-9a-f]{32}", row.name)
    assert len({row.name for row in rows}) == 3


def test_time_and_place_of_the_camera_stand_in_columns_alone(media: Path) -> None:
    content = corpus.encoded(
        corpus.picture(), exif=corpus.exif(taken="2026:03:02 08:58:59", place=corpus.PLACE, texts=corpus.SCRIPT)
    )
    (row,) = attach(accepted(), files=[file(content)], by=HANDLER, at=SOON)
    row.refresh_from_db()
    assert row.taken_at == datetime(2026, 3, 2, 8, 58, 59, tzinfo=SHANGHAI)
    assert (row.latitude, row.longitude) == (Decimal("31.867083"), Decimal("117.283958"))
    assert faults((media / row.path).read_bytes()) == []
    assert "31.8" not in str(Event.objects.latest("id").data)


def test_nothing_moves_but_the_record() -> None:
    ticket = dispatched()
    clocks = list(Milestone.objects.filter(ticket=ticket).order_by("id").values())
    before = Ticket.objects.values().get(pk=ticket.pk)
    attach(ticket, files=[file()], by=HANDLER, at=SOON)
    after = Ticket.objects.values().get(pk=ticket.pk)
    assert after.pop("last_seq") == before.pop("last_seq") + 1
    assert after == before
    assert list(Milestone.objects.filter(ticket=ticket).order_by("id").values()) == clocks


def test_an_acceptance_that_is_late_is_seen_by_this_step_too() -> None:
    ticket = dispatched()
    attach(ticket, files=[file()], by=HANDLER, at=T0 + minutes(21))
    assert list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("verb", flat=True))[-2:] == [
        "attach",
        "late",
    ]


# ---- who


LIVE: dict[str, Callable[[], Ticket]] = {
    "registered": reported,
    "dispatched": dispatched,
    "accepted": accepted,
    "on_site": lambda: field_work.arrive(accepted(), by=HANDLER, at=T0),
    "resolved": lambda: field_work.resolve(accepted(), by=HANDLER, at=T0),
}
OVER: dict[str, Callable[[], Ticket]] = {
    "closed": lambda: closing.close(LIVE["resolved"](), by=DISPATCHER, at=T0, reason="seen"),
    "answered": lambda: dispatching.answer(reported(category="general"), by=DISPATCHER, at=T0, note="told"),
    "withdrawn": lambda: ending.withdraw(dispatched(), by=DISPATCHER, at=T0, reason="twice"),
    "merged": lambda: ending.merge(dispatched(), into=reported(at=T0 - minutes(1)), by=DISPATCHER, at=T0),
}


@pytest.mark.parametrize("status", [*LIVE, *OVER])
def test_the_holding_unit_and_the_centre_may_while_the_ticket_lives(status: str) -> None:
    ticket = (LIVE | OVER)[status]()
    assert ticket.status == status
    centre, field = {"dispatcher", "duty_leader"}, {"handler", "unit_head"}
    held = status in LIVE and status != "registered"
    for role in ROLES:
        expected = (role in centre and status in LIVE) or (role in field and held)
        assert may_attach(ticket, Actor(role=role, unit=UNIT)) is expected, role
        if role in field:
            assert not may_attach(ticket, Actor(role=role, unit=OTHER_UNIT)), role
            assert not may_attach(ticket, Actor(role=role)), role


@pytest.mark.parametrize("by", [HANDLER, HEAD, DISPATCHER, LEADER], ids=lambda by: by.role)
def test_they_do(by: Actor) -> None:
    assert len(attach(accepted(), files=[file()], by=by, at=SOON)) == 1


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (STRANGER, "wrong_unit"),
        (Actor(role=Role.UNIT_HEAD), "wrong_unit"),
        (Actor(role=Role.AUDITOR), "wrong_role"),
        (Actor(role=Role.ADMINISTRATOR), "wrong_role"),
        (Actor(role=Role.INTEGRATION_CLIENT, client="hotline"), "wrong_role"),
        (Actor(role="nobody", unit=UNIT), "wrong_role"),
    ],
    ids=str,
)
def test_others_do_not_and_nothing_is_drawn_for_them(
    monkeypatch: pytest.MonkeyPatch, media: Path, by: Actor, code: str
) -> None:
    monkeypatch.setattr(images, "redraw", None)
    assert refused(accepted(), file(), by=by).code == code
    assert stored(media) == []


def test_a_unit_that_gave_the_ticket_back_may_no_more() -> None:
    ticket = returning.ask(accepted(), by=HANDLER, at=T0, reason="not ours")
    ticket = returning.grant(ticket, by=DISPATCHER, at=T0)
    assert refused(ticket, file()).code == "wrong_unit"


def test_what_is_over_is_over() -> None:
    assert refused(OVER["closed"](), file(), by=DISPATCHER).code == "illegal_move"


def test_a_ticket_that_left_the_unit_while_its_photos_were_drawn_refuses(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    ticket = returning.ask(accepted(), by=HANDLER, at=T0, reason="not ours")
    drawing = images.redraw

    def meanwhile(source: Any) -> images.Picture:
        returning.grant(ticket, by=DISPATCHER, at=T0)
        return drawing(source)

    monkeypatch.setattr(images, "redraw", meanwhile)
    with pytest.raises(Refused, match="wrong_unit"):
        attach(ticket, files=[file()], by=HANDLER, at=SOON)
    assert stored(media) == []
    assert not Attachment.objects.exists()


# ---- what


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (corpus.HTML, "“bad.jpg” is no JPEG, PNG or WebP picture."),
        (corpus.png(60_000, 60_000, whole=False), "“bad.jpg” has more than 40 megapixels."),
        (corpus.animated_png(10_000), "“bad.jpg” moves; send a single picture."),
        (GOOD["jpeg"][:300], "“bad.jpg” is damaged and cannot be read."),
        (corpus.flat_webp(8000, 5000), "“bad.jpg” takes too much time or memory to read; send it as a JPEG."),
        (b"", "“bad.jpg” is empty."),
        (GOOD["jpeg"] + bytes(images.MAX_BYTES), "“bad.jpg” is larger than 12 MB."),
    ],
    ids=lambda value: value[-20:] if isinstance(value, str) else "",
)
def test_one_bad_file_refuses_all_and_is_named(media: Path, child: None, content: bytes, sentence: str) -> None:
    files = [file(GOOD["png"], "good.png"), file(content, "bad.jpg")]
    with translation.override("en"):
        refusal = refused(accepted(), *files)
    assert (refusal.code, str(refusal.message), refusal.fields) == ("invalid", sentence, {"photos": sentence})
    assert stored(media) == []


def test_the_sentence_is_chinese_for_chinese_readers() -> None:
    assert str(refused(accepted(), file(corpus.SVG, "照片.jpg")).message) == "“照片.jpg”不是 JPEG、PNG 或 WebP 图片。"


def test_a_file_that_lies_about_its_size_is_stopped_by_the_bytes_it_has(media: Path) -> None:
    liar = file(GOOD["jpeg"] + bytes(images.MAX_BYTES))
    liar.size = 10
    assert "12 MB" in str(refused(accepted(), liar).message)


def test_exactly_the_largest_size_is_taken() -> None:
    content = GOOD["jpeg"] + bytes(images.MAX_BYTES - len(GOOD["jpeg"]))
    assert len(attach(accepted(), files=[file(content)], by=HANDLER, at=SOON)) == 1


def test_none_and_too_many_are_refused() -> None:
    ticket = accepted()
    assert refused(ticket).code == "invalid"
    many = [file(GOOD["jpeg"] + bytes([n])) for n in range(attaching.MAX_FILES + 1)]
    assert "12" in str(refused(ticket, *many).message)
    assert len(attach(ticket, files=many[1:], by=HANDLER, at=SOON)) == 12


@pytest.mark.parametrize("name", corpus.NAMES.values(), ids=corpus.NAMES.keys())
def test_a_name_decides_nothing_and_is_kept_nowhere(media: Path, name: str) -> None:
    ticket = accepted()
    (row,) = attach(ticket, files=[file(name=name)], by=HANDLER, at=SOON)
    assert len(stored(media)) == 2
    assert all(STORED.fullmatch(path) for path in stored(media))
    assert {path.name for path in media.parent.iterdir()} == {"media"}
    assert name not in str(Attachment.objects.values().get(pk=row.pk))
    assert name not in str(Event.objects.filter(ticket=ticket).latest("seq").data)
    sentence = str(refused(ticket, file(corpus.HTML, name)).message)
    assert sentence.isprintable()
    assert len(sentence) < 80
    assert "/" not in sentence
    assert "\\" not in sentence


# ---- again


def test_sending_again_adds_nothing_and_harms_nothing(media: Path) -> None:
    ticket = accepted()
    (row,) = attach(ticket, files=[file(), file(name="the same.jpg")], by=HANDLER, at=SOON)
    before = stored(media)
    assert attach(ticket, files=[file()], by=HANDLER, at=SOON) == []
    assert Event.objects.filter(ticket=ticket, verb="attach").count() == 1
    (more,) = attach(ticket, files=[file(), file(GOOD["png"])], by=DISPATCHER, at=SOON)
    assert more.source_sha256 != row.source_sha256
    assert set(before) < set(stored(media))
    assert len(stored(media)) == 4


def test_the_same_photo_may_be_on_two_tickets() -> None:
    rows = [attach(accepted(), files=[file()], by=HANDLER, at=SOON)[0] for _time in range(2)]
    assert rows[0].name != rows[1].name
    assert rows[0].source_sha256 == rows[1].source_sha256


def test_who_is_faster_by_the_same_photo_leaves_the_other_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    ticket = accepted()
    drawing = images.redraw

    def meanwhile(source: Any) -> images.Picture:
        monkeypatch.setattr(images, "redraw", drawing)
        attach(ticket, files=[file()], by=DISPATCHER, at=SOON)
        return drawing(source)

    monkeypatch.setattr(images, "redraw", meanwhile)
    assert attach(ticket, files=[file()], by=HANDLER, at=SOON) == []
    assert Attachment.objects.get().by_role == "dispatcher"
    assert len(stored(media)) == 2


# ---- when something breaks


def broken(*_args: Any, **_kwargs: Any) -> Any:
    raise IntegrityError("broken")


def test_files_go_when_their_rows_cannot_be_written(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    ticket = accepted()
    monkeypatch.setattr(type(Attachment.objects), "bulk_create", broken)
    with pytest.raises(IntegrityError):
        attach(ticket, files=[file()], by=HANDLER, at=SOON)
    monkeypatch.undo()
    assert not Event.objects.filter(verb="attach").exists()
    assert stored(media) == []


def test_files_stay_when_nobody_knows_whether_their_rows_did(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    def lost(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("the connection went away")

    ticket = accepted()
    monkeypatch.setattr(attaching, "_record", lost)
    with pytest.raises(OperationalError):
        attach(ticket, files=[file()], by=HANDLER, at=SOON)
    assert len(stored(media)) == 2


def test_a_full_disk_leaves_no_half_of_it(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    ticket = accepted()
    calls = iter(range(100))
    settling = attaching._settle

    def full(path: str) -> None:
        if next(calls) == 2:
            raise OSError(28, "No space left on device")
        settling(path)

    monkeypatch.setattr(attaching, "_settle", full)
    with pytest.raises(OSError, match="No space"):
        attach(ticket, files=[file(), file(GOOD["png"])], by=HANDLER, at=SOON)
    assert stored(media) == []
    assert not Attachment.objects.exists()


def test_a_transaction_around_it_that_fails_keeps_no_row() -> None:
    ticket = accepted()
    with transaction.atomic():
        attach(ticket, files=[file()], by=HANDLER, at=SOON)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": Decimal(1)},
        {"longitude": Decimal(1)},
        {"latitude": Decimal(91), "longitude": Decimal(1)},
        {"latitude": Decimal(1), "longitude": Decimal(-181)},
    ],
    ids=str,
)
def test_half_a_place_is_no_place(place: dict[str, Decimal]) -> None:
    (row,) = attach(accepted(), files=[file()], by=HANDLER, at=SOON)
    with pytest.raises(IntegrityError, match="place_of_a_photo_is_whole"):
        Attachment.objects.filter(pk=row.pk).update(**place)


def test_a_dozen_photos_cost_no_statement_more_than_one() -> None:
    one, many = accepted(), accepted()
    files = [file(GOOD["jpeg"] + bytes([n])) for n in range(4)]
    counts = [
        len(statements(lambda: attach(one, files=files[:1], by=HANDLER, at=SOON))),
        len(statements(lambda: attach(many, files=files, by=HANDLER, at=SOON))),
    ]
    assert counts[0] == counts[1] <= 10


def test_many_send_at_once_to_one_ticket(committed: None, media: Path) -> None:
    ticket = accepted()
    same, start, added = GOOD["jpeg"], threading.Barrier(4), []

    def send(number: int) -> None:
        try:
            start.wait()
            files = [file(same), file(GOOD["png"] + bytes([number]))]
            added.append(len(attach(ticket, files=files, by=handler_of(UNIT), at=SOON)))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [1, 1, 1, 2]
    assert Attachment.objects.count() == 5
    assert len(stored(media)) == 10
    listed = [photo["name"] for event in Event.objects.filter(verb="attach") for photo in event.data["photos"]]
    assert sorted(listed) == sorted(Attachment.objects.values_list("name", flat=True))
