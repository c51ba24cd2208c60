"""Orders in, tickets out."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from tickets.actions.receiving import receive
from tickets.api import cursors, filters, presenting
from tickets.api.answers import ReceiptSerializer, TicketPageSerializer, TicketSerializer
from tickets.api.door import Door, Reply
from tickets.api.order import OrderIn, read_order
from tickets.api.schema import KEY, NUMBER, problems, writes
from tickets.queries import reading
from tickets.queries.visibility import visible_to

ORDER = OpenApiExample(
    "mayor hotline",
    request_only=True,
    value={
        "external_no": "2026112300017",
        "channel": "mayor_hotline",
        "category": "public_pipe_leak",
        "title": "东湖路路面冒水",
        "content": "路口东侧路面持续冒水,已积水约十米。",
        "reported_at": "2026-11-23T08:30:00+08:00",
        "reporter": {"name": "张三", "phone": "13812345678", "confidential": False},
        "address": "城东区东湖路12号门前",
        "facts": {"dn": 200},
    },
)


class Tickets(Door):
    @extend_schema(
        operation_id="tickets_create",
        summary="派单 · Create a ticket",
        parameters=[KEY],
        request=OrderIn,
        examples=[ORDER],
        responses={
            201: ReceiptSerializer,
            200: OpenApiResponse(
                ReceiptSerializer, description="The ticket this number already has, as it stands now."
            ),
            **writes(),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Register an order. The clocks run from `reported_at`, not from its arrival here."""

        def effect() -> Reply:
            order, unknown = read_order(request.data, by=self.actor)
            ticket, new = receive(order, by=self.actor, at=clock.now())
            return 201 if new else 200, presenting.receipt(ticket, reading.milestones_of(ticket), unknown)

        return self.once(effect)

    @extend_schema(
        operation_id="tickets_list",
        summary="查询工单 · List tickets",
        parameters=list(filters.PARAMETERS),
        responses={200: TicketPageSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """The tickets the caller may see, newest report first."""
        query = request.query_params
        tickets = filters.narrowed(visible_to(self.actor), query)
        place = cursors.read_place(query["cursor"], name="cursor") if query.get("cursor") else None
        size = cursors.page_size(query)
        rows = reading.page_before(tickets, place, size + 1)
        last = rows[size - 1] if len(rows) > size else None
        cursor = cursors.write(last.reported_at.isoformat(), last.pk) if last else None
        return Response(self.page([presenting.line(row, self.actor) for row in rows[:size]], cursor))


class OneTicket(Door):
    @extend_schema(
        operation_id="tickets_retrieve",
        summary="工单详情 · Read a ticket",
        parameters=[NUMBER],
        responses={200: TicketSerializer, **problems(404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """A ticket whole. Personal data is masked for whoever does not work on it."""
        case = reading.case_of(reading.find(self.actor, number))
        return Response(presenting.detail(case, self.actor))
