"""How a partner platform signs in: a bearer token bound to its client code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from units.models import IntegrationClient

SCHEME = "Bearer"


class ClientTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``. Only the token's digest is looked up, so timing tells nothing of the token."""

    def authenticate(self, request: Request) -> tuple[IntegrationClient, str] | None:
        """The client the token belongs to; None where the header is absent or of another scheme.

        Raises AuthenticationFailed for a token that is malformed, unknown, or of a client that was switched off; it
        does not say which.
        """
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        digest = IntegrationClient.hash_token(token.strip())
        client = IntegrationClient.objects.filter(token_hash=digest, active=True).first()
        if client is None:
            raise AuthenticationFailed(_("The token is not valid."))
        return client, SCHEME

    def authenticate_header(self, request: Request) -> str:
        """What a 401 tells the caller to send."""
        return f'{SCHEME} realm="api"'
