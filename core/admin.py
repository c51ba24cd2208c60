"""What the admin's pages share: records that are only looked at, and lists that count no further than they show."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

#: A list says "5000" for five thousand and more: nobody pages further, and counting a million rows takes its time.
MOST = 5000


class Bounded(Paginator):
    """Pages of a list that may be long."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to ``MOST``."""
        rows: Any = self.object_list
        return int(rows[:MOST].count())


class LongList(admin.ModelAdmin):
    """A list that may be long."""

    paginator = Bounded
    show_full_result_count = False
    list_per_page = 50


class ReadOnly(LongList):
    """Records that others write: looked at, never added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
