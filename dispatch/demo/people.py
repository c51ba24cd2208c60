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


#: The accounts that `make run` prints; the others are their colleagues.
NAMED = (
    Person("dispatcher", "王敏", Role.DISPATCHER, "dispatch-centre"),
    Person("dispatcher2", "赵倩", Role.DISPATCHER, "dispatch-centre"),
    Person("duty", "李建国", Role.DUTY_LEADER, "dispatch-centre"),
    Person("assessor", "陈静", Role.ASSESSOR, "dispatch-centre"),
    Person("approver", "周正", Role.APPROVER, "enterprise-management"),
    Person("leader", "郑宏", Role.LEADER, "enterprise-management"),
    Person("auditor", "吴岚", Role.AUDITOR, "enterprise-management"),
    Person("admin", "方杰", Role.ADMINISTRATOR, "dispatch-centre"),
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

COLLEAGUES = (
    Person("dispatcher3", "孟雪", Role.DISPATCHER, "dispatch-centre"),
    Person("dispatcher4", "田野", Role.DISPATCHER, "dispatch-centre"),
    Person("dispatcher5", "谢婷", Role.DISPATCHER, "dispatch-centre"),
    Person("duty2", "范志远", Role.DUTY_LEADER, "dispatch-centre"),
    Person("pipe2", "曹勇", Role.HANDLER, "pipe-network"),
    Person("pipe3", "彭涛", Role.HANDLER, "pipe-network"),
    Person("pipe4", "袁斌", Role.HANDLER, "pipe-network"),
    Person("pipe5", "蒋平", Role.HANDLER, "pipe-network"),
    Person("meter2", "邓辉", Role.HANDLER, "meter-replacement"),
    Person("meter3", "许亮", Role.HANDLER, "meter-replacement"),
    Person("meter4", "冯凯", Role.HANDLER, "meter-replacement"),
    Person("office1-2", "董洁", Role.HANDLER, "office-1"),
    Person("office1-head", "萧然", Role.UNIT_HEAD, "office-1"),
    Person("office2-2", "程颖", Role.HANDLER, "office-2"),
    Person("office2-head", "余波", Role.UNIT_HEAD, "office-2"),
    Person("office3-2", "潘婷", Role.HANDLER, "office-3"),
    Person("office3-head", "杜鹏", Role.UNIT_HEAD, "office-3"),
    Person("office4-2", "戴琳", Role.HANDLER, "office-4"),
    Person("office4-head", "夏明", Role.UNIT_HEAD, "office-4"),
    Person("quality-head", "钟慧", Role.UNIT_HEAD, "water-quality"),
    Person("quality2", "汪洋", Role.HANDLER, "water-quality"),
    Person("inspection-head", "田刚", Role.UNIT_HEAD, "inspection"),
    Person("inspector2", "任杰", Role.HANDLER, "inspection"),
    Person("engineering-head", "姜海", Role.UNIT_HEAD, "engineering"),
    Person("engineer2", "范伟", Role.HANDLER, "engineering"),
    Person("leak-head", "石磊", Role.UNIT_HEAD, "leak-detection"),
    Person("legal-head", "姚远", Role.UNIT_HEAD, "legal"),
    Person("discipline-head", "熊伟", Role.UNIT_HEAD, "discipline"),
    Person("production", "金涛", Role.HANDLER, "production-safety"),
    Person("production-head", "陆军", Role.UNIT_HEAD, "production-safety"),
    Person("marketing", "郝丽", Role.HANDLER, "marketing"),
    Person("marketing-head", "孔令", Role.UNIT_HEAD, "marketing"),
    Person("metering", "白雪", Role.HANDLER, "metering"),
    Person("metering-head", "崔健", Role.UNIT_HEAD, "metering"),
    Person("verification", "康宁", Role.HANDLER, "meter-verification"),
    Person("verification-head", "毛勇", Role.UNIT_HEAD, "meter-verification"),
    Person("hall", "邱月", Role.HANDLER, "connection-hall"),
    Person("hall-head", "秦岭", Role.UNIT_HEAD, "connection-hall"),
)

PEOPLE = NAMED + COLLEAGUES


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
