"""Records of units: one a file."""

from units.models.area import Area
from units.models.client import IntegrationClient
from units.models.roster import RosterEntry
from units.models.unit import Unit
from units.models.user import User
from units.models.wage import VariableWage

__all__ = ["Area", "IntegrationClient", "RosterEntry", "Unit", "User", "VariableWage"]
