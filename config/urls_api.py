"""Addresses of the API, version 1. Calls answer with and without the last slash."""

from django.urls import path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from dispatch.views.doors import for_anybody
from penalties.api.assessments import Assessment, AssessmentWorkbook
from tickets.api.door import Nowhere
from tickets.api.following import Supplement, Urge, Withdrawal
from tickets.api.history import Changes, Events
from tickets.api.tickets import OneTicket, Tickets

MONTH = r"^assessments/(?P<month>[0-9]{4}-[0-9]{2})"
TICKET = r"^tickets/(?P<number>[0-9A-Za-z-]{1,20})"

urlpatterns = [
    re_path(r"^tickets/?$", Tickets.as_view(), name="api-tickets"),
    re_path(rf"{TICKET}/?$", OneTicket.as_view(), name="api-ticket"),
    re_path(rf"{TICKET}/events/?$", Events.as_view(), name="api-events"),
    re_path(rf"{TICKET}/urge/?$", Urge.as_view(), name="api-urge"),
    re_path(rf"{TICKET}/supplement/?$", Supplement.as_view(), name="api-supplement"),
    re_path(rf"{TICKET}/withdrawal/?$", Withdrawal.as_view(), name="api-withdrawal"),
    re_path(r"^changes/?$", Changes.as_view(), name="api-changes"),
    re_path(rf"{MONTH}/?$", Assessment.as_view(), name="api-assessment"),
    re_path(rf"{MONTH}\.xlsx$", AssessmentWorkbook.as_view(), name="api-assessment-workbook"),
    path("schema", for_anybody(RedirectView.as_view(pattern_name="api-schema"))),
    path("schema/", for_anybody(SpectacularAPIView.as_view()), name="api-schema"),
    path("docs", for_anybody(RedirectView.as_view(pattern_name="api-docs"))),
    path(
        "docs/",
        for_anybody(SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="tickets/api_docs.html")),
        name="api-docs",
    ),
    re_path(r"", Nowhere.as_view()),
]
