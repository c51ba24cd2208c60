"""The pages of the desk."""

from __future__ import annotations

from django.urls import path

from dispatch.views import desk, mine, months, reports, session, tickets

urlpatterns = [
    path("", session.start, name="start"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("desk/", desk.desk, name="desk"),
    path("my/", mine.my_tickets, name="my-tickets"),
    path("tickets/", desk.find, name="find-ticket"),
    path("tickets/new/", reports.register, name="register"),
    path("tickets/new/advice/", reports.advise, name="register-advice"),
    path("tickets/<str:number>/", tickets.ticket, name="ticket"),
    path("tickets/<str:number>/<slug:verb>/", tickets.act, name="act"),
    path("months/", months.months, name="months"),
    path("months/<str:code>/", months.month, name="month"),
    path("months/<str:code>/assess/", months.assess, name="assess-month"),
    path("months/<str:code>/close/", months.close_month, name="close-month"),
    path("findings/<int:pk>/", months.finding, name="finding"),
]
