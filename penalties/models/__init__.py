"""Records of the assessment: one a file."""

from penalties.models.clause import Clause, Reading
from penalties.models.finding import Finding, FindingMiss
from penalties.models.ledger_entry import LedgerEntry
from penalties.models.month import AssessmentMonth
from penalties.models.trace import AssessmentEvent

__all__ = ["AssessmentEvent", "AssessmentMonth", "Clause", "Finding", "FindingMiss", "LedgerEntry", "Reading"]
