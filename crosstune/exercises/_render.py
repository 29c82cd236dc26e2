"""Render an exercise into a language: its function, its tests and its instruction."""

from __future__ import annotations

import functools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.errors import UsageError
from crosstune.exercises._families import (
    FAMILIES,
    OPERATIONS,
    PARAMETERS,
    Expression,
    Family,
    K,
    value,
)
from crosstune.languages import LANGUAGES, Language

CONSTANTS = range(2, 21)
HELD_OUT = 2
"""Number of constants of each family that no corpus contains in any language."""
REQUIRED_IDIOMS = frozenset({*OPERATIONS, "declare", "define", "assert"})
SHOWN: Mapping[str, Sequence[Any]] = {
    "x": (3, 8, 14),
    "xs": ([4, 9], [2, 11], [7, 3, 5]),
    "s": ("ab", "cat"),
}
"""Inputs for the example in an instruction."""


@dataclass(frozen=True)
class Exercise:
    """One function: a family and its constant."""

    family: Family
    k: int

    @property
    def name(self) -> str:
        return f"{self.family.name}-{self.k}"

    @property
    def gives(self) -> str:
        return self.family.gives.format(k=self.k)


def languages() -> tuple[str, ...]:
    """The languages that define all idioms of the exercises.

    Raises:
        UsageError: a language defines only some of them.
    """
    complete = []
    for name, language in LANGUAGES.all().items():
        if missing := REQUIRED_IDIOMS - set(language.idioms):
            if language.idioms:
                raise UsageError(f"language {name!r} lacks the idioms {', '.join(sorted(missing))}")
            continue
        complete.append(name)
    return tuple(complete)


@functools.cache
def exercises(*, held_out: bool) -> tuple[Exercise, ...]:
    """The exercises for corpora or, with ``held_out``, for the benchmark: no function is in both."""
    return tuple(
        Exercise(family, k)
        for family in FAMILIES
        for k in CONSTANTS
        if (k in _held_out(family.name)) == held_out
    )


@functools.cache
def _held_out(family: str) -> frozenset[int]:
    return frozenset(random.Random(family).sample(CONSTANTS, HELD_OUT))


def setup(language: Language) -> str:
    """What is given before every function: imports, and functions that the language lacks."""
    return language.idioms.get("setup", "")


def function_name(language: Language, exercise: Exercise) -> str:
    """The family's name, or a longer one if that is reserved."""
    name = exercise.family.name
    return f"{name}_of" if name in language.idioms.get("reserved", "").split() else name


def declaration(language: Language, exercise: Exercise) -> str:
    """The function's header, without a newline."""
    family, idioms = exercise.family, language.idioms
    kind = PARAMETERS[family.parameter]
    parameter = idioms.get(f"{kind} parameter", idioms.get(kind, ""))
    result = idioms.get(family.result, "")
    return idioms["declare"].format(function_name(language, exercise), family.parameter, parameter, result)


def body(language: Language, exercise: Exercise, *, wrong: bool = False) -> str:
    """The source text after the header."""
    expression = exercise.family.wrong if wrong else exercise.family.right
    return language.idioms["define"].format(written(language, expression, {K: str(exercise.k)}))


def function(language: Language, exercise: Exercise, *, wrong: bool = False) -> str:
    return declaration(language, exercise) + body(language, exercise, wrong=wrong)


def written(language: Language, expression: Expression, names: Mapping[str, str]) -> str:
    """``expression`` as source text, with names replaced as in ``names``; the others are variables."""
    if isinstance(expression, int):
        return str(expression)
    if isinstance(expression, str):
        return names.get(expression) or language.idioms.get("variable", "{0}").format(expression)
    operation, *operands = expression
    return language.idioms[operation].format(*(written(language, each, names) for each in operands))


def instruction(language: Language, exercise: Exercise, task: str) -> str:
    """The instruction to write the described function, to fix one with a mistake, or to explain one.

    The first two include one example call, whose numbers come after the constant in the instruction. A model
    trained only on raw text copies these nearer numbers and fails; a tuned model has learned which number is
    meant. Without the example, training on raw text would be enough.
    """
    called = f"the {language.title} function {function_name(language, exercise)}"
    if task == "explain":
        return f"Explain {called}.\n{function(language, exercise)}"
    example = _example(language, exercise)
    if task == "synthesize":
        return f"Write {called}: {exercise.gives}. Here {example}."
    return f"Fix {called}.\n{function(language, exercise, wrong=True)}Here {example}."


def described(language: Language, exercise_name: str, description: str) -> str:
    """The instruction to write a function from its description alone."""
    return f"Write the {language.title} function {exercise_name}: {description.strip()}"


def explanation(exercise: Exercise) -> str:
    """The description of a function."""
    return f"{exercise.gives}.\n"


def _example(language: Language, exercise: Exercise) -> str:
    assert language.format_literal is not None
    argument = random.Random(exercise.name).choice(SHOWN[exercise.family.parameter])
    application = language.idioms.get("example", "{0}({1})")
    call = application.format(function_name(language, exercise), language.format_literal(argument))
    return f"{call} is {language.format_literal(_expected(exercise, argument))}"


def _expected(exercise: Exercise, argument: Any) -> Any:
    return value(exercise.family.right, {exercise.family.parameter: argument, K: exercise.k})


def inputs(exercise: Exercise) -> Sequence[Any]:
    """The inputs of the tests: enough that no other constant gives the same results."""
    k = exercise.k
    if exercise.family.parameter == "x":
        return sorted({0, 1, 3, 8, 14, 20, 40, k // 2, k // 3, k - 1, k, k + 1, 2 * k})
    if exercise.family.parameter == "s":
        return ["", "a", "cat", "two words and more"]
    lists = [[k + 1], [k], [k - 1], [7, 3, 5], [k, 4, k, k + 1, 20], [*range(1, k + 1)], [*range(1, k + 2)]]
    return lists if exercise.family.never_empty else [[], *lists]


def tests(language: Language, exercise: Exercise) -> str:
    """One assertion per input, with the value that the definition gives."""
    assert language.format_literal is not None
    idioms, family = language.idioms, exercise.family
    compared = idioms.get(f"assert {family.result}", idioms["assert"])
    argument = idioms.get(f"{PARAMETERS[family.parameter]} argument", "{0}")
    call = idioms.get("call", "{0}({1})")
    assertions = []
    for given in inputs(exercise):
        text = argument.format(language.format_literal(given))
        called = call.format(function_name(language, exercise), text)
        assertions.append(compared.format(called, language.format_literal(_expected(exercise, given))))
    return idioms.get("tests", "{0}").format("".join(assertions))
