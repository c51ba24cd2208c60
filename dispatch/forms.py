"""The shape of what people type. Whether it may be is decided by the actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import iso
from core.refusals import Refused
from dispatch.queries.ticket_page import TicketPage
from dispatch.wording import CHOICES, COMMON_DELAY_REASONS, COMMON_RETURN_REASONS, FACTS, Text
from penalties.amounts import parse_amount
from tickets.facts import BOOLEAN_FACTS, CHOICE_FACTS, NUMBER_FACTS
from tickets.models import Category, Ticket
from tickets.queries.searching import digits_of
from tickets.queries.visibility import visible_to
from units.actors import Actor
from units.models import RosterEntry, Unit

NONE = [("", "---------")]


class Styled(forms.Form):
    """Fields with the classes of the style sheet, and errors tied to them for screen readers."""

    required_css_class = "required"
    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "form-check-input")
            elif not isinstance(field.widget, forms.RadioSelect):
                select = isinstance(field.widget, forms.Select)
                field.widget.attrs.setdefault("class", "form-select" if select else "form-control")

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside the form, and beside the field it names."""
        self.full_clean()
        for name, message in refused.fields.items():
            known = name.removeprefix("facts.")
            if known in self.fields:
                self.add_error(known, str(message))
        self.add_error(None, str(refused.message))


def _lines(label: Text, *, required: bool = False, rows: int = 2, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=2000, widget=widget, **more)


def _said(label: Text, **more: Any) -> forms.CharField:
    """A reason as the assessment keeps it."""
    return forms.CharField(
        label=label, required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **more
    )


def _instant(label: Text, *, required: bool = False) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=widget)


def _select(label: Text, choices: Sequence[tuple[str, Text]], **more: Any) -> forms.ChoiceField:
    more.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **more)


