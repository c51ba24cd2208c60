"""The photos of a ticket: sending them, and serving them to those who may see the ticket."""

from __future__ import annotations

import logging
from typing import cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, images
from core.problems import Problem, as_problem
from core.refusals import Refused
from core.uploads import Bounded
from dispatch import forms
from dispatch.queries.photos import Photo, photo_block
from dispatch.views.doors import EVERYBODY, AuthenticatedRequest, for_roles
from tickets.actions import attaching
from tickets.models import Attachment, Ticket
from tickets.queries.attachments import photos_of
from tickets.queries.visibility import visible_to

logger = logging.getLogger(__name__)

#: A photo is shown as a picture and as nothing else, even to a browser that opens it on its own.
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Whose right ended sees no photo any more: kept by the browser, asked for each time.
    "Cache-Control": "private, no-cache",
}


@csrf_exempt  # the check reads the body, so it comes in `_send`, once the body has its limits
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(EVERYBODY)
def photos(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The photos of a ticket, and the form that sends more; a refusal comes back beside it."""
    ticket = visible_to(request.actor).filter(number=number).first()
    if ticket is None:
        raise Http404
    if request.method != "POST":
        return _page(request, ticket)
    request.upload_handlers = [Bounded(request, files=attaching.MAX_FILES, each=images.MAX_BYTES)]
    try:
        return _send(request, ticket)
    except Refused as refused:
        return _refused(request, ticket, as_problem(refused))
    except UnreadablePostError:
        raise  # whoever sent it has gone
    except OSError:
        logger.exception("photos of %s could not be stored", number)
        detail = _("The photos cannot be stored at the moment. Try again in a while.")
        return _refused(request, ticket, Problem(503, "unavailable", detail))


@csrf_protect
def _send(request: AuthenticatedRequest, ticket: Ticket) -> HttpResponse:
    form = forms.SendingPhotos(request.POST)
    files = request.FILES.getlist("photos")
    if not form.is_valid():
        raise Refused("invalid", " ".join(map(str, form.errors["note"])))
    note = form.cleaned_data["note"]
    added = attaching.attach(ticket, files=files, by=request.actor, at=clock.now(), note=note)
    said = _("%(number)s: photos added: %(count)s.") if added else _("%(number)s: these photos are there already.")
    messages.success(request, said % {"number": ticket.number, "count": len(added)})
    there = reverse("ticket", args=[ticket.number])
    return JsonResponse({"next": there}) if _from_script(request) else redirect(there)


def _from_script(request: AuthenticatedRequest) -> bool:
    """Whether `static/photos.js` asks, which shows an answer in its place."""
    return not request.accepts("text/html")


def _refused(request: AuthenticatedRequest, ticket: Ticket, problem: Problem) -> HttpResponse:
    if _from_script(request):
        return problem.response()
    return _page(request, ticket, refused=str(problem.detail), status=problem.status)


def _page(request: AuthenticatedRequest, ticket: Ticket, *, refused: str = "", status: int = 200) -> HttpResponse:
    shown = [Photo(row.name, row.uploaded_at) for row in photos_of(ticket.number, request.actor)]
    block = photo_block(ticket, request.actor, shown, refused=refused)
    return render(request, "dispatch/photos.html", block, status=status)


@require_safe
@for_roles(EVERYBODY)
def photo(request: AuthenticatedRequest, number: str, name: str) -> HttpResponse:
    """One photo as it is kept."""
    row = _row(request, number, name)
    return _served(request, row.path, f"{name}.jpg", f'"{row.sha256}"')


@require_safe
@for_roles(EVERYBODY)
def thumbnail(request: AuthenticatedRequest, number: str, name: str) -> HttpResponse:
    """The same, small."""
    row = _row(request, number, name)
    return _served(request, row.thumbnail_path, f"{name}.small.jpg", f'"{row.sha256}.small"')


def _row(request: AuthenticatedRequest, number: str, name: str) -> Attachment:
    row = photos_of(number, request.actor).filter(name=name).first()
    if row is None:
        raise Http404
    return row


def _served(request: AuthenticatedRequest, path: str, filename: str, tag: str) -> HttpResponse:
    answer = get_conditional_response(request, etag=tag) or _file(path, filename)
    for name, value in {**HARMLESS, "ETag": tag}.items():
        answer.headers[name] = value
    return answer


def _file(path: str, filename: str) -> HttpResponse:
    try:
        content = default_storage.open(path)
    except OSError as error:
        logger.error("a photo is recorded but cannot be read: %s", path)
        raise Http404 from error
    # FileResponse is typed as no HttpResponse, though it is served as one.
    return cast("HttpResponse", FileResponse(content, content_type="image/jpeg", filename=filename))
