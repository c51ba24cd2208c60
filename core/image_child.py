"""The child process that draws a picture anew: one comes in by standard input, a harmless copy goes out.

Run as a program by ``core.images`` and by nobody else. It shuts itself in before it looks at the first byte, loads no
code of the product and is given no environment, so a picture made to break the decoder breaks a process that knows
nothing and has little. It answers with one line of JSON, then the photo, then the thumbnail.
"""

from __future__ import annotations

import io
import json
import re
import resource
import signal
import sys
import warnings
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Exif, Image
    from PIL.ImageFile import ImageFile

#: How the files begin that are taken; RIFF holds other things than WebP too, which its decoder refuses.
JPEG, PNG, RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
#: EXIF: tags and blocks that are read; all others are dropped unread.
ORIENTATION, CAMERA, PLACE = 0x0112, 0x8769, 0x8825
TAKEN_AT, TAKEN_OFFSET = 0x9003, 0x9011
LATITUDE, LONGITUDE = (1, 2), (3, 4)
OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
QUALITY, THUMBNAIL_QUALITY = 85, 75


class Unfit(Exception):
    """The picture is not taken; the argument says why, in one of the words ``core.images`` knows."""


def shut_in(limits: Mapping[str, int]) -> None:
    """Bound memory, time, and what can be written or opened; no process without privileges can undo it."""
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, limits["answer"]),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # The parent has a watch of its own; this one also rings when the parent is gone.
    signal.alarm(limits["seconds"])


def opened(data: bytes, pixels: int) -> ImageFile:
    """The picture with its header read and nothing decoded. Raises Unfit.

    The format is what the bytes are, never what a name or a browser says, and the three decoders are called by name:
    no other code of the library is reached. A JPEG is read as its first picture: phones append depth maps and brighter
    versions, which are dropped with everything else that follows.
    """
    from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    Image.MAX_IMAGE_PIXELS = pixels // 2  # the library refuses at twice this, for WebP before it takes memory
    kinds: dict[bytes, type[ImageFile]] = {
        JPEG: JpegImagePlugin.JpegImageFile,
        PNG: PngImagePlugin.PngImageFile,
        RIFF: WebPImagePlugin.WebPImageFile,
    }
    kind = next((kind for start, kind in kinds.items() if data.startswith(start)), None)
    if kind is None:
        raise Unfit("kind")
    try:
        image = kind(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise Unfit("pixels") from error
    if image.width * image.height > pixels:
        raise Unfit("pixels")
    if getattr(image, "n_frames", 1) > 1:
        raise Unfit("frames")
    return image


def upright(image: Image, orientation: object) -> Image:
    """The picture turned as the camera was held."""
    from PIL.Image import Transpose

    turn = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(orientation)  # type: ignore[call-overload]
    return image if turn is None else image.transpose(turn)


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size with no side longer than ``side``, in the same proportion."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def shrunk(image: Image, side: int) -> Image:
    """The picture no larger than ``side``; one much larger is halved first, which takes a fraction of the memory."""
    from PIL.Image import Resampling

    size = fitted(image.size, side)
    return image if size == image.size else image.resize(size, Resampling.LANCZOS, reducing_gap=1.0)


def coloured(image: Image) -> Image:
    """The picture in a mode that can be shrunk."""
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode.startswith("I"):  # sixteen bits
        return image.point(lambda value: value / 256).convert("L")
    return image.convert("L") if image.mode == "1" else image


def opaque(image: Image) -> Image:
    """The picture in plain colours, on white where it was transparent."""
    from PIL import Image as images

    if not image.has_transparency_data:
        return image.convert("RGB")
    picture = image.convert("RGBA")
    ground = images.new("RGB", image.size, "white")
    ground.paste(picture, mask=picture)
    return ground


def as_jpeg(image: Image, quality: int) -> bytes:
    """The pixels and nothing else."""
    image.info.clear()  # a comment would be written again
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def recorded(exif: Exif) -> dict[str, str | float]:
    """When and where, as the camera tells it; what cannot be read is not told."""
    found: dict[str, str | float] = {}
    try:
        camera = exif.get_ifd(CAMERA)
        taken = datetime.strptime(str(camera[TAKEN_AT]).strip("\0 "), "%Y:%m:%d %H:%M:%S")
        offset = OFFSET.fullmatch(str(camera.get(TAKEN_OFFSET, "")).strip("\0 "))
        found["taken_at"] = taken.isoformat() + (offset[0] if offset else "")
    except Exception:
        found.clear()
    try:
        place = exif.get_ifd(PLACE)
        latitude, longitude = degrees(place, LATITUDE, "S", 90), degrees(place, LONGITUDE, "W", 180)
    except Exception:
        return found
    # Both are zero where no satellite was seen.
    return found | ({"latitude": latitude, "longitude": longitude} if (latitude, longitude) != (0, 0) else {})


def degrees(place: Mapping[int, Any], tags: tuple[int, int], negative: str, most: int) -> float:
    """Degrees, minutes and seconds as one figure. Raises what comes of nonsense."""
    side, parts = place[tags[0]], place[tags[1]]
    whole = sum(Fraction(part) / 60**power for power, part in enumerate(parts[:3]))
    figure = round(float(-whole if str(side).strip("\0 ").upper() == negative else whole), 6)
    if not -most <= figure <= most:
        raise ValueError(figure)
    return figure


def redrawn(data: bytes, limits: Mapping[str, int]) -> tuple[dict[str, Any], bytes, bytes]:
    """What is known of the picture, the photo and its thumbnail. Raises Unfit, and anything a decoder may raise."""
    image = opened(data, limits["pixels"])
    image.draft(None, fitted(image.size, limits["side"]))  # a JPEG can be decoded at a half, a quarter or an eighth
    image.load()
    exif = image.getexif()
    orientation = exif.get(ORIENTATION)
    picture = opaque(shrunk(coloured(image), limits["side"]))
    image.close()
    picture = upright(picture, orientation)
    told = {"width": picture.width, "height": picture.height, **recorded(exif)}
    photo = as_jpeg(picture, QUALITY)
    return told, photo, as_jpeg(shrunk(picture, limits["thumbnail"]), THUMBNAIL_QUALITY)


def answer(data: bytes, limits: Mapping[str, int]) -> bytes:
    """One line of JSON, the photo and the thumbnail; without pictures where it says why the data is unfit."""
    photo = thumbnail = b""
    try:
        told, photo, thumbnail = redrawn(data, limits)
    except Unfit as unfit:
        told = {"unfit": str(unfit)}
    except MemoryError:
        told = {"unfit": "costly"}
    except ImportError:
        raise  # our fault, not the picture's
    except Exception:
        # Whatever a decoder stumbles over: the bytes are no picture that can be shown.
        told = {"unfit": "broken"}
    line = json.dumps(told | {"photo": len(photo), "thumbnail": len(thumbnail)})
    return line.encode() + b"\n" + photo + thumbnail


def main() -> None:
    """Answer for one picture."""
    limits: dict[str, int] = json.loads(sys.argv[1])
    shut_in(limits)
    warnings.simplefilter("ignore")  # a picture does not write into our log
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), limits))


if __name__ == "__main__":
    main()
