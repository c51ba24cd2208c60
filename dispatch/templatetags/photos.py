"""The block of photos on the page of a ticket."""

from __future__ import annotations

from typing import Any

from django import template

from dispatch.queries.photos import photo_block, photos_in

register = template.Library()


@register.inclusion_tag("dispatch/parts/photos.html", takes_context=True)
def photos(context: template.Context) -> dict[str, Any]:
    """Thumbnails, and the form for whoever may send more."""
    page = context["page"]
    return photo_block(page.ticket, context["request"].actor, photos_in(page.timeline))
