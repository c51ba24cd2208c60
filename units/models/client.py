from __future__ import annotations

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from units.actors import Actor, Role


class IntegrationClient(models.Model):
    """A partner platform that posts orders, such as the mayor hotline. Only the hash of its token is kept."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(_("token hash"), max_length=64, unique=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("integration client")
        verbose_name_plural = _("integration clients")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hash_token(token: str) -> str:
        """The stored form of a token. Tokens are long and random, so a plain digest is enough."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def actor(self) -> Actor:
        """Who this client is to an action."""
        return Actor(role=Role.INTEGRATION_CLIENT, unit=None, name=self.name, client=self.code)

    # What DRF asks of an authenticated principal.
    is_authenticated = True
    is_anonymous = False
