"""Signing in and out, and where each role starts."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from dispatch.forms import SignIn
from dispatch.views.doors import DESK, EVERYBODY, REVIEWERS, AuthenticatedRequest, for_anybody, for_roles
from units.actors import Role

sign_in = for_anybody(
    LoginView.as_view(
        template_name="dispatch/sign_in.html", authentication_form=SignIn, redirect_authenticated_user=True
    )
)
sign_out = for_anybody(LogoutView.as_view())


@require_safe
@for_roles(EVERYBODY)
def start(request: AuthenticatedRequest) -> HttpResponse:
    """The page each role works on."""
    role = request.actor.role
    return redirect("desk" if role in DESK else "months" if role in REVIEWERS else "my-tickets")


@require_safe
@for_roles(frozenset({Role.ADMINISTRATOR}))
def enter_admin(request: AuthenticatedRequest) -> HttpResponse:
    """The admin has no sign-in of its own: strangers go through ours, and other roles are turned away."""
    return redirect("admin:index")
