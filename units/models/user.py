from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from units.actors import Actor, Role


class UserManager(BaseUserManager["User"]):
    """Makes users; passwords are hashed here and nowhere else."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> User:
        fields.setdefault("role", Role.ADMINISTRATOR)
        return self.create_user(username, password, **fields)


class User(AbstractBaseUser):
    """A person who signs in: one unit, one role."""

    class RoleChoice(models.TextChoices):
        DISPATCHER = Role.DISPATCHER, _("dispatcher")
        DUTY_LEADER = Role.DUTY_LEADER, _("duty leader")
        ASSESSOR = Role.ASSESSOR, _("assessor")
        APPROVER = Role.APPROVER, _("approver")
        UNIT_HEAD = Role.UNIT_HEAD, _("unit head")
        HANDLER = Role.HANDLER, _("handler")
        LEADER = Role.LEADER, _("company leader")
        AUDITOR = Role.AUDITOR, _("auditor")
        ADMINISTRATOR = Role.ADMINISTRATOR, _("administrator")

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    employee_no = models.CharField(_("employee number"), max_length=20, unique=True, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=20, choices=RoleChoice)
    is_active = models.BooleanField(_("active"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    personal_fields = ("phone",)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """Who this user is to an action."""
        return Actor(role=self.role, unit=self.unit_id, name=self.name, user_id=self.pk)

    @property
    def is_staff(self) -> bool:
        """Only administrators see Django's admin."""
        return self.role == Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR
