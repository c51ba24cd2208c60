"""Clauses and what they are worth, as dated rows; findings through the actions of the pages; the rest to be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core import clock
from core.admin import LongList, ReadOnly
from core.refusals import Refused
from penalties.actions import bulk
from penalties.models import AssessmentEvent, AssessmentMonth, Clause, Finding, LedgerEntry, Reading
from penalties.queries import visible_to
from tickets.admin import Dated, DatedForm, Standing


@admin.register(Clause)
class Clauses(LongList):
    """The clauses of chapters 4 and 5. Titles may be worded anew; whom a clause concerns is not changed here."""

    list_display = ["code", "title_zh", "title", "direction", "subject"]
    list_filter = ["direction", "subject"]
    search_fields = ["code", "title_zh"]
    fields = ["code", "article", "title_zh", "title", "direction", "subject", "order"]
    readonly_fields = ["code", "article", "direction", "subject", "order"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadingForm(DatedForm):
    """What a clause is worth; of each range both ends or neither."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("unit", "person", "rate"):
            low, high = cleaned.get(f"{name}_low"), cleaned.get(f"{name}_high")
            if (low is None) != (high is None) or (low is not None and high is not None and not 0 <= low <= high):
                self.add_error(f"{name}_high", _("Both ends, the lower one first, or neither."))
        return cleaned


@admin.register(Reading)
class Readings(Dated):
    """Ranges, rates, measures and points of a clause from a day on."""

    form = ReadingForm
    list_display = [
        "clause",
        "unit_low",
        "unit_high",
        "person_low",
        "person_high",
        "measures_zh",
        "points",
        "valid_from",
        "valid_to",
        "source",
    ]
    list_filter = [Standing]
    list_select_related = ["clause"]
    ordering = ["clause__order", "valid_from"]
    search_fields = ["clause__code", "clause__title_zh"]


class WithReason(ActionForm):
    """The reason that goes with an action."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.TextInput(attrs={"size": 40, "maxlength": 500})
    )


@admin.register(Finding)
class Findings(ReadOnly):
    """Findings. They are decided by the actions of the month review, under its rules, or not at all."""

    action_form = WithReason
    actions = ["accept", "dismiss"]
    list_display = [
        "id",
        "month",
        "clause",
        "unit",
        "person",
        "ticket",
        "occurred_at",
        "proposed",
        "amount",
        "status",
        "decided_by",
    ]
    list_filter = ["status", "month"]
    list_select_related = ["clause", "unit", "ticket", "month"]
    ordering = ["-id"]
    search_fields = ["=ticket__number"]
    search_help_text = pgettext_lazy("admin", "The whole number")
    exclude = ["reading"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        return visible_to(request.user.actor)  # type: ignore[union-attr]

    @admin.action(description=_("accept what was proposed"))
    def accept(self, request: HttpRequest, queryset: QuerySet[Finding]) -> None:
        self._decide(request, queryset, dismiss=False)

    @admin.action(description=_("dismiss, with a reason"))
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Finding]) -> None:
        self._decide(request, queryset, dismiss=True)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Finding], *, dismiss: bool) -> None:
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: bulk.LARGEST + 1])
        by = request.user.actor  # type: ignore[union-attr]
        try:
            count = bulk.decide_all(
                chosen, by=by, at=clock.now(), reason=request.POST.get("reason", ""), dismiss=dismiss
            )
        except Refused as refused:
            self.message_user(request, str(refused.message), messages.ERROR)
            return
        text = ngettext("%(count)d finding decided.", "%(count)d findings decided.", count) % {"count": count}
        self.message_user(request, text, messages.SUCCESS)


@admin.register(AssessmentMonth)
class Months(ReadOnly):
    """How far each month has come."""

    list_display = ["code", "status", "assessed_at", "closed_at", "closed_by"]


@admin.register(AssessmentEvent)
class AssessmentEvents(ReadOnly):
    """The trace of the assessment."""

    list_display = ["month", "verb", "finding", "at", "by_role", "by_name"]
    ordering = ["-id"]
    fields = ["month", "finding", "verb", "at", "by_role", "by_name"]


@admin.register(LedgerEntry)
class LedgerEntries(ReadOnly):
    """What was posted as months closed."""

    list_display = ["month", "clause", "unit", "person", "amount", "posted_at", "posted_by"]
    list_filter = ["month"]
    list_select_related = ["month", "clause", "unit"]
    ordering = ["-id"]
