from __future__ import annotations

import os
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refused
from units.actions import clients
from units.actors import SYSTEM
from units.models import IntegrationClient


class Command(BaseCommand):
    help = "Admit a partner platform to the API and print its token, this once. Only a digest of it is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="what its tickets and keys are bound to, such as mayor-hotline")
        parser.add_argument("name", help="what people read")
        parser.add_argument(
            "--token-env",
            metavar="NAME",
            help="take the token from this environment variable and print none; safe to repeat",
        )
        parser.add_argument(
            "--renew", action="store_true", help="give a known platform a new token; the old one is void"
        )

    def handle(
        self, *args: object, code: str, name: str, token_env: str | None, renew: bool, **options: object
    ) -> None:
        token = None
        if token_env:
            token = os.environ.get(token_env)
            if not token:
                raise CommandError(f"The environment variable {token_env} is not set.")
        known = IntegrationClient.objects.filter(code=code).exists()
        try:
            if known and (renew or token_env):
                drawn = clients.renew(code=code, name=name, token=token, by=SYSTEM)
            else:
                drawn = clients.add(code=code, name=name, token=token, by=SYSTEM)
        except Refused as refused:
            hint = " Give it a new token with --renew." if known and not renew else ""
            raise CommandError(f"{refused.message}{hint}") from None
        self.stdout.write(f"{code}: its token is in {token_env}" if token_env else drawn)
