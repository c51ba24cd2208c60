"""Every file of the corpus: kept as a picture and nothing else, or refused, in little time and memory."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core import images
from core.clock import SHANGHAI
from tests.uploads import corpus, quick
from tests.uploads.corpus import EITHER, KEPT, Sent
from tests.uploads.safe import faults

SENT = corpus.whole()
MEGABYTE = 2**20
SEED = 20260302
MUTATIONS = 2000


@dataclass(frozen=True)
class Outcome:
    fate: str
    seconds: float
    picture: images.Picture | None = None


def content_of(name: str) -> bytes:
    return next(sent.content for sent in SENT if sent.name == name)


def redrawn(content: bytes) -> images.Picture:
    with tempfile.TemporaryFile() as source:
        source.write(content)
        return images.redraw(source)


def outcome(sent: Sent) -> Outcome:
    began = time.monotonic()
    try:
        picture = redrawn(sent.content)
    except images.Unfit as unfit:
        return Outcome(unfit.reason, time.monotonic() - began)
    return Outcome(KEPT, time.monotonic() - began, picture)


def work(sent: Sent) -> float:
    """Seconds of computing that a file takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome(sent)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
def test_a_file_is_kept_clean_or_refused_for_what_it_is(sent: Sent) -> None:
    found = outcome(sent)
    assert sent.fate in {found.fate, EITHER}
    # On a busy machine the clock on the wall says little; then the work itself is measured.
    assert found.seconds < 2 or work(sent) < 2
    if found.picture:
        assert faults(found.picture.photo) == []
        assert faults(found.picture.thumbnail, side=images.THUMBNAIL) == []
        assert sent.content[:64] not in found.picture.photo


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(SENT) >= 120
    assert sum(sent.fate == KEPT for sent in SENT) >= 50


@pytest.mark.parametrize(
    "name", ["exif_script", "comment_script", "jpeg_script_tail", "jpeg_zip_tail", "photoshop_block"]
)
def test_the_check_sees_what_the_files_carry(name: str) -> None:
    """Without the redrawing the same files would fail it."""
    assert faults(content_of(name))


