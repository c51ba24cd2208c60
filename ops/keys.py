"""Secrets of this checkout, drawn once into `var/secret/` and handed on by environment variables.

A real site sets the variables itself; then nothing is read or written here.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from ops.places import var

NAMES = (
    "DJANGO_SECRET_KEY",
    "INTEGRATION_CLIENT_TOKEN",  # what the demo's integration client signs in with
)


def load() -> None:
    """Put the secrets that are not given into the environment.

    Where nothing may be written, as in a container, they are not drawn: a site that cannot keep a secret must give it.
    """
    for name in NAMES:
        if not os.environ.get(name):
            with contextlib.suppress(PermissionError):
                os.environ[name] = remembered(var() / "secret" / name.lower())


def remembered(path: Path) -> str:
    """The secret in the file, drawn now if there is none; readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # of two commands that draw at once, one wins and both use it
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
