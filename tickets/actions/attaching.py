"""Putting photos on a ticket: drawn anew, stored, and recorded as one step.

What is slow comes first and holds nothing: the pictures are drawn and their files written before the ticket is
touched. Files go before rows, and rows decide: a photo exists when its row does. Whoever dies in between leaves files
under random names that no row names and no page serves, never a row whose file is missing.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import images
from core.refusals import Refused
from tickets import moves
from tickets.actions.recording import REFUSALS, Draft, Matter, perform
from tickets.models import Attachment, Ticket
from units.actors import Actor

#: In one call.
MAX_FILES = 12

UNFIT = {
    "kind": gettext_lazy("“%(file)s” is no JPEG, PNG or WebP picture."),
    "pixels": gettext_lazy("“%(file)s” has more than %(megapixels)s megapixels."),
    "frames": gettext_lazy("“%(file)s” moves; send a single picture."),
    "broken": gettext_lazy("“%(file)s” is damaged and cannot be read."),
    "costly": gettext_lazy("“%(file)s” takes too much time or memory to read; send it as a JPEG."),
    "empty": gettext_lazy("“%(file)s” is empty."),
    "large": gettext_lazy("“%(file)s” is larger than %(megabytes)s MB."),
}


class _NothingNew(Exception):
    """Every photo is on the ticket already."""


@dataclass(frozen=True)
class _Drawn:
    """A photo ready to be stored, with its row."""

    row: Attachment
    picture: images.Picture


def may_attach(ticket: Ticket, by: Actor) -> bool:
    """Whether this person may put photos on the ticket now."""
    return _refusal(ticket, by) is None


def _refusal(ticket: Ticket, by: Actor) -> str | None:
    """Why not, as the contract's code: the unit that holds a live ticket may, and the centre."""
    if by.role not in moves.CENTRE | moves.FIELD:
        return "wrong_role"
    live = ticket.status in moves.LIVE
    if by.role in moves.FIELD and live and (by.unit is None or by.unit != ticket.holder):
        return "wrong_unit"
    return None if live else "illegal_move"


def attach(ticket: Ticket, *, files: Sequence[File[Any]], by: Actor, at: datetime, note: str = "") -> list[Attachment]:
    """Put photos on the ticket; returns those that were not on it yet.

    A file that is there already is passed over, so sending again after a lost answer is safe; where all are there,
    nothing is recorded. Raises Refused: ``wrong_role`` ``wrong_unit`` ``illegal_move``; ``invalid`` with a sentence
    that names the file, and then none of the others is kept either. Raises OSError where they cannot be stored.
    """
    _guard(Ticket.objects.get(pk=ticket.pk), by)
    if not files:
        raise _invalid(_("Choose at least one photo."))
    if len(files) > MAX_FILES:
        raise _invalid(_("Send at most %(count)s photos at a time.") % {"count": MAX_FILES})
    drawn = _draw(ticket, files, by=by, at=at)
    written: list[str] = []
    try:
        for each in drawn:
            written += _write(each)
        added = _record(ticket, [each.row for each in drawn], by=by, at=at, note=note)
    except (OperationalError, InterfaceError):
        # The connection broke, perhaps after the commit: nobody can say. Files without a row do no harm.
        raise
    except _NothingNew:
        _remove(written)
        return []
    except Exception:
        _remove(written)
        raise
    kept = {path for row in added for path in (row.path, row.thumbnail_path)}
    _remove(path for path in written if path not in kept)
    return added


def _guard(ticket: Ticket, by: Actor) -> None:
    """Raise Refused unless this person may put photos on the ticket now."""
    if code := _refusal(ticket, by):
        raise Refused(code, REFUSALS[code])


def _invalid(message: str) -> Refused:
    """What is wrong with the files."""
    return Refused("invalid", message, fields={"photos": message})


