"""What happened: to one ticket, and to all of the caller's."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api import cursors, filters, presenting
from tickets.api.answers import ChangePageSerializer, EventPageSerializer
from tickets.api.door import Door
from tickets.api.schema import NUMBER, problems
from tickets.queries import reading


class Events(Door):
    @extend_schema(
        operation_id="tickets_events",
        summary="办理过程 · Steps of a ticket",
        parameters=[NUMBER, *filters.PAGING],
        responses={200: EventPageSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """The steps of a ticket, oldest first. A platform reads what, when and the status; no names."""
        query = request.query_params
        filters.refuse_strangers(query, (parameter.name for parameter in filters.PAGING))
        after = cursors.read_row(query["cursor"], name="cursor") if query.get("cursor") else 0
        size = cursors.page_size(query)
        ticket = reading.find(self.actor, number)
        rows = reading.events_of(self.actor, ticket, after=after, size=size + 1)
        cursor = cursors.write(rows[size - 1].seq) if len(rows) > size else None
        return Response(self.page([presenting.event(row, ticket, self.actor) for row in rows[:size]], cursor))


class Changes(Door):
    @extend_schema(
        operation_id="changes_list",
        summary="变更推送 · Feed of changes",
        parameters=[
            OpenApiParameter("after", str, description="next_after of the last call; absent at the first."),
            filters.PAGING[1],
        ],
        responses={200: ChangePageSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Steps of all the caller's tickets in the order they were recorded; none is passed over.

        Ask again with `next_after`, at once while `more`, else in a while.
        """
        query = request.query_params
        filters.refuse_strangers(query, ("after", "page_size"))
        text = query.get("after") or None
        after = cursors.read_row(text, name="after") if text else 0
        size = cursors.page_size(query)
        rows = reading.changes(self.actor, after=after, size=size + 1)
        shown = rows[:size]
        return Response(
            {
                "results": [presenting.change(row) for row in shown],
                "next_after": cursors.write(shown[-1]["id"]) if shown else text,
                "more": len(rows) > size,
            }
        )
