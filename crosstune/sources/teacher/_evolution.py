"""The teacher's prompts: turn an old exercise into a new one, compare the two, solve the new one.

The operations are those of WizardLM and WizardCoder (arXiv 2304.12244, 2306.08568), in crosstune's own words.
Stored responses are looked up by the whole prompt, so a change of wording makes them useless.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.languages import Language


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to change an exercise. A greater ``weight`` makes it more likely to come first."""

    name: str
    weight: float
    text: str


DEPTH = (
    Operation("requirement", 1.0, "Add one requirement or constraint that it does not have yet."),
    Operation("rarer", 1.0, "Replace one everyday requirement by a more specific one that is seldom met."),
    Operation("reasoning", 1.0, "Change it so that several more steps of thought come before the code."),
    Operation("input", 1.0, "Make its input richer: nested, mixed or partly invalid, and described exactly."),
    Operation(
        "misdirection",
        1.0,
        "Show a few lines of {title} that look right but are wrong, and ask to mend them.",
    ),
    # Rarely first, as WizardCoder advises: few exercises have a better bound worth asking for.
    Operation("complexity", 0.3, "Demand less running time or memory than the obvious solution needs."),
)
BREADTH = (
    Operation("page", 1.0, "It is about a whole page or document of some use to somebody."),
    Operation("part", 1.0, "It is about one part of a page or document, described in detail."),
    Operation("rare", 1.0, "It needs something of {title} that is rarely used."),
)

MARKERS = ("===== old", "===== end", "===== first", "===== second", "the old exercise", "the new exercise")
"""Wording of the prompts below that must not occur in a response."""

EVOLVE_DEPTH = """\
You write programming exercises. Make the old exercise between the marks into a harder one for {title}.
- {change}
- It must be solvable in plain {title}, in one file, with what comes with the language, and say that it \
is for {title}. What only {origin} has must be replaced by what {title} has.
- It must make sense to a reader who never saw the old exercise, and stay within about twenty words of its \
length (any code not counted).
- Do not solve it and do not comment on it. Write nothing but the new exercise.

===== OLD EXERCISE =====
{text}
===== END ====="""

EVOLVE_BREADTH = """\
You write exercises in {title}. The old exercise between the marks is about {origin}. Take its subject \
alone as a hint, and write an entirely different exercise that is solved in {title} and nothing else.
- {change}
- It must make sense to a reader who never saw the old exercise, and be about as long.
- Do not solve it and do not comment on it. Write nothing but the new exercise.

===== OLD EXERCISE =====
{text}
===== END ====="""

JUDGE = """\
Two exercises follow, between marks. Does the second ask for anything of substance that the first \
does not ask for? Another programming language or other wording alone is nothing of substance. Answer with \
one word: YES or NO.

===== FIRST =====
{old}
===== SECOND =====
{new}
===== END ====="""

ANSWER = """\
{exercise}

Write the solution in {title}: complete code in one block that opens with ```{fence}, then at most a few \
sentences on how it works."""

TESTS_MARK = "===== TESTS ====="
"""A line of its own between an answer and its tests."""
TESTS = """\


Then write a line with nothing but
===== TESTS =====
and after it one more block with tests of your solution: at least five calls with other inputs, also unusual \
ones. The tests are put behind your code, so do not repeat it. Tests of another function look like this:
```{fence}
{example}
```"""


def operations(breadth: bool, seed: int, language: str, seed_id: str) -> Sequence[Operation]:
    """All operations in the order in which this seed tries them: weighted random, but equal in every run."""
    rng = random.Random(f"{seed}:{language}:{seed_id}")
    ranked = [(rng.random() ** (1 / each.weight), each) for each in (BREADTH if breadth else DEPTH)]
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0], reverse=True)]


def evolution_prompt(operation: Operation, breadth: bool, language: Language, origin: str, text: str) -> str:
    """The prompt that asks for a new exercise; ``origin`` is the title of the language of ``text``."""
    change = operation.text.replace("{title}", language.title)
    template = EVOLVE_BREADTH if breadth else EVOLVE_DEPTH
    return template.format(title=language.title, change=change, origin=origin, text=text)


def judge_prompt(old: str, new: str) -> str:
    """The prompt that asks whether ``new`` adds anything to ``old``."""
    return JUDGE.format(old=old, new=new)


def answer_prompt(exercise: str, language: Language, *, tests: bool = False) -> str:
    """The prompt that asks for a solution; with ``tests``, also for tests in the language's usual form."""
    fence = language.fences[0]
    asked = ANSWER.format(exercise=exercise, title=language.title, fence=fence)
    if not tests or language.judging is None:
        return asked
    _, example = language.judging.smoke_test
    return asked + TESTS.format(fence=fence, example=example.strip("\n"))
