"""The rules as dated rows, for administrators; tickets and their events to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from core.admin import LongList, ReadOnly
from core.clock import local
from core.refusals import Refused
from tickets.actions import ruling
from tickets.facts import BOOLEAN_FACTS, CHOICE_FACTS, NUMBER_FACTS, TEXT_FACTS
from tickets.models import Category, Event, Limit, Parameter, RoutingRule, Ticket
from tickets.queries.rulebook import rulebook
from tickets.queries.visibility import visible_to
from tickets.routing import OFFICE_OF_AREA, UNIT_OF_MATTER
from tickets.wording import MILESTONES
from units.actors import Actor
from units.models import Unit

GROUNDS = [("interpretation", _("reading of the centre (Art. 41)")), ("amendment", _("amendment by the company"))]
#: What a condition may ask about.
CONDITIONS = BOOLEAN_FACTS | NUMBER_FACTS | TEXT_FACTS | frozenset(CHOICE_FACTS)


def today() -> date:
    """The day in Shanghai."""
    return local(clock.now()).date()


class Standing(admin.SimpleListFilter):
    """Rows in force today, to come, or past."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("in force")), ("coming", _("to come")), ("past", _("past"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day = today()
        if self.value() == "now":
            return queryset.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
        if self.value() == "coming":
            return queryset.filter(valid_from__gt=day)
        return queryset.filter(valid_to__lte=day) if self.value() == "past" else queryset


class OfClock(admin.SimpleListFilter):
    """Limits of one kind of clock, by its name."""

    title = _("milestone")
    parameter_name = "milestone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(MILESTONES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(milestone=self.value()) if self.value() else queryset