def shown(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
    return image


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 60 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("number", range(1, 9))
def test_a_picture_is_upright_however_the_camera_was_held(number: int) -> None:
    picture = quick.redraw(io.BytesIO(corpus.turned(number)))
    assert (picture.width, picture.height) == (96, 64)
    for content in (picture.photo, picture.thumbnail):
        image = shown(content)
        assert near(image.getpixel((5, 5)), (255, 0, 0))
        assert near(image.getpixel((90, 58)), (0, 0, 255))
        assert near(image.getpixel((90, 5)), (128, 128, 128))


@pytest.mark.parametrize("name", ["png_P", "png_RGBA", "png_LA", "png_I_16", "webp", "jpeg_cmyk"])
def test_what_is_shown_stays_the_same(name: str) -> None:
    picture = quick.redraw(io.BytesIO(content_of(name)))
    assert near(shown(picture.photo).getpixel((48, 32)), (128, 128, 128))


def test_a_large_photo_is_made_smaller_in_proportion() -> None:
    picture = quick.redraw(io.BytesIO(content_of("jpeg_large")))
    assert (picture.width, picture.height) == (2560, 1920)
    assert shown(picture.photo).size == (2560, 1920)
    assert shown(picture.thumbnail).size == (320, 240)


def camera(**told: Any) -> images.Picture:
    return quick.redraw(io.BytesIO(corpus.encoded(corpus.picture(), exif=corpus.exif(**told))))


def test_time_and_place_are_read_before_they_are_dropped() -> None:
    found = camera(taken="2026:03:02 09:03:04", place=corpus.PLACE)
    assert found.taken_at == datetime(2026, 3, 2, 9, 3, 4, tzinfo=SHANGHAI)
    assert (found.latitude, found.longitude) == (Decimal("31.867083"), Decimal("117.283958"))


def test_a_camera_that_names_its_zone_is_understood() -> None:
    found = camera(taken="2026:03:02 09:03:04", offset="+00:00", place=("S", (1, 30, 0), "W", (0, 0, 36)))
    assert found.taken_at == datetime(2026, 3, 2, 9, 3, 4, tzinfo=UTC)
    assert (found.latitude, found.longitude) == (Decimal("-1.5"), Decimal("-0.01"))


@pytest.mark.parametrize(
    "told",
    [
        {"taken": "0000:00:00 00:00:00"},
        {"taken": "0001:01:01 00:00:00"},
        {"taken": "9999:12:31 23:59:59"},
        {"taken": "yesterday"},
        {"taken": "2026:02:30 09:00:00"},
        {"place": ("N", (0, 0, 0), "E", (0, 0, 0))},
        {"place": ("N", (91, 0, 0), "E", (117, 0, 0))},
        {"place": ("N", (31, 0, 0), "E", (999, 0, 0))},
    ],
    ids=str,
)
def test_a_camera_that_was_never_set_is_not_believed(told: dict[str, Any]) -> None:
    found = camera(**told)
    assert (found.taken_at, found.latitude, found.longitude) == (None, None, None)


def test_a_nonsense_zone_is_taken_as_ours() -> None:
    found = camera(taken="2026:03:02 09:03:04", offset="+99:99")
    assert found.taken_at == datetime(2026, 3, 2, 9, 3, 4, tzinfo=SHANGHAI)


#: Runs the child and says what it held at most. A parent's own size would show in what the kernel reports of a child.
WATCHED = """
import re, runpy, sys
path = sys.argv.pop(1)
runpy.run_path(path, run_name="__main__")
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
"""


def peak(content: bytes) -> tuple[float, bytes]:
    """Megabytes the child held at most, and the first line of its answer."""
    command = [sys.executable, "-I", "-c", WATCHED, images.CHILD, json.dumps(images.LIMITS)]
    done = subprocess.run(command, input=content, capture_output=True, env={}, cwd="/", check=True)
    return int(done.stderr) / 1024, done.stdout.split(b"\n", 1)[0]


@pytest.mark.parametrize(
    ("size", "options"),
    [((4000, 3000), {}), ((4000, 3000), {"progressive": True}), ((8000, 5000), {})],
    ids=["12_megapixels", "12_megapixels_progressive", "40_megapixels"],
)
def test_a_photo_of_a_phone_takes_less_than_256_megabytes(size: tuple[int, int], options: dict[str, Any]) -> None:
    held, answer = peak(corpus.encoded(corpus.picture(size), **options))
    assert b'"width": 2560' in answer
    assert held < 256


@pytest.mark.parametrize("name", ["png_81_megapixels", "png_400_megapixels", "png_text_bomb", "webp_extended_largest"])
def test_a_bomb_goes_off_before_it_takes_memory(name: str) -> None:
    held, answer = peak(content_of(name))
    assert b"unfit" in answer
    assert held < 128


def test_the_child_has_no_more_memory_than_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert redrawn(content_of("exactly_40_megapixels")).width == images.SIDE
    monkeypatch.setitem(images.LIMITS, "memory", 96 * MEGABYTE)
    with pytest.raises(images.Unfit, match="costly"):
        redrawn(content_of("exactly_40_megapixels"))


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    content = corpus.endless_scans(6000, 2000)
    assert len(content) < images.MAX_BYTES
    monkeypatch.setattr(images, "SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(images.Unfit, match="costly"):
        redrawn(content)
    assert time.monotonic() - began < 8  # and not the many seconds it would take


def test_the_child_gives_itself_up_when_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(images.LIMITS, "seconds", 1)
    with pytest.raises(images.Unfit, match="costly"):
        redrawn(corpus.endless_scans(6000, 2000))


def pretending(path: Path, program: str) -> Path:
    """A child that was talked into something."""
    path.write_text(program)
    return path


@pytest.mark.parametrize(
    "program",
    [
        "print('hello')",
        "print('{}')",
        "print('[]')",
        'print(\'{"unfit": "because"}\')',
        "print('{\"unfit\": []}')",
        'print(\'{"photo": 5, "thumbnail": 5, "width": 9, "height": 9}\'); print(\'<html></html>\')',
        'print(\'{"photo": -1, "thumbnail": -1}\')',
        "print('9' * 10_000_000)",
        "import os; os.abort()",
        "pass",
    ],
)
def test_a_child_that_was_talked_into_something_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    monkeypatch.setattr(images, "CHILD", pretending(tmp_path / "child.py", program))
    with pytest.raises(images.Unfit, match="broken"):
        redrawn(corpus.jpeg())


def test_a_fault_of_ours_is_not_blamed_on_the_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(images, "CHILD", pretending(tmp_path / "child.py", "raise SystemExit(3)"))
    with pytest.raises(RuntimeError, match="3"):
        redrawn(corpus.jpeg())


def test_the_child_knows_nothing_of_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"import os, sys; open({str(told)!r}, 'w').write(repr((dict(os.environ), os.listdir('/proc/self/fd'))))"
    monkeypatch.setattr(images, "CHILD", pretending(tmp_path / "child.py", program))
    with pytest.raises(images.Unfit):
        redrawn(corpus.jpeg())
    environment, descriptors = eval(told.read_text())
    assert set(environment) <= {"LC_CTYPE"}  # set by the interpreter itself
    assert len(descriptors) <= 5  # the standard three, the file it writes here, and the listing


#: Runs the child's own code over many files in one process that is shut in the same way.
MANY = """
import sys, json, struct
sys.path.insert(0, sys.argv[2])
import warnings
from core import image_child
limits = json.loads(sys.argv[1])
image_child.shut_in(limits | {"seconds": 60})
warnings.simplefilter("ignore")
fates = {}
read = sys.stdin.buffer.read
while head := read(4):
    told = json.loads(image_child.answer(read(struct.unpack("<I", head)[0]), limits).split(b"\\n", 1)[0])
    fate = told.get("unfit", "kept")
    fates[fate] = fates.get(fate, 0) + 1
print(json.dumps(fates))
"""


def test_mutated_pictures_crash_nothing() -> None:
    with tempfile.TemporaryFile() as sent:
        for content in corpus.mutated(MUTATIONS, SEED):
            sent.write(len(content).to_bytes(4, "little") + content)
        sent.seek(0)
        root = Path(__file__).parents[2]
        command = [sys.executable, "-I", "-c", MANY, json.dumps(images.LIMITS), str(root)]
        done = subprocess.run(command, stdin=sent, capture_output=True, env={}, timeout=90, check=False)
    assert done.returncode == 0, (SEED, done.stderr.decode())
    fates = json.loads(done.stdout)
    assert sum(fates.values()) == MUTATIONS
    assert fates["kept"] > MUTATIONS / 20, fates
    assert fates["broken"] > MUTATIONS / 20, fates
