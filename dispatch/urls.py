"""The pages of the desk."""

from __future__ import annotations

from django.urls import path

from dispatch.views import (
    attachments,
    board,
    desk,
    exports,
    faults,
    lists,
    mine,
    months,
    reports,
    rosters,
    session,
    tickets,
)

urlpatterns = [
    path("", session.start, name="start"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("desk/", desk.desk, name="desk"),
    path("my/", mine.my_tickets, name="my-tickets"),
    path("tickets/", lists.tickets, name="tickets"),
    path("board/", board.board, name="board"),
    path("tickets/new/", reports.register, name="register"),
    path("tickets/new/advice/", reports.advise, name="register-advice"),
    path("tickets/new/caller/", reports.caller, name="register-caller"),
    path("tickets/<str:number>/", tickets.ticket, name="ticket"),
    path("tickets/<str:number>/photos/", attachments.photos, name="photos"),
    path("tickets/<str:number>/photos/<slug:name>.jpg", attachments.photo, name="photo"),
    path("tickets/<str:number>/photos/<slug:name>.small.jpg", attachments.thumbnail, name="photo-thumbnail"),
    path("tickets/<str:number>/<slug:verb>/", tickets.act, name="act"),
    path("faults/", faults.faults, name="faults"),
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/<slug:code>/", rosters.roster, name="roster"),
    path("rosters/<slug:code>/<int:pk>/", rosters.roster_line, name="roster-line"),
    path("months/", months.months, name="months"),
    path("months/<str:code>.xlsx", exports.month_workbook, name="month-workbook"),
    path("months/<str:code>/", months.month, name="month"),
    path("months/<str:code>/work/", months.work_through, name="work-through"),
    path("months/<str:code>/decide/", months.decide_many, name="decide-many"),
    path("months/<str:code>/assess/", months.assess, name="assess-month"),
    path("months/<str:code>/close/", months.close_month, name="close-month"),
    path("findings/<int:pk>/", months.finding, name="finding"),
]
