"""The built-in exercises: defined once, and rendered into every language that defines their idioms."""

from crosstune.exercises._families import FAMILIES, Family, value
from crosstune.exercises._render import (
    Exercise,
    body,
    declaration,
    described,
    exercises,
    explanation,
    function,
    function_name,
    inputs,
    instruction,
    languages,
    setup,
    tests,
)

TASKS = ("synthesize", "fix", "explain")

__all__ = [
    "FAMILIES",
    "TASKS",
    "Exercise",
    "Family",
    "body",
    "declaration",
    "described",
    "exercises",
    "explanation",
    "function",
    "function_name",
    "inputs",
    "instruction",
    "languages",
    "setup",
    "tests",
    "value",
]
