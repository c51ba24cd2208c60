"""Web, worker and beat are kept running, unless held down."""

import signal
import sys
import time

import pytest

from ops.parts import Part, hold_file

SLEEPER = [sys.executable, "-c", "import time; print('at work', flush=True); time.sleep(60)"]


@pytest.fixture
def part(tmp_path):
    said = []
    part = Part("web", SLEEPER, tmp_path, said.append)
    part.said = said
    yield part
    part.ask_to_stop()
    part.finish(patience=5)


def wait_for_output(part):
    end = time.monotonic() + 10
    while b"at work" not in part.log.read_bytes() and time.monotonic() < end:
        time.sleep(0.01)


def test_it_is_started_again_when_its_wait_is_over(part):
    part.tend(now=100.0)
    first = part.process
    wait_for_output(part)
    first.send_signal(signal.SIGKILL)
    first.wait()

    part.tend(now=110.0)
    assert part.process is None
    assert "web ended (killed by SIGKILL); starting again in 1 s" in part.said[0]
    assert part.said[1].strip() == "at work"

    part.tend(now=110.9)
    assert part.process is None
    part.tend(now=111.0)
    assert part.process.pid != first.pid


def test_it_stays_down_while_it_is_held(part, tmp_path):
    part.tend(now=100.0)
    hold_file(tmp_path, "web").parent.mkdir()
    hold_file(tmp_path, "web").touch()

    part.tend(now=101.0)
    part.tend(now=500.0)
    assert part.process is None

    hold_file(tmp_path, "web").unlink()
    part.tend(now=501.0)
    assert part.process is not None
