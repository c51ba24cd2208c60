"""Records of tickets: one a file."""

from tickets.models.attachment import Attachment
from tickets.models.category import Category
from tickets.models.event import Event
from tickets.models.milestone import Milestone
from tickets.models.reporter import Reporter
from tickets.models.rules import Limit, Parameter, RoutingRule
from tickets.models.spell import Spell
from tickets.models.system_fault import SystemFault
from tickets.models.ticket import Ticket

__all__ = [
    "Attachment",
    "Category",
    "Event",
    "Limit",
    "Milestone",
    "Parameter",
    "Reporter",
    "RoutingRule",
    "Spell",
    "SystemFault",
    "Ticket",
]
