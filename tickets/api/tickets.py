"""Orders in, tickets out."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from tickets.actions.receiving import receive
from tickets.api import cursors, filters, presenting
from tickets.api.answers import TICKET, ReceiptShape, TicketPageShape
from tickets.api.door import Door, Reply
from tickets.api.order import OrderIn, read_order
from tickets.api.schema import KEY, NUMBER, problems, writes
from tickets.queries import reading
from tickets.queries.visibility import visible_to


class Tickets(Door):
    @extend_schema(
        operation_id="tickets_create",
        summary="派单 · Create a ticket",
        parameters=[KEY],
        request=OrderIn,
        responses={
            201: ReceiptShape,
            200: OpenApiResponse(ReceiptShape, description="The ticket this number already has, as it stands now."),
            **writes(),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Register an order. The clocks run from `reported_at`, not from its arrival here."""

        def effect() -> Reply:
            order, unknown = read_order(request.data, by=self.actor)
            ticket, new = receive(order, by=self.actor, at=clock.now())
            return 201 if new else 200, presenting.receipt(ticket, reading.case_of(ticket).milestones, unknown)

        return self.once(effect)

    @extend_schema(
        operation_id="tickets_list",
        summary="查询工单 · List tickets",
        parameters=list(filters.PARAMETERS),
        responses={200: TicketPageShape, **problems(400)},
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
        responses={200: TICKET, **problems(404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """A ticket whole. Personal data is masked for whoever does not work on it."""
        case = reading.case_of(reading.find(self.actor, number))
        return Response(presenting.detail(case, self.actor))
