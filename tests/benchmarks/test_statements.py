"""What the statements of contest problems say of right outputs."""

from __future__ import annotations

import pytest

from crosstune.benchmarks._statements import allowed_error, ignores_case, interactive, several_outputs


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("It is right if its absolute or relative error is at most 10^{-6}.", (1e-6, 1e-6)),
        ("Print x. The absolute error must not exceed 10^-4.", (1e-4, 0.0)),
        ("The relative error should be below 1e-09.", (0.0, 1e-9)),
        ("An error of at most 10 - 6 is allowed.", (1e-6, 0.0)),
        ("The relative or absolute error may be $10^{\u22125}$ at most.", (1e-5, 1e-5)),
        ("Print it with an accuracy of 0.001.", (1e-3, 0.0)),
        ("An error is printed. It holds that 10^{-6} is small.", None),
        ("There are 1 \u2264 n \u2264 10^5 of them, and -10^9 is the least.", None),
        ("", None),
    ],
)
def test_allowed_error(statement: str, error: tuple[float, float] | None) -> None:
    assert allowed_error(statement) == error


@pytest.mark.parametrize(
    ("statement", "ignored"),
    [
        ("You can print each letter in any case (upper or lower).", True),
        ("The output is case-insensitive.", True),
        ("In any case, print YES.", False),
        ("Print the answer in each case.", False),
    ],
)
def test_case_of_letters(statement: str, ignored: bool) -> None:
    assert ignores_case(statement) is ignored


@pytest.mark.parametrize(
    "sentence",
    [
        "If there are multiple answers, you can print any.",
        "If there are several optimal solutions, output any of them.",
        "If several solutions exist, print any of these.",
        "In case of multiple answers, print any one.",
        "Print any valid sequence.",
        "Return an arbitrary such list.",
        "Print the cities in any order.",
        "Return the answer in any order.",
        "Any of them will be accepted. Any correct answer will be accepted.",
        "Note that other valid answers will also be accepted.",
    ],
)
def test_several_outputs(sentence: str) -> None:
    said = several_outputs(f"There is a graph. {sentence} It is small.")
    assert said
    assert said in sentence


@pytest.mark.parametrize(
    "statement",
    [
        "The edges are given in any order.",
        "You may visit the cities in any order. Print the length of the tour.",
        "Print the number of ways to remove any of the edges.",
        "If there are several optimal variants, he takes the quickest.",
        "Print -1 if there isn't any.",
    ],
)
def test_one_output(statement: str) -> None:
    assert several_outputs(statement) == ""


def test_long_sentence_is_shortened_around_what_it_says() -> None:
    said = several_outputs("If " + "x " * 200 + "there are many answers, print any.")
    assert said.startswith("…")
    assert "print any" in said
    assert len(said) < 130


def test_dialogue() -> None:
    assert interactive("Note, you must flush your output to get a response.")
    assert interactive("This is an interactive problem.")
    assert not interactive("The museum has an interactive map.")
