"""What the block of photos shows of a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import images
from dispatch.queries.timeline import Entry
from tickets.actions.attaching import MAX_FILES, may_attach
from tickets.models import Ticket
from units.actors import Actor


@dataclass(frozen=True)
class Photo:
    """A photo as a page shows it."""

    name: str
    at: datetime


def photos_in(entries: Iterable[Entry]) -> list[Photo]:
    """The photos a timeline tells of, oldest first: the page that has one asks the database nothing more."""
    found = [Photo(name, entry.at) for entry in entries for name in entry.photos]
    return sorted(found, key=lambda photo: photo.at)


def photo_block(ticket: Ticket, actor: Actor, photos: Sequence[Photo], *, refused: str = "") -> dict[str, Any]:
    """The context of ``dispatch/parts/photos.html``."""
    return {
        "ticket": ticket,
        "photos": photos,
        "may_attach": may_attach(ticket, actor),
        "refused": refused,
        "max_files": MAX_FILES,
        "max_bytes": images.MAX_BYTES,
        "max_megabytes": images.MAX_BYTES // 2**20,
    }
