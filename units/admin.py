"""Units, areas, people and partner platforms, for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.admin import LongList
from units.actors import Role
from units.models import Area, IntegrationClient, Unit, User


class Kept(LongList):
    """Records that history points at: they stay. The code is given once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Unit)
class Units(Kept):
    """The service network (Art. 7)."""

    list_display = ["code", "name", "name_en", "kind", "article", "dispatchable"]
    list_filter = ["kind", "dispatchable"]
    search_fields = ["code", "name"]


@admin.register(Area)
class Areas(Kept):
    """The offices' areas, by which addresses are read."""

    list_display = ["code", "name", "office"]
    list_select_related = ["office"]
    search_fields = ["code", "name"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Long lists of names, one box with commas between them."""
        wide = forms.Textarea(attrs={"rows": 4, "cols": 80})
        return super().get_form(request, obj, change, **kwargs, widgets={"roads": wide, "compounds": wide})


class OneOfUs(UserChangeForm):
    """A person's record. Whoever edits his own keeps the key to this door."""

    #: Who edits; the admin sets it for each request.
    editor: User | None = None

    class Meta(UserChangeForm.Meta):
        model = User

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        own = self.editor is not None and self.instance.pk == self.editor.pk
        if own and not (cleaned.get("role") == Role.ADMINISTRATOR and cleaned.get("is_active")):
            raise forms.ValidationError(_("You cannot take away your own access; another administrator can."))
        return cleaned


@admin.register(User)
class Users(UserAdmin):
    """People and their roles. Nobody is deleted: who has left is made inactive, and history keeps his name."""

    form = OneOfUs
    add_form = UserCreationForm
    add_form_template = "admin/change_form.html"
    list_display = ["username", "name", "employee_no", "unit", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active", "unit"]
    list_select_related = ["unit"]
    search_fields = ["username", "name", "employee_no"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (pgettext_lazy("admin", "Person"), {"fields": ["name", "employee_no", "phone"]}),
        (pgettext_lazy("admin", "Role and unit"), {"fields": ["unit", "role", "is_active", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username",
                    "password1",
                    "password2",
                    "name",
                    "employee_no",
                    "unit",
                    "role",
                ],
            },
        ),
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.editor = request.user
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(IntegrationClient)
class IntegrationClients(Kept):
    """Partner platforms. They are admitted, and given tokens, by `manage.py add_client`; a token is shown nowhere."""

    list_display = ["code", "name", "active"]
    fields = ["code", "name", "active"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
