"""A part that keeps dying is asked for less and less often."""

from ops.backoff import Backoff


def test_waits_double_up_to_half_a_minute():
    backoff = Backoff()
    assert [backoff.after_run_of(1) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_healthy_run_forgives_the_failures_before_it():
    backoff = Backoff()
    for _ in range(4):
        backoff.after_run_of(1)
    assert backoff.after_run_of(59.9) == 16
    assert backoff.after_run_of(60) == 1


def test_a_released_part_starts_afresh():
    backoff = Backoff()
    backoff.after_run_of(1)
    backoff.after_run_of(1)
    backoff.reset()
    assert backoff.after_run_of(1) == 1
