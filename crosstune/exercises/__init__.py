"""The built-in exercises: defined once, and rendered into every language that defines their idioms."""

from crosstune.exercises._families import FAMILIES, Family, value
from crosstune.exercises._render import (
    Exercise,
    body,
    declaration,
    exercises,
    function,
    inputs,
    instruction,
    languages,
    tests,
)

TASKS = ("synthesize", "fix")

__all__ = [
    "FAMILIES",
    "TASKS",
    "Exercise",
    "Family",
    "body",
    "declaration",
    "exercises",
    "function",
    "inputs",
    "instruction",
    "languages",
    "tests",
    "value",
]
