"""One command, isolated and limited. Knows commands and limits, never languages."""

from crosstune.sandbox._cell import Cell, Enforcement, probe
from crosstune.sandbox._keeper import Kind, Lost
from crosstune.sandbox._records import Limit, Outcome, Stage

__all__ = ["Cell", "Enforcement", "Kind", "Limit", "Lost", "Outcome", "Stage", "probe"]
