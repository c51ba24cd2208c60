"""Admitting partner platforms, and giving them tokens."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from units.actors import Actor, Role
from units.models import IntegrationClient

#: A given token is somebody's own choice and must not be one that is guessed; a drawn one has 256 bits.
SHORTEST_TOKEN = 12


def add(*, code: str, name: str, by: Actor, token: str | None = None) -> str:
    """Admit a platform and return its token, which is kept nowhere: whoever loses it asks for a new one.

    Raises Refused: ``wrong_role`` for anybody but an administrator or the system; ``invalid`` for a code that is taken
    or no code, a name that is empty or too long, or a token that is short, not printable, or another platform's.
    """
    _admin(by)
    if IntegrationClient.objects.filter(code=code).exists():
        raise Refused("invalid", _("There is a platform of this code already."), fields={"code": _("taken")})
    return _keep(IntegrationClient(code=code, name=name), token)


def renew(*, code: str, by: Actor, name: str | None = None, token: str | None = None) -> str:
    """Give a platform a new token and return it; the old one is void at once. Its tickets stay its own.

    Raises Refused like ``add``, and ``unknown_ref`` where there is no such platform.
    """
    _admin(by)
    client = IntegrationClient.objects.filter(code=code).first()
    if client is None:
        raise Refused("unknown_ref", _("There is no such platform."), fields={"code": _("unknown")})
    client.name = name or client.name
    return _keep(client, token)


def _admin(by: Actor) -> None:
    if by.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise Refused("wrong_role", _("Only administrators admit platforms."))


def _keep(client: IntegrationClient, token: str | None) -> str:
    try:
        validate_slug(client.code)
    except ValidationError:
        raise Refused("invalid", _("A code is letters, digits, - and _."), fields={"code": _("no code")}) from None
    for field, longest in (("code", 40), ("name", 60)):
        if not 1 <= len(getattr(client, field).strip()) <= longest:
            message = _("From 1 to %(longest)s characters.") % {"longest": longest}
            raise Refused("invalid", message, fields={field: message})
    token = token if token is not None else secrets.token_urlsafe(32)
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        message = _("A token is at least %(shortest)s printable characters without spaces.") % {
            "shortest": SHORTEST_TOKEN
        }
        raise Refused("invalid", message, fields={"token": message})
    client.token_hash = IntegrationClient.hash_token(token)
    try:
        with transaction.atomic():
            client.save()
    except IntegrityError:
        raise Refused("invalid", _("This token is in use."), fields={"token": _("in use")}) from None
    return token
