"""Pictures from outside, drawn anew: what is kept was written by us, pixel by pixel, and holds nothing else.

The decoders are large, old and in C, so they never run here: every picture has a child process of its own
(``core.image_child``) with little memory, little time and an empty environment. What it cannot draw is refused; what it
answers is checked again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from core.clock import SHANGHAI
from core.image_child import JPEG, PNG, RIFF

#: Of one file, as it is sent.
MAX_BYTES = 12 * 2**20
MAX_PIXELS = 40_000_000
#: The longer side of what is kept.
SIDE, THUMBNAIL = 2560, 320
#: Of the child: address space, seconds by the clock on the wall, and bytes of its answer.
MEMORY, SECONDS, ANSWER = 512 * 2**20, 10, 24 * 2**20

CHILD = Path(__file__).with_name("image_child.py")
LIMITS = {
    "memory": MEMORY,
    "seconds": SECONDS,
    "answer": ANSWER,
    "pixels": MAX_PIXELS,
    "side": SIDE,
    "thumbnail": THUMBNAIL,
}
#: Children of one process at a time: a dozen people sending at once wait their turn rather than fill the memory.
SLOTS = threading.BoundedSemaphore(2)
#: How a child ends that took too much time.
TIME_UP = {-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL}
#: In which a camera may say it was.
YEARS = range(1990, 2100)


class Unfit(Exception):
    """A picture that is not taken. ``reason`` is one word:

    ``kind`` no JPEG, PNG or WebP; ``pixels`` more than MAX_PIXELS; ``frames`` it moves; ``broken`` it cannot be
    decoded; ``costly`` decoding takes too much time or memory.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        assert reason in {"kind", "pixels", "frames", "broken", "costly"}, reason
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew: upright JPEG without metadata, its thumbnail, the camera's word on time and place."""

    photo: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def redraw(source: IO[bytes]) -> Picture:
    """Draw the picture in ``source`` anew, a file of at most MAX_BYTES that has a descriptor.

    Raises Unfit, or RuntimeError where no picture is to blame.
    """
    source.flush()
    descriptor = source.fileno()
    if not os.pread(descriptor, len(PNG), 0).startswith((JPEG, PNG, RIFF)):
        raise Unfit("kind")  # no child need look at it
    os.lseek(descriptor, 0, os.SEEK_SET)
    # The answer goes through a file, not a pipe: its size is bounded by the kernel, and nobody waits for a reader.
    with SLOTS, tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-I", CHILD, json.dumps(LIMITS)],
                stdin=descriptor,
                stdout=answer,
                env={},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unfit("costly") from error
        if done.returncode > 0:
            raise RuntimeError(f"drawing a picture ended with {done.returncode}; its log lines say why")
        if done.returncode < 0:
            raise Unfit("costly" if done.returncode in TIME_UP else "broken")
        answer.seek(0)
        return understood(answer)


def understood(answer: IO[bytes]) -> Picture:
    """The child's answer, believed only as far as it can be checked: a picture may have made it say anything."""
    try:
        told: dict[str, Any] = json.loads(answer.readline(1000))
        unfit = told.get("unfit")
        if unfit is not None:
            raise Unfit(unfit)
        photo, thumbnail = answer.read(int(told["photo"])), answer.read(int(told["thumbnail"]))
        if not (photo.startswith(JPEG) and thumbnail.startswith(JPEG)) or answer.read(1):
            raise ValueError("no two pictures")
        return Picture(
            photo=photo,
            thumbnail=thumbnail,
            width=_side(told["width"]),
            height=_side(told["height"]),
            taken_at=_instant(told.get("taken_at")),
            latitude=_degrees(told.get("latitude"), 90),
            longitude=_degrees(told.get("longitude"), 180),
        )
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, AssertionError) as error:
        raise Unfit("broken") from error


def _side(length: object) -> int:
    if not isinstance(length, int) or not 1 <= length <= SIDE:
        raise ValueError(length)
    return length


def _instant(text: str | None) -> datetime | None:
    """When the camera says it was; one that names no zone was set to ours, one that was never set is not believed."""
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.year not in YEARS:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def _degrees(figure: float | None, most: int) -> Decimal | None:
    if figure is None:
        return None
    degrees = Decimal(str(figure)).quantize(Decimal("0.000001"))
    if abs(degrees) > most:
        raise ValueError(figure)
    return degrees