class DatedForm(forms.ModelForm):
    """A row for days to come, or the end of one in force, with the word it rests on. The actions say what may be."""

    #: Who edits; the admin sets it for each request.
    actor: Actor

    ground = forms.ChoiceField(label=_("ground"), choices=GROUNDS)
    document = forms.CharField(
        label=_("reading or document number"),
        max_length=100,
        help_text=_("Which reading of the centre, or the number of the company's document."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark, _colon, document = self.instance.source.partition("：")
        known = {word: ground for ground, word in ruling.GROUNDS.items()}
        if mark in known:
            self.initial = {**self.initial, "ground": known[mark], "document": document}

    @property
    def ending(self) -> bool:
        """Whether the row is in force, so that only its end can be set."""
        return bool(self.instance.pk and self.instance.valid_from and "valid_from" not in self.fields)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            word = ruling.source(self.cleaned_data["ground"], self.cleaned_data["document"])
            if self.ending:
                ruling.check_end(self._stored(), on=self.instance.valid_to, by=self.actor, at=clock.now())
            else:
                self.instance.source = word
                self._follow()
                ruling.check(self.instance, by=self.actor, at=clock.now())
        except Refused as refused:
            fields = {name: text for name, text in refused.fields.items() if name in self.fields}
            for name, text in fields.items():
                self.add_error(name, str(text))
            if not fields:
                self.add_error(None, str(refused.message))

    def _stored(self) -> Any:
        return type(self.instance)._default_manager.get(pk=self.instance.pk)

    def _follow(self) -> None:
        """What a row takes over from the one it follows."""


class Dated(LongList):
    """Rows with a first day. One in force is only ended, or followed by another; what has held stays."""

    form = DatedForm
    dated = ["valid_from", "valid_to", "ground", "document"]
    list_filter: ClassVar[list[Any]] = [Standing]
    #: What stands for a field of a row that is only looked at.
    words: ClassVar[dict[str, str]] = {}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, with itself as it is stored: what somebody types into it decides nothing about his rights."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            row.stored = copy(row)
        return row

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        own = self._own_fields()
        if obj is None:
            return [*own, *self.dated]
        if self._in_force(obj):
            own = [self.words.get(name, name) for name in own]
        follow = [] if self._has_ended(obj) else ["follow"]
        if not self.has_change_permission(request, obj):
            return [*own, "valid_from", "valid_to", "source", *follow]
        return [*own, "valid_from", "valid_to", "source", "ground", "document", *follow]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        if self._in_force(obj):
            kept = {"valid_to", "ground", "document"}
            return [name for name in self.get_fields(request, obj) if name not in kept]
        return ["source", "follow"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user.actor  # type: ignore[union-attr]
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A row that follows another begins with what that one says."""
        wanted = request.GET.get("follow", "")
        row = self.model._default_manager.filter(pk=wanted).first() if wanted.isdigit() else None
        if row is None:
            return {}
        said = model_to_dict(row)
        return {name: said[name] for name in self._own_fields()}

    def _own_fields(self) -> list[str]:
        return [
            field.name for field in self.opts.fields if field.name not in {"id", "source", "valid_from", "valid_to"}
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or not super().has_change_permission(request, obj):
            return super().has_change_permission(request, obj)
        if not self._in_force(obj):
            return True
        return not self._has_ended(obj) and (obj.may_lapse or _stored(obj).valid_to is not None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ahead = obj is None or not self._in_force(obj)
        return ahead and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: rows are taken back one by one, so that the ones before them go on."""
        return {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, at = request.user.actor, clock.now()  # type: ignore[union-attr]
        if not change:
            ruling.enact(obj, by=by, at=at)
        elif form.ending:
            ruling.end(obj, on=obj.valid_to, by=by, at=at)
        else:
            ruling.revise(obj, by=by, at=at)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """The log keeps the word on which a row was ended, for the row itself keeps the one it began with."""
        if not add and form.ending:
            word = ruling.source(form.cleaned_data["ground"], form.cleaned_data["document"])
            return gettext("Valid to %(day)s. %(word)s") % {"day": form.cleaned_data["valid_to"] or "—", "word": word}
        return super().construct_change_message(request, form, formsets, add)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        ruling.repeal(obj, by=request.user.actor, at=clock.now())  # type: ignore[union-attr]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where somebody was quicker, the refusal is told on the list."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            return self._refused(request, refused)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except Refused as refused:
            return self._refused(request, refused)

    def _refused(self, request: HttpRequest, refused: Refused) -> HttpResponse:
        self.message_user(request, str(refused.message), messages.ERROR)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    @admin.display(description=_("next row"))
    def follow(self, row: Any) -> str:
        """A link to a row that begins with what this one says."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return format_html(
            '<a href="{}?{}">{}</a>', address, urlencode({"follow": row.pk}), gettext("Add the row that follows")
        )

    @staticmethod
    def _in_force(row: Any) -> bool:
        return ruling.in_force_since(_stored(row), clock.now())

    @staticmethod
    def _has_ended(row: Any) -> bool:
        end = _stored(row).valid_to
        return end is not None and end <= today()


def _stored(row: Any) -> Any:
    return getattr(row, "stored", row)


def _categories() -> list[tuple[str, str]]:
    return [(category.code, f"{category} · {category.code}") for category in Category.objects.all()]


def _units() -> list[tuple[str, str]]:
    return [(unit.code, str(unit)) for unit in Unit.objects.all()]


def _check_condition(form: DatedForm, cleaned: dict[str, Any]) -> None:
    """Nothing is no condition; any other names facts that somebody tells."""
    if "when" not in form.fields or "when" in form.errors:
        return
    when = cleaned["when"] = cleaned.get("when") or {}
    if not isinstance(when, dict) or not set(when) <= CONDITIONS:
        known = {"facts": ", ".join(sorted(CONDITIONS))}
        form.add_error("when", _("A condition names facts that are known: %(facts)s.") % known)


class LimitForm(DatedForm):
    """A limit; codes are chosen, not typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Iterable[tuple[str, Any]]] = {
            "category": [("", _("every category")), *_categories()],
            "milestone": MILESTONES.items(),
        }
        for name, offered in choices.items():
            if name in self.fields:
                field = self.fields[name]
                self.fields[name] = forms.ChoiceField(
                    label=field.label, choices=list(offered), required=name != "category"
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _check_condition(self, cleaned)
        if cleaned.get("milestone") == "close" and not cleaned.get("tier"):
            self.add_error("tier", _("The tier is missing, such as 48h or 3d."))
        return cleaned


class RoutingRuleForm(DatedForm):
    """A route; codes are chosen, not typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "category" not in self.fields:
            return
        special = [(OFFICE_OF_AREA, _("office of the area")), (UNIT_OF_MATTER, _("unit of the matter concerned"))]
        fields = self.fields
        fields["category"] = forms.ChoiceField(label=fields["category"].label, choices=_categories())
        fields["unit"] = forms.ChoiceField(label=fields["unit"].label, choices=[*special, *_units()])
        fields["assist"] = forms.MultipleChoiceField(label=fields["assist"].label, choices=_units(), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _check_condition(self, cleaned)
        return cleaned


class ParameterForm(DatedForm):
    """A figure in place of another: of a code that somebody reads, and of the same kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            codes = Parameter.objects.order_by("code").values_list("code", flat=True).distinct()
            self.fields["code"] = forms.ChoiceField(
                label=self.fields["code"].label, choices=[(code, code) for code in codes]
            )
        for name in ("meaning", "meaning_zh"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        before = self._before(cleaned.get("code"))
        if before and "value" in cleaned and _kind(cleaned["value"]) != _kind(before.value):
            self.add_error("value", _("Write it like the value before: %(value)s.") % {"value": before.value or "—"})
        return cleaned

    def _follow(self) -> None:
        before = self._before(self.instance.code)
        if before:
            self.instance.meaning = self.instance.meaning or before.meaning
            self.instance.meaning_zh = self.instance.meaning_zh or before.meaning_zh

    def _before(self, code: str | None) -> Parameter | None:
        return Parameter.objects.filter(code=code).exclude(pk=self.instance.pk).order_by("-valid_from").first()


def _kind(value: str) -> str:
    """Number, day, or text: what somebody parses a value as."""
    for kind, parse in (("number", Decimal), ("day", date.fromisoformat)):
        try:
            parse(value)
        except (ArithmeticError, ValueError):
            continue
        return kind
    return "text"


class OfCategory(Dated):
    """Rows of a category, which is called by its name."""

    words: ClassVar[dict[str, str]] = {"category": "matter", "milestone": "clock"}

    @admin.display(description=_("category"), ordering="category")
    def matter(self, row: Any) -> str:
        """The category in words."""
        known = rulebook().categories.get(row.category)
        return str(known) if known else row.category or gettext("every category")


@admin.register(Limit)
class Limits(OfCategory):
    """How long each clock runs."""

    form = LimitForm
    list_display = ["matter", "clock", "minutes", "tier", "when", "article", "valid_from", "valid_to", "source"]
    list_filter = [Standing, OfClock]
    search_fields = ["category"]

    @admin.display(description=_("milestone"), ordering="milestone")
    def clock(self, row: Limit) -> str:
        """The milestone in words."""
        return str(MILESTONES.get(row.milestone, row.milestone))


@admin.register(RoutingRule)
class RoutingRules(OfCategory):
    """Which unit is suggested."""

    form = RoutingRuleForm
    list_display = ["matter", "order", "unit", "when", "article", "valid_from", "valid_to", "source"]
    search_fields = ["category", "unit"]


@admin.register(Parameter)
class Parameters(Dated):
    """Single figures of a reading."""

    form = ParameterForm
    list_display = ["code", "value", "meaning_zh", "article", "valid_from", "valid_to", "source"]
    search_fields = ["code", "meaning_zh"]


@admin.register(Category)
class Categories(LongList):
    """Kinds of matter. Their names may change; their nature decides past verdicts too, and is not changed here."""

    list_display = ["code", "name", "name_en", "article", "kind", "public_facility", "confidential"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]
    fields = [
        "code",
        "name",
        "name_en",
        "article",
        "kind",
        "by_hand",
        "of_matter",
        "public_facility",
        "confidential",
        "order",
    ]
    readonly_fields = ["code", "article", "kind", "by_hand", "of_matter", "public_facility", "confidential"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ticket)
class Tickets(ReadOnly):
    """Where tickets stand. What people said, and where they live, is for those who work on it."""

    list_display = ["number", "category", "status", "unit", "tier", "reported_at", "late_at"]
    list_filter = ["status"]
    list_select_related = ["category", "unit"]
    ordering = ["-reported_at", "-id"]
    search_fields = ["=number"]
    search_help_text = pgettext_lazy("admin", "The whole number")
    fields = [
        "number",
        "external_no",
        "channel",
        "category",
        "status",
        "round",
        "unit",
        "tier",
        "reported_at",
        "registered_at",
        "next_due_at",
        "late_at",
        "merged_into",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return visible_to(request.user.actor)  # type: ignore[union-attr]


@admin.register(Event)
class Events(ReadOnly):
    """What was recorded, without what was said."""

    list_display = ["ticket", "seq", "verb", "at", "recorded_at", "by_role", "by_unit", "by_name", "status"]
    list_select_related = ["ticket"]
    ordering = ["-id"]
    search_fields = ["=ticket__number"]
    search_help_text = pgettext_lazy("admin", "The whole number")
    fields = ["ticket", "seq", "verb", "at", "recorded_at", "by_role", "by_unit", "by_name", "status"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.filter(ticket__in=visible_to(request.user.actor))  # type: ignore[union-attr]
