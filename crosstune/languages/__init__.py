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

__all__ = [
    "LANGUAGES",
    "Assembly",
    "Builder",
    "Built",
    "Job",
    "Judging",
    "Language",
    "Place",
    "Step",
    "Tool",
    "language_name",
]
