"""Files people and attackers send as photos, made in code: each with its name and what must become of it."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from PIL import Image, ImageDraw
from PIL.ExifTags import IFD, Base

#: Words that must be nowhere in what is kept.
SCRIPT = b"<script>alert(document.domain)</script>"
PHP = b"<?php system($_GET['c']); ?>"
TRACES = (b"<script", b"<?php", b"PK\x03\x04", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"MPF\0", b"8BIM")

KEPT = "kept"
#: Where a decoder may forgive or not: both are safe.
EITHER = "either"


@dataclass(frozen=True)
class Sent:
    """A file as it is sent. ``fate`` is KEPT, EITHER, or the word for why it is refused."""

    name: str
    content: bytes
    fate: str
    filename: str = "photo.jpg"


def picture(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    """Upright: red in the upper left corner, blue in the lower right, grey between."""
    image = Image.new("RGB", size, (128, 128, 128))
    draw = ImageDraw.Draw(image)
    wide, high = size[0] // 3, size[1] // 3
    draw.rectangle((0, 0, wide, high), fill=(255, 0, 0))
    draw.rectangle((size[0] - wide, size[1] - high, size[0], size[1]), fill=(0, 0, 255))
    return image.convert(mode)


def sixteen_bits() -> Image.Image:
    """The same in fine greys, as measuring cameras give it."""
    grey = picture(mode="L")
    return Image.frombytes("I;16", grey.size, bytes(part for value in grey.tobytes() for part in (value, value)))


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    """A good one."""
    return encoded(picture(), quality=90, **options)


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """As hard to compress as a photo of gravel."""
    small = (size[0] // 4 + 1, size[1] // 4 + 1)
    image = Image.frombytes("RGB", small, random.Random(seed).randbytes(small[0] * small[1] * 3))
    return image.resize(size, Image.Resampling.BILINEAR)


def exif(
    *, orientation: int = 1, taken: str = "", offset: str = "", place: tuple[Any, ...] = (), texts: bytes = b""
) -> Image.Exif:
    """What a camera writes."""
    found = Image.Exif()
    found[Base.Orientation] = orientation
    if texts:
        for tag in (Base.ImageDescription, Base.Make, Base.Artist, Base.Copyright):
            found[tag] = texts.decode()
    camera = found.get_ifd(IFD.Exif)
    if taken:
        camera[Base.DateTimeOriginal] = taken
    if offset:
        camera[Base.OffsetTimeOriginal] = offset
    if texts:
        camera[Base.UserComment] = texts
    if place:
        north, latitude, east, longitude = place
        found.get_ifd(IFD.GPSInfo).update({1: north, 2: latitude, 3: east, 4: longitude})
    return found


#: 31°52'1.5" N, 117°17'2.25" E, as a phone writes it.
PLACE = ("N", (31, 52, Fraction(3, 2)), "E", (117, 17, Fraction(9, 4)))


def turned(orientation: int) -> bytes:
    """The upright picture as a camera held otherwise stores it."""
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = picture() if back is None else picture().transpose(back)
    return encoded(image, quality=90, exif=exif(orientation=orientation))


def chunk(kind: bytes, data: bytes, *, length: int | None = None) -> bytes:
    """A part of a PNG; ``length`` lies about its own."""
    size = len(data) if length is None else length
    return struct.pack(">I", size) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *, depth: int = 1, whole: bool = True, more: bytes = b"", length: int | None = None
) -> bytes:
    """A black PNG of any size, whole or with its header alone."""
    squeeze = zlib.compressobj(1)
    row = bytes(1 + (width * depth + 7) // 8)
    lines = height if whole else 1
    batch = max(1, min(lines, 4_000_000 // len(row)))
    data = b"".join(squeeze.compress(row * min(batch, lines - done)) for done in range(0, lines, batch))
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    body = chunk(b"IHDR", header, length=length) + more + chunk(b"IDAT", data + squeeze.flush())
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def flat_webp(width: int, height: int) -> bytes:
    """A WebP of one colour and any size: a pixel takes no bit at all."""
    small = bytearray(encoded(Image.new("RGB", (8, 8)), "WEBP", lossless=True))
    assert small[12:16] == b"VP8L"
    small[21:25] = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return bytes(small)


def animated_png(frames: int) -> bytes:
    """One that says it has so many frames, and has two."""
    image = encoded(picture(), "PNG", save_all=True, append_images=[picture().rotate(90)])
    at = image.index(b"acTL")
    return image[: at - 4] + chunk(b"acTL", struct.pack(">II", frames, 0)) + image[at + 16 :]


def animated_webp(frames: int) -> bytes:
    """So many frames in truth: each the same, as short as a frame can be."""
    still = encoded(Image.new("RGB", (8, 8)), "WEBP")[12:]
    head = bytes(6) + _three(7) + _three(7) + _three(10) + b"\0"
    frame = b"ANMF" + struct.pack("<I", len(head) + len(still)) + head + still
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + _three(7) + _three(7)
    body = b"WEBP" + extended + b"ANIM" + struct.pack("<I", 6) + bytes(6) + frame * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _three(number: int) -> bytes:
    return struct.pack("<I", number)[:3]


def zipped() -> bytes:
    """An archive with a page in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return out.getvalue()


