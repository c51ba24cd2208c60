from __future__ import annotations

from django.core.management.base import BaseCommand

from dispatch.demo.people import HOTLINE, NAMED, PASSWORD
from units.models import IntegrationClient, User


class Command(BaseCommand):
    help = "Print the demo's sign-ins, if the demo is there."

    def handle(self, *args: object, **options: object) -> None:
        there = set(User.objects.filter(username__in=[p.username for p in NAMED]).values_list("username", flat=True))
        if not there:
            return
        self.stdout.write(f"demo sign-ins, password {PASSWORD}:")
        for role in dict.fromkeys(person.role for person in NAMED):
            names = [person.username for person in NAMED if person.role == role and person.username in there]
            self.stdout.write(f"  {role:<14}{', '.join(names)}")
        if IntegrationClient.objects.filter(code=HOTLINE, active=True).exists():
            self.stdout.write("hotline token: var/secret/integration_client_token (README: post an order with curl)")
