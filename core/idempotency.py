"""One effect a key: a write call that is sent again is answered again, and nothing happens twice.

Key, effect and answer are one transaction, so an answer is on record exactly when its effect is. A parallel call with
the same key waits on the unique index until the first has ended: then it replays the answer, or, where the first was
refused and left nothing, takes its own turn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core.models import IdempotencyKey
from core.problems import Problem

#: How long a parallel call waits for the first one.
PATIENCE = "10s"
LONGEST_KEY = 255
LOCK_NOT_AVAILABLE = "55P03"

# One round trip: shorten the patience, claim the key, and give the effect its own patience back. Each part reads the
# one before it, which fixes their order. Where the key is taken nothing is returned and nothing but a read follows.
CLAIM = """
WITH before AS MATERIALIZED (SELECT current_setting('lock_timeout') AS value),
     patience AS MATERIALIZED (SELECT set_config('lock_timeout', %s, true) FROM before WHERE value IS NOT NULL)
INSERT INTO core_idempotencykey (scope, key, request_hash, created_at)
SELECT %s, %s, %s, %s FROM patience
ON CONFLICT (scope, key) DO NOTHING
RETURNING id, set_config('lock_timeout', (SELECT value FROM before), true)
"""


@dataclass(frozen=True)
class Answer:
    """What a write call is answered with: the first time, and each time after."""

    status: int
    body: bytes
    replayed: bool = False


def fingerprint(*parts: Any) -> str:
    """A digest of JSON values; the order of keys and the spelling of the text do not matter."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def checked_key(key: str | None) -> str:
    """The key as it was sent. Raises Problem 400 where there is none, or not 1 to 255 printable ASCII characters."""
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Problem(
            400,
            "key_required",
            _("A write call carries the header Idempotency-Key: 1 to 255 printable ASCII characters."),
            errors=[("Idempotency-Key", "key_required", _("missing or malformed"))],
        )
    return key


def once(effect: Callable[[], tuple[int, bytes]], *, scope: str, key: str, request_hash: str, at: datetime) -> Answer:
    """Run ``effect`` and keep its answer, or replay the answer kept for this caller and key.

    Raises Problem: 409 where the first call is still under way after ten seconds, 422 where the key was used for
    another request. Whatever ``effect`` raises leaves no trace of the key.
    """
    with transaction.atomic():
        claimed = _claim(scope, key, request_hash, at)
        if claimed is None:
            return _replay(scope, key, request_hash)
        status, body = effect()
        IdempotencyKey.objects.filter(pk=claimed).update(status=status, body=body)
    return Answer(status, body)


def _claim(scope: str, key: str, request_hash: str, at: datetime) -> int | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [PATIENCE, scope, key, request_hash, at])
            row = cursor.fetchone()
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        raise Problem(
            409,
            "key_in_flight",
            _("The first call with this key has not ended yet. Send it again in a moment."),
            headers={"Retry-After": "2"},
        ) from error
    return row[0] if row else None


def _replay(scope: str, key: str, request_hash: str) -> Answer:
    kept = IdempotencyKey.objects.get(scope=scope, key=key)
    if kept.request_hash != request_hash:
        raise Problem(422, "key_reused", _("This key was used for another request. Take a new key for a new request."))
    # Written in the transaction that made the row, so no other sees the row without them.
    assert kept.status is not None
    assert kept.body is not None
    return Answer(kept.status, bytes(kept.body), replayed=True)
