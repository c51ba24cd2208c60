"""The demo's people: who signs in, in which unit, with which role. One password for all, for demos only."""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from units.actors import Actor, Role
from units.models import IntegrationClient, Unit, User

PASSWORD = "water-demo"

#: The platform the demo's hotline orders come from; its token is drawn by `make run`, never written here.
HOTLINE = "mayor-hotline"
TOKEN_VARIABLE = "INTEGRATION_CLIENT_TOKEN"


@dataclass(frozen=True)
class Person:
    """A demo account."""

    username: str
    name: str
    role: str
    unit: str


PEOPLE = (
    Person("dispatcher", "王敏", Role.DISPATCHER, "dispatch-centre"),
    Person("dispatcher2", "赵倩", Role.DISPATCHER, "dispatch-centre"),
    Person("duty", "李建国", Role.DUTY_LEADER, "dispatch-centre"),
    Person("assessor", "陈静", Role.ASSESSOR, "dispatch-centre"),
    Person("approver", "周正", Role.APPROVER, "enterprise-management"),
    Person("leader", "郑宏", Role.LEADER, "enterprise-management"),
    Person("auditor", "吴岚", Role.AUDITOR, "enterprise-management"),
    Person("admin", "系统管理员", Role.ADMINISTRATOR, "dispatch-centre"),
    Person("pipe", "张强", Role.HANDLER, "pipe-network"),
    Person("pipe-head", "刘伟", Role.UNIT_HEAD, "pipe-network"),
    Person("meter", "孙磊", Role.HANDLER, "meter-replacement"),
    Person("meter-head", "马超", Role.UNIT_HEAD, "meter-replacement"),
    Person("quality", "陈立", Role.HANDLER, "water-quality"),
    Person("inspector", "高峰", Role.HANDLER, "inspection"),
    Person("engineer", "徐刚", Role.HANDLER, "engineering"),
    Person("leak", "何军", Role.HANDLER, "leak-detection"),
    Person("lawyer", "沈悦", Role.HANDLER, "legal"),
    Person("discipline", "韩冰", Role.HANDLER, "discipline"),
    Person("office1", "林芳", Role.HANDLER, "office-1"),
    Person("office2", "黄磊", Role.HANDLER, "office-2"),
    Person("office3", "杨丽", Role.HANDLER, "office-3"),
    Person("office4", "朱敏", Role.HANDLER, "office-4"),
)


def settle_in() -> dict[str, Actor]:
    """Make the accounts and the hotline's sign-in; returns the actors by user name."""
    units = set(Unit.objects.values_list("code", flat=True))
    actors: dict[str, Actor] = {}
    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose, and the demo's password is no secret
    for number, person in enumerate(PEOPLE, start=1):
        assert person.unit in units, person.unit
        user, _created = User.objects.get_or_create(
            username=person.username,
            defaults={
                "password": hashed,
                "name": person.name,
                "role": person.role,
                "unit_id": person.unit,
                "employee_no": f"D{number:04d}",
            },
        )
        actors[person.username] = user.actor
    actors[HOTLINE] = hotline().actor
    return actors


def hotline() -> IntegrationClient:
    """The hotline's sign-in. Without a token in the environment nobody can sign in with it."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    client, _created = IntegrationClient.objects.update_or_create(
        code=HOTLINE,
        defaults={
            "name": "市长热线 12345",
            "token_hash": IntegrationClient.hash_token(token) if token else "-",
            "active": bool(token),
        },
    )
    return client
