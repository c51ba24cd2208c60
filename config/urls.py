"""Where everything answers."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from dispatch.health import healthz

urlpatterns = [
    path("", include("dispatch.urls")),
    path("api/v1/", include("config.urls_api")),
    path("language/", set_language, name="set_language"),
    path("healthz", healthz, name="healthz"),
]

handler403 = "dispatch.views.errors.forbidden"
handler404 = "dispatch.views.errors.not_found"
handler500 = "dispatch.views.errors.server_error"
