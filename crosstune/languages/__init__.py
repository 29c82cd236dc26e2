"""Programming languages, one file each: assembling, building and running a program, writing values."""

from crosstune.discovery import Shelf
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

LANGUAGES = Shelf("crosstune.languages", "LANGUAGE", "language", Language)

__all__ = ["LANGUAGES", "Assembly", "Builder", "Built", "Job", "Judging", "Language", "Place", "Step", "Tool"]
