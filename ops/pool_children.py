"""Loaded into the worker by `--include`: its pool's processes die with it.

A killed worker's children would otherwise finish their tasks first, minutes perhaps, against servers that are gone.
Nothing is lost by it: tasks only hint at rows, and are asked for again.
"""

from __future__ import annotations

import signal

from celery.signals import worker_process_init

from ops.children import die_with_parent_now


@worker_process_init.connect
def die_with_the_worker(**kwargs: object) -> None:
    """Runs in each process of the pool."""
    die_with_parent_now(signal.SIGKILL)
