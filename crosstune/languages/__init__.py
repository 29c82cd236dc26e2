"""Programming languages, one folder each: assembling, building and running a program, writing values."""

from crosstune.languages._language import (
    Assembly,
    Builder,
    Built,
    Job,
    Judging,
    Language,
    Place,
    Step,
    Tool,
)
from crosstune.languages._registry import LANGUAGES, language_name
from crosstune.languages._syntax import Method, Syntax

__all__ = [
    "LANGUAGES",
    "Assembly",
    "Builder",
    "Built",
    "Job",
    "Judging",
    "Language",
    "Place",
    "Method",
    "Step",
    "Syntax",
    "Tool",
    "language_name",
]
