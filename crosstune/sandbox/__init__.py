"""One command, isolated and limited. Knows commands and limits, never languages."""

from crosstune.sandbox._cell import Cell, Enforcement, probe
from crosstune.sandbox._keeper import Kind, Lost
from crosstune.sandbox._records import Limit, Outcome, Stage
from crosstune.sandbox._service import Allowance, Answer, Offer, Service, Unanswered

__all__ = [
    "Allowance",
    "Answer",
    "Cell",
    "Enforcement",
    "Kind",
    "Limit",
    "Lost",
    "Offer",
    "Outcome",
    "Service",
    "Stage",
    "Unanswered",
    "probe",
]
