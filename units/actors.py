"""Who acts. Every action names its actor with ``by=``; there is no ambient user."""

from __future__ import annotations

from dataclasses import dataclass

#: The unit that registers and dispatches, and holds a ticket while no other unit does (Art. 4, 7).
CENTRE = "dispatch-centre"


class Role:
    """The roles of the system."""

    DISPATCHER = "dispatcher"
    DUTY_LEADER = "duty_leader"
    ASSESSOR = "assessor"
    APPROVER = "approver"
    UNIT_HEAD = "unit_head"
    HANDLER = "handler"
    LEADER = "leader"
    AUDITOR = "auditor"
    INTEGRATION_CLIENT = "integration_client"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


ROLES = frozenset(value for name, value in vars(Role).items() if name.isupper())
#: Roles that work at the dispatch centre's desk; a duty leader may do all that a dispatcher may.
CENTRE_ROLES = frozenset({Role.DISPATCHER, Role.DUTY_LEADER})
#: Roles that act for a unit.
FIELD_ROLES = frozenset({Role.HANDLER, Role.UNIT_HEAD})


@dataclass(frozen=True)
class Actor:
    """A person, a platform or the system itself, as an action sees it."""

    role: str
    unit: str | None = None
    name: str = ""
    user_id: int | None = None
    client: str | None = None


SYSTEM = Actor(role=Role.SYSTEM, name="system")