def _draw(ticket: Ticket, files: Sequence[File[Any]], *, by: Actor, at: datetime) -> list[_Drawn]:
    """Draw anew those that are not on the ticket, each once. Raises Refused ``invalid`` at the first that is unfit."""
    known = set(Attachment.objects.filter(ticket=ticket).values_list("source_sha256", flat=True))
    drawn = []
    for file in files:
        with tempfile.TemporaryFile() as source:
            digest = _taken(file, source)
            if digest in known:
                continue
            known.add(digest)
            try:
                picture = images.redraw(source)
            except images.Unfit as unfit:
                raise _unfit_file(file, unfit.reason) from unfit
        drawn.append(_Drawn(_row_of(ticket, picture, digest, by=by, at=at), picture))
    return drawn


def _taken(file: File[Any], source: IO[bytes]) -> str:
    """Copy what was sent to a file of our own; returns its digest. Raises Refused ``invalid`` by its size."""
    if file.size is not None and file.size > images.MAX_BYTES:
        raise _unfit_file(file, "large")
    digest, size = hashlib.sha256(), 0
    for chunk in file.chunks():
        size += len(chunk)
        if size > images.MAX_BYTES:
            raise _unfit_file(file, "large")
        digest.update(chunk)
        source.write(chunk)
    if not size:
        raise _unfit_file(file, "empty")
    return digest.hexdigest()


def _unfit_file(file: File[Any], reason: str) -> Refused:
    """The sentence that names the file and says what is wrong with it."""
    values = {
        "file": _shown_name(file.name or ""),
        "megapixels": images.MAX_PIXELS // 1_000_000,
        "megabytes": images.MAX_BYTES // 2**20,
    }
    return _invalid(str(UNFIT[reason]) % values)


def _shown_name(name: str) -> str:
    """A file's name as a sentence may show it: no folder, nothing invisible, not long. It is kept nowhere."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(letter for letter in last if letter.isprintable()).strip()
    return seen if len(seen) <= 40 else f"{seen[:30]}…{seen[-9:]}"


def _row_of(ticket: Ticket, picture: images.Picture, source: str, *, by: Actor, at: datetime) -> Attachment:
    """The row of a photo, not saved yet."""
    return Attachment(
        ticket=ticket,
        sha256=hashlib.sha256(picture.photo).hexdigest(),
        source_sha256=source,
        width=picture.width,
        height=picture.height,
        bytes=len(picture.photo),
        taken_at=picture.taken_at,
        latitude=picture.latitude,
        longitude=picture.longitude,
        uploaded_at=at,
        by_role=by.role,
        by_unit=by.unit or "",
        by_name=by.name,
        by_user=by.user_id,
    )


def _record(ticket: Ticket, rows: Sequence[Attachment], *, by: Actor, at: datetime, note: str) -> list[Attachment]:
    """One step and the rows of its photos, in one transaction; raises _NothingNew where others brought them all."""
    added: list[Attachment] = []

    def decide(matter: Matter) -> Draft:
        _guard(matter.ticket, by)
        sources = [row.source_sha256 for row in rows]
        known = Attachment.objects.filter(ticket=ticket, source_sha256__in=sources)
        there = set(known.values_list("source_sha256", flat=True))
        added[:] = [row for row in rows if row.source_sha256 not in there]
        if not added:
            raise _NothingNew
        photos = [{"name": row.name, "sha256": row.sha256} for row in added]
        return Draft("attach", data={"photos": photos} | ({"note": note} if note else {}))

    with transaction.atomic():
        perform(ticket, decide, by=by, at=at)
        Attachment.objects.bulk_create(added)
    return added


def _write(drawn: _Drawn) -> list[str]:
    """Store a photo and its thumbnail, down to the disk: once recorded they must be there. Returns their paths."""
    written: list[str] = []
    row, picture = drawn.row, drawn.picture
    try:
        for path, content in ((row.path, picture.photo), (row.thumbnail_path, picture.thumbnail)):
            written.append(default_storage.save(path, ContentFile(content)))
            assert written[-1] == path, "a random name was taken"
            _settle(path)
    except BaseException:
        _remove(written)
        raise
    return written


def _settle(path: str) -> None:
    """Wait until a file and its name are on the disk; a store elsewhere answers for itself."""
    try:
        file = Path(default_storage.path(path))
    except NotImplementedError:
        return
    for part in (file, file.parent):
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(paths: Iterable[str]) -> None:
    """Take files back that no row names; one that will not go does no harm."""
    for path in paths:
        with suppress(OSError):
            default_storage.delete(path)
