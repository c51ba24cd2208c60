from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.moves import LIVE


def new_public_token() -> str:
    """128 random bits: the caller's key to the progress page, not to be guessed."""
    return secrets.token_urlsafe(16)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Phrases to ask for tickets."""

    def live(self) -> TicketQuerySet:
        """Something is still to be done. Written as the partial index has it."""
        return self.filter(live=True)

    def soonest_first(self) -> TicketQuerySet:
        """What breaks next comes first."""
        return self.order_by("next_due_at", "id")


class Ticket(models.Model):
    """One matter reported to the company.

    A projection of its events: the columns below the line are written by the one function that records a step, and by
    nothing else (``tickets.actions.recording``).
    """

    class Status(models.TextChoices):
        REGISTERED = "registered", _("registered")
        DISPATCHED = "dispatched", _("dispatched")
        ACCEPTED = "accepted", _("accepted")
        ON_SITE = "on_site", _("on site")
        RESOLVED = "resolved", _("resolved")
        CLOSED = "closed", _("closed")
        ANSWERED = "answered", _("answered")
        MERGED = "merged", _("merged")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Channel(models.TextChoices):
        PHONE = "phone", _("phone")
        LETTER = "letter", _("letter")
        VISIT = "visit", _("visit")
        MAYOR_HOTLINE = "mayor_hotline", _("mayor hotline")
        UTILITIES_BUREAU = "utilities_bureau", _("utilities bureau")
        SUPERIOR = "superior", _("superior body")
        MEDIA = "media", _("media")
        NETWORK = "network", _("internet")
        INTERNAL = "internal", _("internal")

    number = models.CharField(_("number"), max_length=20, unique=True)
    public_token = models.CharField(_("public token"), max_length=32, unique=True, default=new_public_token)
    client = models.ForeignKey(
        "units.IntegrationClient", models.PROTECT, null=True, blank=True, verbose_name=_("integration client")
    )
    external_no = models.CharField(_("external number"), max_length=60, null=True, blank=True)
    external_hash = models.CharField(_("hash of the external order"), max_length=64, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    category = models.ForeignKey("tickets.Category", models.PROTECT, db_index=False, verbose_name=_("category"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    content = models.TextField(_("content"), blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    extra = models.JSONField(_("unknown fields of the platform"), default=dict)
    address = models.CharField(_("address"), max_length=200, blank=True)
    area = models.ForeignKey(
        "units.Area", models.PROTECT, db_index=False, null=True, blank=True, verbose_name=_("service area")
    )
    first_contact = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first contact")
    )
    reported_at = models.DateTimeField(_("reported at"))
    registered_at = models.DateTimeField(_("registered at"))
    city_due_at = models.DateTimeField(_("city deadline"), null=True, blank=True)
    # ---- projection
    status = models.CharField(_("status"), max_length=12, choices=Status)
    live = models.GeneratedField(
        expression=models.ExpressionWrapper(models.Q(status__in=sorted(LIVE)), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="tickets", verbose_name=_("unit"))
    tier = models.CharField(_("tier"), max_length=6)
    last_seq = models.PositiveIntegerField(default=0)
    next_due_at = models.DateTimeField(_("next due"), null=True)
    next_clock = models.CharField(_("next clock"), max_length=20, blank=True)
    late_at = models.DateTimeField(_("first late at"), null=True)
    return_asked_at = models.DateTimeField(_("return asked at"), null=True)
    delay_until = models.DateTimeField(_("delay asked until"), null=True)
    assignee = models.CharField(_("person or crew"), max_length=60, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("merged into")
    )

    objects = TicketQuerySet.as_manager()

    personal_fields = ("address",)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "external_no"],
                condition=models.Q(external_no__isnull=False),
                name="one_ticket_an_external_order",
            ),
            models.CheckConstraint(
                condition=models.Q(status="merged", merged_into__isnull=False)
                | (~models.Q(status="merged") & models.Q(merged_into__isnull=True)),
                name="merged_names_its_ticket",
            ),
        ]
        indexes = [
            models.Index(fields=["next_due_at", "id"], condition=models.Q(live=True), name="ticket_queue"),
            models.Index(
                fields=["unit", "next_due_at", "id"],
                condition=models.Q(live=True),
                name="ticket_queue_of_unit",
            ),
            models.Index(
                fields=["status", "next_due_at", "id"],
                condition=models.Q(live=True),
                name="ticket_queue_of_status",
            ),
            # The desk's filters, each alone or within a tab.
            models.Index(
                fields=["category", "next_due_at", "id"],
                condition=models.Q(live=True),
                name="ticket_queue_of_category",
            ),
            models.Index(
                fields=["tier", "next_due_at", "id"],
                condition=models.Q(live=True),
                name="ticket_queue_of_tier",
            ),
            models.Index(
                fields=["channel", "next_due_at", "id"],
                condition=models.Q(live=True),
                name="ticket_queue_of_channel",
            ),
            models.Index(
                fields=["next_due_at", "id"],
                condition=models.Q(return_asked_at__isnull=False) | models.Q(delay_until__isnull=False),
                name="ticket_requests",
            ),
            models.Index(
                fields=["external_no"],
                condition=models.Q(external_no__isnull=False),
                name="ticket_external_no",
            ),
            models.Index(fields=["-reported_at", "-id"], name="ticket_newest"),
            models.Index(fields=["unit", "-reported_at", "-id"], name="ticket_newest_of_unit"),
            models.Index(fields=["status", "-reported_at", "-id"], name="ticket_newest_of_status"),
            models.Index(fields=["category", "-reported_at", "-id"], name="ticket_newest_of_category"),
            models.Index(fields=["channel", "-reported_at", "-id"], name="ticket_newest_of_channel"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def pending(self) -> frozenset[str]:
        """Requests that await a decision."""
        return frozenset(
            name for name, value in (("return", self.return_asked_at), ("delay", self.delay_until)) if value
        )

    @property
    def holder(self) -> str | None:
        """The unit of the open spell."""
        return self.unit_id if self.status in {"dispatched", "accepted", "on_site", "resolved"} else None