def said_size(content: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header tells another size."""
    at = content.index(b"\xff\xc0")
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def segment(marker: int, data: bytes, *, length: int | None = None) -> bytes:
    """A part of a JPEG; ``length`` lies about its own."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2 if length is None else length) + data


def with_segment(part: bytes) -> bytes:
    """A good JPEG with a part put behind its start."""
    whole = jpeg()
    return whole[:2] + part + whole[2:]


def endless_scans(side: int, times: int) -> bytes:
    """A small progressive JPEG whose last pass over a large picture is asked for again and again."""
    whole = encoded(Image.new("L", (side, side), 90), progressive=True, quality=60)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * times + b"\xff\xd9"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n(%pipe%id) (r) file\nshowpage\n%%EOF\n"
NAMES = {
    "parent_folders": "../../../../etc/cron.d/photo.jpg",
    "windows_folders": "..\\..\\windows\\system32\\photo.jpg",
    "nul": "photo.php\0.jpg",
    "right_to_left": "photo\u202egpj.exe",
    "long": "长" * 296 + ".jpg",
    "double": "a.php.jpg",
    "htaccess": ".htaccess",
    "script": "<img src=x onerror=alert(1)>.jpg",
    "quotes": '"; filename=evil.html; x=".jpg',
    "line_break": "a\r\nSet-Cookie: a=b\r\n.jpg",
    "device": "/dev/null",
    "dots": "..",
    "formula": "=cmd|' /C calc'!A0.jpg",
    "none_to_see": "\u200b\u202e",
}


def good() -> Iterator[Sent]:
    """What honest people send."""
    yield Sent("jpeg", jpeg(), KEPT)
    yield Sent("jpeg_progressive", jpeg(progressive=True), KEPT)
    yield Sent("jpeg_grey", encoded(picture(mode="L")), KEPT)
    yield Sent("jpeg_cmyk", encoded(picture(mode="CMYK")), KEPT)
    yield Sent("jpeg_large", encoded(noise((4000, 3000)), quality=80), KEPT)
    second = picture().rotate(180)
    # Phones append depth maps and brighter versions in this way.
    yield Sent("jpeg_with_a_second_picture", encoded(picture(), "MPO", save_all=True, append_images=[second]), KEPT)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        image = sixteen_bits() if mode == "I;16" else picture(mode=mode)
        yield Sent(f"png_{mode.replace(';', '_')}", encoded(image, "PNG"), KEPT, "photo.png")
    yield Sent("png_see_through", encoded(picture(mode="P"), "PNG", transparency=0), KEPT, "photo.png")
    yield Sent("webp", encoded(picture(), "WEBP"), KEPT, "photo.webp")
    yield Sent("webp_lossless", encoded(picture(mode="RGBA"), "WEBP", lossless=True), KEPT, "photo.webp")
    yield Sent("one_pixel", encoded(Image.new("RGB", (1, 1)), "PNG"), KEPT)
    yield Sent("one_line", encoded(Image.new("L", (20_000, 1)), "PNG"), KEPT)
    yield Sent("exactly_40_megapixels", png(8000, 5000), KEPT)
    yield Sent("png_called_jpeg", encoded(picture(), "PNG"), KEPT, "photo.jpg")
    yield Sent("jpeg_called_page", jpeg(), KEPT, "photo.html")


def marked() -> Iterator[Sent]:
    """Pictures that carry more than a picture."""
    for number in range(1, 9):
        yield Sent(f"orientation_{number}", turned(number), KEPT)
    yield Sent("orientation_nonsense", encoded(picture(), exif=exif(orientation=99)), KEPT)
    yield Sent("exif_place", encoded(picture(), exif=exif(place=PLACE, taken="2026:03:02 09:03:04")), KEPT)
    yield Sent("exif_script", encoded(picture(), exif=exif(texts=SCRIPT)), KEPT)
    yield Sent("exif_script_png", encoded(picture(), "PNG", exif=exif(texts=SCRIPT)), KEPT)
    yield Sent("exif_script_webp", encoded(picture(), "WEBP", exif=exif(texts=SCRIPT)), KEPT)
    yield Sent("exif_broken", with_segment(segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f" + SCRIPT)), KEPT)
    yield Sent(
        "exif_circular", with_segment(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + bytes(2) + b"\x08\0\0\0")), KEPT
    )
    yield Sent("comment_script", jpeg(comment=SCRIPT), KEPT)
    yield Sent("xmp_script", jpeg(xmp=SCRIPT), KEPT)
    yield Sent("profile_script", jpeg(icc_profile=SCRIPT), KEPT)
    yield Sent("photoshop_block", with_segment(segment(0xED, b"Photoshop 3.0\0" + b"8BIM" * 99)), KEPT)
    yield Sent("many_markers", with_segment(segment(0xE9, PHP) * 2000), KEPT)
    yield Sent("jpeg_script_tail", jpeg() + SCRIPT, KEPT)
    yield Sent("jpeg_php_tail", jpeg() + PHP, KEPT, "a.php.jpg")
    yield Sent("jpeg_zip_tail", jpeg() + zipped(), KEPT)
    yield Sent("jpeg_archive_tail", jpeg() + b"Rar!\x1a\x07\0" + SCRIPT, KEPT)
    yield Sent("jpeg_big_tail", jpeg() + bytes(8_000_000), KEPT)
    yield Sent("png_script_tail", encoded(picture(), "PNG") + SCRIPT, KEPT)
    yield Sent("png_zip_tail", encoded(picture(), "PNG") + zipped(), KEPT)
    yield Sent("png_script_text", png(9, 9, more=chunk(b"tEXt", b"Comment\0" + SCRIPT)), KEPT)
    yield Sent("png_script_chunk", png(9, 9, more=chunk(b"phPx", PHP)), KEPT)
    yield Sent("webp_script_tail", encoded(picture(), "WEBP") + SCRIPT, EITHER)
    yield Sent("page_in_the_pixels", encoded(Image.frombytes("L", (len(HTML), 1), HTML), "PNG"), KEPT)


def foreign() -> Iterator[Sent]:
    """What is no JPEG, PNG or WebP, whatever it is called."""
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "PDF", "JPEG2000", "AVIF", "DDS", "SGI"):
        yield Sent(f"{kind.lower()}_as_jpeg", encoded(picture(), kind), "kind")
    frames = [picture().rotate(turn) for turn in (90, 180)]
    yield Sent("gif_moving", encoded(picture(), "GIF", save_all=True, append_images=frames), "kind")
    texts = {
        "eps": EPS,
        "svg": SVG,
        "html": HTML,
        "php": PHP,
        "xml": b"<?xml version='1.0'?>" + SVG,
        "empty_line": b"\n",
    }
    for name, text in texts.items():
        yield Sent(f"{name}_as_jpeg", text, "kind")
    yield Sent("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "kind")
    yield Sent("video", b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(64), "kind")
    yield Sent("program", b"\x7fELF" + bytes(64), "kind")
    yield Sent("archive", zipped(), "kind")
    yield Sent("gif_before_a_jpeg", b"GIF89a" + jpeg(), "kind")
    yield Sent("page_before_a_jpeg", HTML + jpeg(), "kind")
    yield Sent("one_byte", b"\xff", "kind")
    yield Sent("sound_in_riff", b"RIFF\x24\0\0\0WAVEfmt " + bytes(32), "broken")


def bombs() -> Iterator[Sent]:
    """Small to send, large to open."""
    yield Sent("png_just_too_large", png(8001, 5000), "pixels")
    yield Sent("png_81_megapixels", png(9000, 9000), "pixels")
    yield Sent("png_169_megapixels", png(13_000, 13_000), "pixels")
    yield Sent("png_400_megapixels", png(20_000, 20_000), "pixels")
    yield Sent("png_3600_megapixels", png(60_000, 60_000, whole=False), "pixels")
    yield Sent("png_one_huge_line", png(2**27, 1), "pixels")
    yield Sent("jpeg_largest", said_size(jpeg(), 65_535, 65_535), "pixels")
    webp = encoded(picture(), "WEBP", lossless=True)
    yield Sent("webp_largest", webp[:21] + b"\xff\xff\xff\x0f" + webp[25:], "pixels")
    yield Sent("webp_extended_largest", b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff" * 6, "pixels")
    yield Sent("webp_40_megapixels", flat_webp(8000, 5000), "costly")
    text = zlib.compress(bytes(50_000_000), 9)
    yield Sent("png_text_bomb", png(9, 9, more=chunk(b"zTXt", b"Comment\0\0" + text)), "broken")
    yield Sent("png_profile_bomb", png(9, 9, more=chunk(b"iCCP", b"icc\0\0" + text)), EITHER)
    yield Sent("png_animated", animated_png(2), "frames")
    yield Sent("png_10000_frames", animated_png(10_000), "frames")
    yield Sent("webp_animated", animated_webp(2), "frames")
    yield Sent("webp_10000_frames", animated_webp(10_000), "frames")


def damaged() -> Iterator[Sent]:
    """Cut short or lying about lengths."""
    files = {"jpeg": jpeg(), "png": encoded(noise((96, 64)), "PNG"), "webp": encoded(noise((96, 64)), "WEBP")}
    for kind, whole in files.items():
        for share in (10, 50, 90):
            yield Sent(f"{kind}_cut_at_{share}_percent", whole[: len(whole) * share // 100], "broken")
    yield Sent("jpeg_start_alone", b"\xff\xd8\xff", "broken")
    yield Sent("png_start_alone", b"\x89PNG\r\n\x1a\n", "broken")
    yield Sent("webp_start_alone", b"RIFF\0\0\0\0WEBP", "broken")
    yield Sent("png_header_too_short", png(9, 9, length=5), "broken")
    yield Sent("png_header_too_long", png(9, 9, length=2**31 - 1), "broken")
    yield Sent("png_no_pixels", png(0, 9), "broken")
    yield Sent("png_wrong_sum", png(9, 9)[:29] + b"\0\0\0\0" + png(9, 9)[33:], "broken")
    yield Sent("jpeg_part_too_short", with_segment(segment(0xE5, b"abc", length=0)), EITHER)
    yield Sent("jpeg_part_too_long", with_segment(segment(0xE5, b"abc", length=65_535)), "broken")
    yield Sent("jpeg_no_pixels", said_size(jpeg(), 0, 9), "broken")
    yield Sent("jpeg_taller_than_it_is", said_size(jpeg(), 96, 6400), EITHER)
    yield Sent("jpeg_wider_than_it_is", said_size(jpeg(), 6400, 64), EITHER)
    yield Sent("jpeg_twelve_bits", jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), "broken")
    webp = files["webp"]
    yield Sent("webp_length_too_short", webp[:4] + b"\x20\0\0\0" + webp[8:], "broken")
    yield Sent("webp_length_too_long", webp[:4] + b"\xf0\xff\xff\x7f" + webp[8:], EITHER)
    yield Sent("zeros_in_the_middle", _blotted(encoded(noise((320, 240)))), EITHER)


def _blotted(content: bytes) -> bytes:
    third = len(content) // 3
    return content[:third] + bytes(third) + content[2 * third :]


def whole() -> list[Sent]:
    """Everything, each name once."""
    sent = [*good(), *marked(), *foreign(), *bombs(), *damaged()]
    assert len({each.name for each in sent}) == len(sent)
    return sent


def mutated(count: int, seed: int) -> Iterator[bytes]:
    """Good pictures with a few bytes changed, cut out or repeated."""
    dice = random.Random(seed)
    seeds = [
        encoded(noise((64, 48)), quality=70, exif=exif(place=PLACE, taken="2026:03:02 09:03:04", texts=SCRIPT)),
        encoded(noise((64, 48)), progressive=True),
        encoded(picture((64, 48), "CMYK")),
        encoded(noise((64, 48)), "PNG"),
        encoded(picture((64, 48), "P"), "PNG", transparency=1, exif=exif(place=PLACE)),
        encoded(sixteen_bits(), "PNG"),
        encoded(noise((64, 48)), "WEBP", exif=exif(texts=SCRIPT)),
        encoded(picture((64, 48), "RGBA"), "WEBP", lossless=True),
        animated_webp(3),
    ]
    for _time in range(count):
        content = bytearray(dice.choice(seeds))
        for _change in range(dice.randint(1, 8)):
            at = dice.randrange(len(content))
            match dice.randrange(4):
                case 0:
                    content[at] = dice.randrange(256)
                case 1:
                    content[at : at + 4] = dice.choice([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0"])
                case 2:
                    del content[at : at + dice.randint(1, 64)]
                case 3:
                    content[at:at] = content[at : at + dice.randint(1, 64)]
            content = content or bytearray(b"\0")
        yield bytes(content)
