"""Where everything answers."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from dispatch.health import healthz
from dispatch.views import session
from dispatch.views.doors import for_anybody

urlpatterns = [
    path("", include("dispatch.urls")),
    path("api/v1/", include("config.urls_api")),
    # One door to sign in, and one to sign out.
    path("admin/login/", session.enter_admin),
    path("admin/logout/", session.sign_out),
    path("admin/", admin.site.urls),
    path("language/", for_anybody(set_language), name="set_language"),
    path("healthz", healthz, name="healthz"),
]

handler403 = "dispatch.views.errors.forbidden"
handler404 = "dispatch.views.errors.not_found"
handler500 = "dispatch.views.errors.server_error"
