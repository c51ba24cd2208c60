from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def new_name() -> str:
    """128 random bits: where a file lies says nothing, and cannot be guessed."""
    return secrets.token_hex(16)


class Attachment(models.Model):
    """A photo of a ticket, drawn anew by us; what was sent is not kept.

    The step that brought it names it with its digest, and no step is ever changed; this row says what the photo is.
    Time and place are the camera's word: evidence, never an instant a clock is judged by.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")

    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="attachments", verbose_name=_("ticket"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PHOTO)
    name = models.CharField(max_length=32, unique=True, default=new_name)
    sha256 = models.CharField(max_length=64)
    #: Of the file as it was sent: the same one sent again is the same photo.
    source_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    bytes = models.PositiveIntegerField(_("bytes"))
    taken_at = models.DateTimeField(_("taken at"), null=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    by_role = models.CharField(_("role"), max_length=20)
    by_unit = models.CharField(_("unit"), max_length=40, blank=True)
    by_name = models.CharField(_("by"), max_length=60, blank=True)
    by_user = models.BigIntegerField(null=True)

    personal_fields = ("latitude", "longitude")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["ticket", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "source_sha256"], name="one_photo_a_source"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="place_of_a_photo_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.name}"

    @property
    def path(self) -> str:
        """Where the photo lies in the store."""
        return f"photos/{self.name[:2]}/{self.name}.jpg"

    @property
    def thumbnail_path(self) -> str:
        """Where its thumbnail lies."""
        return f"photos/{self.name[:2]}/{self.name}.small.jpg"
