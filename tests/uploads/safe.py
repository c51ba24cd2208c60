"""Whether a file that is kept holds a picture and nothing else: by its bytes, and by a reading of our own."""

from __future__ import annotations

import io
import struct

from PIL import Image

from core.images import SIDE
from tests.uploads.corpus import TRACES

#: What a plain JPEG is made of: JFIF header, tables, frame, scan.
PARTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def faults(content: bytes, *, side: int = SIDE) -> list[str]:
    """What is in the file that should not be."""
    found = [f"holds {trace!r}" for trace in TRACES if trace in content]
    found += structure(content)
    if not found:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            image.load()
            if image.mode != "RGB" or max(image.size) > side:
                found.append(f"{image.mode} {image.size}")
            found += [f"carries {name}" for name in image.info if not name.startswith("jfif")]
            if image.getexif():
                found.append("carries EXIF")
    return found


def structure(content: bytes) -> list[str]:
    """A walk over the parts of a JPEG, to its very end."""
    if not content.startswith(b"\xff\xd8"):
        return ["does not start as a JPEG"]
    at, found = 2, []
    while at + 4 <= len(content):
        start, marker, length = struct.unpack(">BBH", content[at : at + 4])
        if start != 0xFF:
            return [*found, f"no part at {at}"]
        if marker not in PARTS:
            found.append(f"part {marker:#x}")
        if marker == 0xE0 and length != 16:
            found.append("a long JFIF header")
        at += 2 + length
        if marker == 0xDA:
            end = content.index(b"\xff\xd9", at)
            return found if end + 2 == len(content) else [*found, f"{len(content) - end - 2} bytes behind the end"]
    return [*found, "no scan"]
