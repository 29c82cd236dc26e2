"""The records that packages exchange and files contain. All are frozen.

A record is written as one JSON object (`to_json`) and read back (`from_json`). Steps exchange records only
through such files (JSON lines) or Parquet rows with the same field names.
"""

from crosstune.records._data import (
    Commit,
    Completion,
    EvaluatedSample,
    Example,
    Problem,
    Progress,
    Requirement,
    Score,
    Turn,
)
from crosstune.records._json import from_json, from_row, to_json
from crosstune.records._judging import (
    CallCase,
    Case,
    CaseResult,
    Command,
    Comparison,
    ComparisonKind,
    Isolation,
    Limits,
    Program,
    Status,
    Verdict,
)
from crosstune.records._values import value_from_json, value_to_json

__all__ = [
    "CallCase",
    "Case",
    "CaseResult",
    "Command",
    "Commit",
    "Comparison",
    "ComparisonKind",
    "Completion",
    "EvaluatedSample",
    "Example",
    "Isolation",
    "Limits",
    "Problem",
    "Program",
    "Progress",
    "Requirement",
    "Score",
    "Status",
    "Turn",
    "Verdict",
    "from_json",
    "from_row",
    "to_json",
    "value_from_json",
    "value_to_json",
]
