from django.core.management.base import BaseCommand

from dispatch.actions import reference


class Command(BaseCommand):
    help = "Load units, areas, categories, limits, routes, parameters and clauses from the reference files."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{reference.load()} reference rows in place")
