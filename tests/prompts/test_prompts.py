"""Prompt templates: training and inference share one prompt boundary."""

from __future__ import annotations

import pytest

from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, PromptTemplate, asking_text, training_text
from crosstune.records import Problem

TEMPLATES = PROMPTS.names()
COMPLETING = tuple(name for name in TEMPLATES if not PROMPTS.load(name).chat)


def problem(declaration: str = "\ndef add(a, b):\n", instruction: str = "Add two numbers.") -> Problem:
    return Problem(
        id="1",
        benchmark="none",
        task="synthesize",
        language="python",
        instruction=instruction,
        declaration=declaration,
        entry_point="add",
        tests="",
    )


def asked(name: str, of: Problem) -> str:
    return asking_text(PROMPTS.load(name), of, LANGUAGES.load("python"))


def test_shipped_templates_are_registered() -> None:
    assert {"chat", "codem", "commit-tags", "octocoder", "plain"} <= set(TEMPLATES)
    assert all(template.name == name and template.origin for name, template in PROMPTS.all().items())


def test_plain_template() -> None:
    assert asked("plain", problem()) == "Add two numbers.\ndef add(a, b):"
    assert training_text(PROMPTS.load("plain"), "Add.", "def f():\n") == ("Add.", "\ndef f():\n")


def test_octocoder_template_asks_as_its_harness_does() -> None:
    assert asked("octocoder", problem()) == "Question: Add two numbers.\n\nAnswer:\n\ndef add(a, b):"
    before, after = training_text(PROMPTS.load("octocoder"), "Add.", "def f():\n")
    assert before + after == "Question: Add.\n\nAnswer: def f():\n"
    assert after == " def f():\n"


def test_commit_tags_template() -> None:
    template = PROMPTS.load("commit-tags")
    before, after = training_text(template, "Rename a\nint a;\n", "int b;\n")
    assert before == "<commit_before>int a;\n<commit_msg>Rename a<commit_after>"
    assert after == "int b;\n"
    fix = problem(instruction="Fix bugs in add.\ndef add(a, b):\n    return a - b\nassert add(1, 2) == 3")
    assert asked("commit-tags", fix) == (
        "<commit_before>def add(a, b):\n    return a - b\nassert add(1, 2) == 3"
        "<commit_msg>Fix bugs in add.<commit_after>def add(a, b):"
    )


def test_codem_template() -> None:
    preamble = (
        "Below is an instruction that describes a task. "
        "Write a response that appropriately completes the request.\n\n### Instruction:\n"
    )
    before, after = training_text(PROMPTS.load("codem"), "Add.", "def f():\n")
    assert (before, after) == (f"{preamble}Add.\n\n### Response:", "\ndef f():\n")
    assert asked("codem", problem()) == f"{preamble}Add two numbers.\n\n### Response:\ndef add(a, b):"


def test_chat_template_gives_the_message_alone() -> None:
    template = PROMPTS.load("chat")
    assert template.chat
    assert training_text(template, "Add.\n", " sure") == ("Add.\n", " sure")
    assert asked("chat", problem(declaration="")) == "Add two numbers."
    assert "```\ndef add(a, b):\n```" in asked("chat", problem())


@pytest.mark.parametrize("name", TEMPLATES)
def test_raw_text_has_no_prompt(name: str) -> None:
    template = PROMPTS.load(name)
    assert template.train("") == ""
    assert training_text(template, "", "\n  raw text \n") == ("", "\n  raw text \n")


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("declaration", ["", "def f():\n", "def f():  \n\n    \n", "\t"])
def test_prompt_never_ends_in_whitespace(name: str, declaration: str) -> None:
    for instruction in ("Add.", "Add. \n\n"):
        text = asked(name, problem(declaration, instruction))
        assert text == text.rstrip()


@pytest.mark.parametrize("name", COMPLETING)
@pytest.mark.parametrize("prompt", ["Add.", "Add. ", "Add.\n\n"])
@pytest.mark.parametrize("completion", ["def f():\n    pass\n", "\n    pass", "", "  "])
def test_whitespace_cut_off_the_prompt_starts_the_completion(name: str, prompt: str, completion: str) -> None:
    template = PROMPTS.load(name)
    before, after = training_text(template, prompt, completion)
    assert before + after == template.train(prompt) + completion
    assert before == before.rstrip()


def test_prompt_is_a_prefix_of_the_trained_text() -> None:
    """For crosstune's own template: the prompt is a prefix of the training text."""
    template: PromptTemplate = PROMPTS.load("plain")
    declaration, body = "def add(a, b):\n", "    return a + b\n"
    before, after = training_text(template, "Add two numbers.", declaration + body)
    assert (before + after).startswith(asked("plain", problem(declaration)))
