from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Time, refusals, append-only tables, rights. Knows nothing of tickets."""

    name = "core"

    def ready(self) -> None:
        # The one signal of the product: it is the framework's own hook for work after migrating.
        post_migrate.connect(_grant, sender=self, dispatch_uid="core.rights")


def _grant(using: str, **kwargs: object) -> None:
    from django.db import connections

    from core.rights import grant_app_role

    if using == "owner":
        grant_app_role(connections[using])