class Numbered(forms.Select):
    """A list whose options carry their article, so that it can be searched by number as well."""

    def __init__(self, *args: Any, numbers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = numbers

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if number := self.numbers.get(str(value)):
            option["attrs"]["data-number"] = number
        return option


class SignIn(Styled, AuthenticationForm):
    """User name and password."""


class Act(Styled):
    """What goes with a verb. ``page`` is the ticket as the person sees it, None for a sheet that serves many."""

    #: Words that a tap puts into ``reason``.
    common: tuple[Text, ...] = ()

    def __init__(self, *args: Any, page: TicketPage | None, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.actor = page, actor

    def arguments(self) -> dict[str, Any]:
        """The keywords for the action. Raises Refused for what names nothing."""
        return dict(self.cleaned_data)


class Noted(Act):
    note = _lines(_("Note"))


class Reasoned(Act):
    reason = _lines(_("Reason"))


class WithReason(Act):
    reason = _lines(_("Reason"), required=True)


class Informing(Act):
    note = _lines(_("What has become known"), required=True, rows=3)


class Answering(Act):
    note = _lines(_("Answer given to the customer"), required=True, rows=3)


class Resolving(Act):
    answer = _lines(_("Answer given to the customer"), required=True, rows=3)
    note = _lines(_("Note"))


class Assigning(Act):
    person = forms.CharField(label=_("Person or crew"), max_length=60)


class Dispatching(Act):
    unit = forms.ChoiceField(label=_("Unit"))
    reason = _lines(_("Reason"), help_text=_("Needed when it is not the suggested unit."))
    note = _lines(_("Note to the unit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.page is not None
        suggested = self.page.suggestion.unit if self.page.suggestion else ""
        units = [unit for unit in self.page.units.values() if unit.dispatchable]
        units.sort(key=lambda unit: unit.code != suggested)
        choices = [*NONE, *((unit.code, str(unit)) for unit in units)]
        self.fields["unit"] = _select(_("Unit"), choices, initial=suggested, required=True)


class Calling(Act):
    """Three separate answers; none is assumed."""

    ANSWERS = [("yes", _("yes")), ("no", _("no")), ("unknown", _("not known"))]
    MEANING = {"yes": True, "no": False, "unknown": None}

    reached = forms.ChoiceField(label=_("Was the customer reached?"), choices=ANSWERS, widget=forms.RadioSelect)
    solved = forms.ChoiceField(label=_("Is the matter solved?"), choices=ANSWERS, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(label=_("Is the customer satisfied?"), choices=ANSWERS, widget=forms.RadioSelect)
    note = _lines(_("Note"))

    def arguments(self) -> dict[str, Any]:
        answers = {name: self.MEANING[self.cleaned_data[name]] for name in ("reached", "solved", "satisfied")}
        return {**answers, "note": self.cleaned_data["note"]}


class Closing(Act):
    reason = _lines(_("Reason"), help_text=_("Needed when the customer was not called back."))


class Returning(WithReason):
    common = COMMON_RETURN_REASONS


class Delaying(Act):
    common = COMMON_DELAY_REASONS

    until = _instant(_("New deadline asked for"), required=True)
    reason = _lines(_("Reason"), required=True)


class Granting(Act):
    until = _instant(_("New deadline"))
    reason = _lines(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.page is not None
        self.asked = self.page.ticket.delay_until
        self.initial.setdefault("until", self.asked)

    def clean_until(self) -> datetime | None:
        """The field shows whole minutes: left as it was, it means the declared instant to the second."""
        until: datetime | None = self.cleaned_data["until"]
        asked = self.asked
        if until and asked and until == asked.replace(second=0, microsecond=0):
            return asked
        return until


class Merging(Act):
    into = forms.CharField(label=_("Number of the ticket it goes into"), max_length=20)
    note = _lines(_("Note"))

    def arguments(self) -> dict[str, Any]:
        number = self.cleaned_data["into"].strip()
        target = visible_to(self.actor).filter(number=number).first()
        if target is None:
            raise Refused("unknown_ref", _("There is no ticket with this number."), fields={"into": _("not found")})
        return {"into": target, "note": self.cleaned_data["note"]}


class SendingPhotos(Styled):
    """What goes with photos; the files themselves are judged by what they hold."""

    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class Registering(Styled):
    """A report, as somebody told it. The caller comes first: who called before need not be registered again."""

    once = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    reporter_phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    reporter_name = forms.CharField(label=_("Reporter"), max_length=60, required=False)
    category = forms.ChoiceField(label=_("Category"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Ticket.Channel.choices, initial="phone")
    title = forms.CharField(label=_("Title"), max_length=120)
    content = _lines(_("Content"), rows=4)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    confidential = forms.BooleanField(label=_("The reporter asks for confidentiality"), required=False)
    reason = _lines(_("Reason"), help_text=_("Needed for a category that is only set by hand."))

    def __init__(self, *args: Any, categories: Iterable[Category], facts: Iterable[str], **kwargs: Any) -> None:
        known = list(categories)
        super().__init__(*args, **kwargs)
        choices = [*NONE, *((category.code, str(category)) for category in known)]
        self.fields["category"] = _select(_("Category"), choices, required=True)
        self.fields["category"].widget = Numbered(
            choices=choices,
            numbers={category.code: category.article for category in known},
            attrs={"class": "form-select"},
        )
        self.fields["reporter_phone"].widget.attrs["autofocus"] = True
        self.initial.setdefault("once", uuid4().hex)
        self.fact_names = list(facts)
        for name in self.fact_names:
            self.fields[name] = _fact_field(name, known)

    def clean_reporter_phone(self) -> str:
        """A mobile number without its blanks, so that it is found again however it was typed."""
        phone: str = self.cleaned_data["reporter_phone"].strip()
        digits = digits_of(phone)
        return digits if len(digits) == 11 and digits.startswith("1") else phone

    def fact_fields(self) -> list[forms.BoundField]:
        """The questions that matter for the category."""
        return [self[name] for name in self.fact_names]

    def facts(self) -> dict[str, Any]:
        """The facts as the rules read them; what was left open is not known."""
        found = {name: _fact_value(name, self.cleaned_data.get(name)) for name in self.fact_names}
        return {name: value for name, value in found.items() if value is not None}


def _fact_field(name: str, categories: list[Category]) -> forms.Field:
    label = FACTS[name]
    if name == "matter":
        return _select(label, [*NONE, *((c.code, str(c)) for c in categories if not c.of_matter)])
    if name in BOOLEAN_FACTS:
        return _select(label, [("", _("not known")), ("yes", _("yes")), ("no", _("no"))])
    if name in CHOICE_FACTS:
        return _select(label, [("", _("not known")), *CHOICES[name].items()])
    if name in NUMBER_FACTS:
        widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
        return forms.IntegerField(label=label, min_value=0, max_value=99999, required=False, widget=widget)
    field = _instant(label)
    field.widget.attrs["class"] = "form-control"
    return field


def _fact_value(name: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if name in BOOLEAN_FACTS:
        return value == "yes"
    return iso(value) if isinstance(value, datetime) else value


class ReportingFault(Styled):
    """A unit's call that its system is down. People of a unit report their own."""

    unit = forms.ChoiceField(label=_("Unit"))
    until = _instant(_("Down until"), required=True)
    note = forms.CharField(label=_("What is down"), max_length=500, required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(unit.code, str(unit)) for unit in units]
        self.fields["unit"] = _select(
            _("Unit"), choices if len(choices) == 1 else [*NONE, *choices], required=True, initial=choices[0][0]
        )


class RosterLine(Styled):
    """A line of the hotline roster, with the written word it is entered on."""

    duty = forms.ChoiceField(label=_("Duty"), choices=RosterEntry.Duty.choices)
    order = forms.IntegerField(label=_("Order of calling"), min_value=1, max_value=99, initial=1)
    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    note = forms.CharField(label=_("Written notice"), max_length=200)


class RosterEnd(Styled):
    """The end of a line, with the written word for it."""

    note = forms.CharField(label=_("Written notice"), max_length=200)


class Deciding(Styled):
    """A decision on a finding: accept, another amount, or dismiss; the unit where it is still open."""

    DECISIONS = [
        ("accept", pgettext_lazy("decision", "accept the proposal")),
        ("amount", pgettext_lazy("decision", "another amount")),
        ("dismiss", pgettext_lazy("decision", "dismiss")),
    ]

    decision = forms.ChoiceField(label=_("What is decided"), choices=DECISIONS, widget=forms.RadioSelect)
    amount = forms.CharField(
        label=_("Amount, yuan"), max_length=16, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    unit = forms.ChoiceField(label=_("Unit that answers for it"), required=False)
    reason = _said(_("Reason"), help_text=_("Needed for another amount and to dismiss."))

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], undetermined: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if undetermined:
            self.fields["unit"] = _select(_("Unit that answers for it"), [*NONE, *units])
        else:
            del self.fields["unit"]

    def clean_amount(self) -> Decimal | None:
        text = self.cleaned_data["amount"].strip().replace("−", "-")
        if not text or self.cleaned_data.get("decision") != "amount":
            return None
        try:
            return parse_amount(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write yuan with at most two decimals.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "amount" and cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Write the amount."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The keywords for the action."""
        found: dict[str, Any] = {
            "reason": self.cleaned_data["reason"],
            "dismiss": self.cleaned_data["decision"] == "dismiss",
            "amount": self.cleaned_data["amount"],
        }
        if self.cleaned_data.get("unit"):
            found["unit"] = self.cleaned_data["unit"]
        return found


class DecidingMany(Styled):
    """One decision on the findings ticked, or on the whole group as far as it was offered."""

    decision = forms.ChoiceField(choices=[choice for choice in Deciding.DECISIONS if choice[0] != "amount"])
    whole = forms.BooleanField(required=False)
    acceptable = forms.IntegerField(required=False, widget=forms.HiddenInput)
    dismissable = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = _said(_("One reason for all"), help_text=_("Needed to dismiss."))

    @property
    def dismisses(self) -> bool:
        """Whether the findings are dismissed; otherwise their proposals are accepted."""
        return bool(self.cleaned_data["decision"] == "dismiss")


def ticked(data: QueryDict) -> list[int]:
    """The findings ticked in a list; what is no number is left out."""
    return [int(text) for text in data.getlist("finding") if text.isascii() and text.isdigit() and len(text) < 19]
