"""Which exercises and answers are rejected, and the teacher's prompts."""

from __future__ import annotations

import pytest

from crosstune.files import text_digest
from crosstune.languages import LANGUAGES
from crosstune.sources.teacher import _evolution as evolution
from crosstune.sources.teacher._checks import parse_judgement, reject_answer, reject_instruction

OLD = "Write a function that adds two numbers."
GOOD = "Write a JavaScript function that adds two numbers given as text in any base."


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (GOOD, ""),
        ("Write a function that prints 'sorry' when the caller asks for too much of it.", ""),
        ("I'm sorry, but I can't help with that request.", "apology"),
        ("I\u2019m sorry, but this exercise is not one that I can make any harder.", "apology"),
        ("Sorry! No harder exercise comes to mind for this one.", "apology"),
        ("As an AI language model I have no opinion on exercises.", "apology"),
        ("I cannot make this one any harder than it already is.", "apology"),
        ("...", "no words of its own"),
        ("", "no words of its own"),
        ("— ** ** — !!! ??? ==== ---- **** ////", "no words of its own"),
        ("it is what it is, and that is all there is to it", "no words of its own"),
        ("Add two numbers.", "too short"),
        (f"The new exercise: {GOOD}", "repeats the request"),
        (f"===== OLD EXERCISE =====\n{GOOD}", "repeats the request"),
        ("write a  function that adds two numbers!", "unchanged"),
        ("Write a Python function that adds two numbers.", "unchanged"),
    ],
)
def test_reject_instruction(new: str, reason: str) -> None:
    assert reject_instruction(new, OLD) == reason


@pytest.mark.parametrize(
    ("answer", "finish_reason", "reason"),
    [
        ("```js\nconst add = (a, b) => a + b;\n```", "stop", ""),
        ('```js\nconsole.log("I\'m sorry");\n```', "stop", ""),
        ("42", "stop", ""),
        ("```js\nconst add = (a,", "length", "answer cut off"),
        ("I am unable to write this.", "stop", "answer: apology"),
        ("```\n```", "stop", "answer: no words of its own"),
        (GOOD, "stop", "answer: repeats the question"),
    ],
)
def test_reject_answer(answer: str, finish_reason: str, reason: str) -> None:
    assert reject_answer(answer, finish_reason, GOOD) == reason


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("YES", True),
        (" yes.", True),
        ("No, nothing.", False),
        ("The answer is: NO", False),
        ("**Yes**", True),
        ("Perhaps", None),
        ("", None),
        ("noon", None),
    ],
)
def test_parse_judgement(text: str, added: bool | None) -> None:
    assert parse_judgement(text) is added


@pytest.mark.parametrize("breadth", [False, True])
def test_a_prompt_is_rejected_as_an_exercise(breadth: bool) -> None:
    language = LANGUAGES.load("javascript")
    for operation in evolution.operations(breadth, 0, "javascript", "s"):
        prompt = evolution.evolution_prompt(operation, breadth, language, "Python", OLD)
        assert OLD in prompt
        assert "{" not in prompt
        assert "JavaScript" in prompt
        assert reject_instruction(prompt, OLD) == "repeats the request"
    assert reject_instruction(evolution.judge_prompt(OLD, GOOD), OLD) == "repeats the request"


def test_operations_are_drawn_by_weight_and_stay_the_same() -> None:
    firsts = [evolution.operations(False, 0, "python", str(seed))[0].name for seed in range(2000)]
    assert firsts[:50] == [evolution.operations(False, 0, "python", str(seed))[0].name for seed in range(50)]
    counts = {each.name: firsts.count(each.name) for each in evolution.DEPTH}
    rare = counts.pop("complexity")
    assert min(counts.values()) > 2 * rare > 0
    assert len(evolution.operations(False, 0, "python", "s")) == len(evolution.DEPTH)


def test_prompts_are_those_of_version_0_1() -> None:
    """Responses, which may have cost money, are looked up by their prompts."""
    templates = [evolution.EVOLVE_DEPTH, evolution.EVOLVE_BREADTH, evolution.JUDGE, evolution.ANSWER]
    changes = [operation.text for operation in (*evolution.DEPTH, *evolution.BREADTH)]
    digest = text_digest("\n".join(templates + changes))
    assert digest == "cd4a78204f077d35e1ae15188edb365efdb488dffa3ef8640b38353c575f0a76"
