"""Prompt templates: what is asked, and that training and asking meet at the same border."""

from __future__ import annotations

import pytest

from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, PromptTemplate, asking_text, training_text
from crosstune.records import Problem

FORMS = ("chat", "codem", "commit-tags", "octocoder", "plain")
COMPLETING = ("codem", "commit-tags", "octocoder", "plain")


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


def test_these_forms_are_on_the_shelf() -> None:
    assert PROMPTS.names() == FORMS
    assert all(form.name == name and form.origin for name, form in PROMPTS.all().items())


def test_plain() -> None:
    assert asked("plain", problem()) == "Add two numbers.\ndef add(a, b):"
    assert training_text(PROMPTS.load("plain"), "Add.", "def f():\n") == ("Add.", "\ndef f():\n")


def test_octocoder_asks_as_its_harness_does() -> None:
    assert asked("octocoder", problem()) == "Question: Add two numbers.\n\nAnswer:\n\ndef add(a, b):"
    before, after = training_text(PROMPTS.load("octocoder"), "Add.", "def f():\n")
    assert before + after == "Question: Add.\n\nAnswer: def f():\n"
    assert after == " def f():\n"


def test_commit_tags() -> None:
    form = PROMPTS.load("commit-tags")
    before, after = training_text(form, "Rename a\nint a;\n", "int b;\n")
    assert before == "<commit_before>int a;\n<commit_msg>Rename a<commit_after>"
    assert after == "int b;\n"
    fix = problem(instruction="Fix bugs in add.\ndef add(a, b):\n    return a - b\nassert add(1, 2) == 3")
    assert asked("commit-tags", fix) == (
        "<commit_before>def add(a, b):\n    return a - b\nassert add(1, 2) == 3"
        "<commit_msg>Fix bugs in add.<commit_after>def add(a, b):"
    )


def test_codem() -> None:
    preamble = (
        "Below is an instruction that describes a task. "
        "Write a response that appropriately completes the request.\n\n### Instruction:\n"
    )
    before, after = training_text(PROMPTS.load("codem"), "Add.", "def f():\n")
    assert (before, after) == (f"{preamble}Add.\n\n### Response:", "\ndef f():\n")
    expected = (
        f"{preamble}Finish the Python code for this problem:\nAdd two numbers.\n\n"
        "### Response:\ndef add(a, b):"
    )
    assert asked("codem", problem()) == expected


def test_chat_gives_the_bare_message_and_leaves_the_template_to_the_model() -> None:
    form = PROMPTS.load("chat")
    assert form.chat
    assert training_text(form, "Add.\n", " sure") == ("Add.\n", " sure")
    assert asked("chat", problem(declaration="")) == "Add two numbers."
    assert "```\ndef add(a, b):\n```" in asked("chat", problem())


@pytest.mark.parametrize("name", FORMS)
def test_raw_text_has_nothing_before_it(name: str) -> None:
    form = PROMPTS.load(name)
    assert form.train("") == ""
    assert training_text(form, "", "\n  raw text \n") == ("", "\n  raw text \n")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("declaration", ["", "def f():\n", "def f():  \n\n    \n", "\t"])
def test_no_question_ends_in_a_blank(name: str, declaration: str) -> None:
    for instruction in ("Add.", "Add. \n\n"):
        text = asked(name, problem(declaration, instruction))
        assert text == text.rstrip()


@pytest.mark.parametrize("name", COMPLETING)
@pytest.mark.parametrize("prompt", ["Add.", "Add. ", "Add.\n\n"])
@pytest.mark.parametrize("completion", ["def f():\n    pass\n", "\n    pass", "", "  "])
def test_what_is_cut_off_the_prompt_begins_the_completion(name: str, prompt: str, completion: str) -> None:
    form = PROMPTS.load(name)
    before, after = training_text(form, prompt, completion)
    assert before + after == form.train(prompt) + completion
    assert before == before.rstrip()


def test_trained_text_and_question_meet_at_the_declaration() -> None:
    """Where the form is ours to choose: the question is a beginning of what was trained on."""
    form: PromptTemplate = PROMPTS.load("plain")
    declaration, body = "def add(a, b):\n", "    return a + b\n"
    before, after = training_text(form, "Add two numbers.", declaration + body)
    assert (before + after).startswith(asked("plain", problem(declaration)))
