"""The monthly assessment for programs: its totals, its findings a page at a time, and the workbook."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.clock import Month
from core.problems import CONTENT_TYPE
from core.refusals import Refused
from penalties.exports.download import WORKBOOK, workbook_of
from penalties.models import AssessmentMonth, Finding
from penalties.models.month import TO_BE_ASSESSED
from penalties.queries import READERS, page_after, totals_of, visible_to
from tickets.api import cursors, filters
from tickets.api.answers import ProblemSerializer, Shape, instant, text
from tickets.api.door import Door
from tickets.api.fields import utc, utc_or_none
from tickets.api.schema import problems

MONTH = OpenApiParameter(
    "month",
    {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    OpenApiParameter.PATH,
    description=_("The business month, YYYY-MM."),
)
PROBLEMS = {
    **problems(400, 403, 404),
    (404, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=_("There is no such month, or it is ahead.")),
}
PARAMETERS = (
    OpenApiParameter("status", str, enum=Finding.Status.values),
    OpenApiParameter("unit", str),
    OpenApiParameter("clause", str),
    *filters.PAGING,
)


def yuan(*, null: bool = False) -> serializers.CharField:
    """Signed yuan as text with two decimals."""
    return serializers.CharField(allow_null=null)


class MissSerializer(Shape):
    milestone = text()
    key = text()
    unit = text()
    starts_at = instant()
    due_at = instant()
    met_at = instant(null=True)


class FindingSerializer(Shape):
    id = serializers.IntegerField()
    clause = text()
    unit = text(null=True)
    person = text(null=True)
    of_unit = text(null=True)
    ticket = text(null=True)
    occurred_at = instant()
    misses = MissSerializer(many=True)
    shares_seconds = serializers.DictField(child=serializers.IntegerField())
    alternatives = serializers.ListField(child=serializers.CharField())
    sentence = text()
    low = yuan()
    high = yuan()
    proposed = yuan()
    amount = yuan(null=True)
    status = serializers.CharField(help_text=", ".join(Finding.Status.values))
    reason = text(null=True)
    decided_at = instant(null=True)
    decided_by = text(null=True)


class SubjectTotalSerializer(Shape):
    """What one unit's findings come to; null stands for persons, and for a unit still to be named."""

    unit = text(null=True)
    count = serializers.IntegerField()
    undecided = serializers.IntegerField()
    proposed = yuan()
    confirmed = yuan()


class AssessmentSerializer(Shape):
    month = text()
    status = serializers.CharField(help_text=", ".join([*AssessmentMonth.Status.values, TO_BE_ASSESSED]))
    assessed_at = instant(null=True)
    closed_at = instant(null=True)
    closed_by = text(null=True)
    totals = SubjectTotalSerializer(many=True)
    results = FindingSerializer(many=True)
    next_cursor = text(null=True)
    next = text(null=True)


class Reading(Door):
    """A door for those who read the assessment."""

    policy = READERS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.actor.role not in READERS:
            raise Refused("wrong_role", _("Your role does not read the assessment."))


def _month(code: str, at: datetime) -> Month:
    try:
        month = Month.parse(code)
    except ValueError as error:
        raise Http404 from error
    if month.starts_at > at:
        raise Http404
    return month


class Assessment(Reading):
    @extend_schema(
        operation_id="assessments_retrieve",
        summary="月度考核 · Read a month",
        parameters=[MONTH, *PARAMETERS],
        responses={200: AssessmentSerializer, **PROBLEMS},
    )
    def get(self, request: Request, month: str) -> Response:
        """The month with totals by unit, and its findings in the order of time. Totals are of the whole month."""
        at = clock.now()
        wanted = _month(month, at)
        query = request.query_params
        filters.refuse_strangers(query, (parameter.name for parameter in PARAMETERS))
        of_month = visible_to(self.actor).filter(month_id=str(wanted))
        place = cursors.read_place(query["cursor"], name="cursor") if query.get("cursor") else None
        size = cursors.page_size(query)
        rows = page_after(_narrowed(of_month, query), place, size + 1)
        last = rows[size - 1] if len(rows) > size else None
        cursor = cursors.write(last.occurred_at.isoformat(), last.pk) if last else None
        row = AssessmentMonth.objects.filter(pk=str(wanted)).first() or AssessmentMonth(code=str(wanted))
        return Response(
            {
                "month": str(wanted),
                "status": row.standing(at),
                "assessed_at": utc_or_none(row.assessed_at),
                "closed_at": utc_or_none(row.closed_at),
                "closed_by": row.closed_by or None,
                "totals": totals_of(of_month),
                **self.page([_shown(finding) for finding in rows[:size]], cursor),
            }
        )


def _narrowed(findings: QuerySet[Finding], query: Any) -> QuerySet[Finding]:
    status = query.get("status")
    if status is not None and status not in Finding.Status.values:
        raise serializers.ValidationError({"status": [_("There is no such status.")]})
    wanted = {name: query[name].replace("\x00", "") for name in ("status", "unit", "clause") if query.get(name)}
    return findings.filter(**wanted)


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "clause": finding.clause_id,
        "unit": finding.unit_id,
        "person": finding.person or None,
        "of_unit": finding.of_unit_id,
        "ticket": finding.ticket.number if finding.ticket else None,
        "occurred_at": utc(finding.occurred_at),
        "misses": [_miss(miss) for miss in finding.misses],
        "shares_seconds": finding.shares,
        "alternatives": finding.alternatives,
        "sentence": finding.sentence,
        "low": f"{finding.low:.2f}",
        "high": f"{finding.high:.2f}",
        "proposed": f"{finding.proposed:.2f}",
        "amount": None if finding.amount is None else f"{finding.amount:.2f}",
        "status": finding.status,
        "reason": finding.reason or None,
        "decided_at": utc_or_none(finding.decided_at),
        "decided_by": finding.decided_by or None,
    }


def _miss(miss: dict[str, Any]) -> dict[str, Any]:
    times = {
        name: utc_or_none(datetime.fromisoformat(miss[name]) if miss[name] else None)
        for name in ("starts_at", "due_at", "met_at")
    }
    return {name: miss[name] for name in ("milestone", "key", "unit")} | times


class Whatever(BaseContentNegotiation):
    """A file is sent as it is, whatever the caller says it accepts."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Bytes(BaseRenderer):
    """Names the media type in the schema; the answer itself is made elsewhere."""

    media_type = WORKBOOK
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return data


class AssessmentWorkbook(Reading):
    renderer_classes = [Bytes]
    content_negotiation_class = Whatever

    @extend_schema(
        operation_id="assessments_workbook",
        summary="月度考核表 · Workbook of a month",
        parameters=[MONTH],
        responses={(200, WORKBOOK): OpenApiResponse(bytes), **PROBLEMS},
    )
    def get(self, request: Request, month: str) -> HttpResponseBase:
        """The workbook as the pages offer it. Taking it leaves a trace."""
        filters.refuse_strangers(request.query_params, ())
        at = clock.now()
        return workbook_of(_month(month, at), by=self.actor, at=at)
