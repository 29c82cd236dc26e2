"""Answers in languages without a grammar: items are found by the lines that begin them."""

from __future__ import annotations

import re

from crosstune.extraction._layout import candidate
from crosstune.languages import Layout

LAYOUT = Layout(
    defines=re.compile(r"class\s+(\w+)|(\w+|\{[\w, ]+\})\s*=(?!=)"),
    belongs=re.compile(r"(\w+)::"),
    continues=re.compile(r"[)}\]]"),
    comment="#",
    quotes=('"""',),
)
DECLARATION = "assert = require 'assert'\n# Add two numbers.\nadd = (a, b) ->\n"


def test_definition_is_taken_with_what_it_uses() -> None:
    code = "START = 1\n{plus, minus} = ops\n\nadd = (a, b) ->\n  plus a, b\n\nprint add 1, 2\nother = 3\n"
    expected = "assert = require 'assert'\n\n{plus, minus} = ops\n\nadd = (a, b) ->\n  plus a, b\n"
    assert expected == candidate(LAYOUT, DECLARATION, "add", [code], "")


def test_helper_of_another_block_is_found() -> None:
    codes = ["plus = (a, b) ->\n  a + b\n", "add = (a, b) ->\n  plus a, b\n"]
    assert candidate(LAYOUT, "add = (a, b) ->\n", "add", codes, "") == f"{codes[0]}\n{codes[1]}"


def test_last_definition_counts() -> None:
    codes = ["add = (a, b) ->\n  1\n", "add = (a, b) ->\n  2\n"]
    assert codes[1] == candidate(LAYOUT, "add = (a, b) ->\n", "add", codes, "")


def test_what_belongs_to_a_class_is_kept_with_it() -> None:
    code = "class Adder\n  x: 1\n\nAdder::twice = -> 2\nOther::twice = -> 3\nadd = -> new Adder\n"
    text = candidate(LAYOUT, "", "add", [code], "")
    assert "Adder::twice" in text
    assert "Other::twice" not in text


def test_continuation_ends_with_the_function() -> None:
    text = "  a + b\n\n# Subtract.\nsubtract = (a, b) ->\n  a - b\n"
    expected = "assert = require 'assert'\n\n# Add two numbers.\nadd = (a, b) ->\n  a + b\n"
    assert expected == candidate(LAYOUT, DECLARATION, "add", [], text)


def test_continuation_keeps_helpers_that_follow() -> None:
    text = "  plus a, b\n\nplus = (a, b) ->\n  a + b\n\nprint 3\n"
    found = candidate(LAYOUT, "add = (a, b) ->\n", "add", [], text)
    assert found == "add = (a, b) ->\n  plus a, b\n\nplus = (a, b) ->\n  a + b\n"


def test_text_of_several_lines_and_closing_brackets_end_no_item() -> None:
    code = 'add = (a, b) ->\n  """\nnot = an item\n  """\n  f(\n    a\n)\n'
    assert code == candidate(LAYOUT, "", "add", [code], "")


def test_declared_types_stay_unless_the_answer_defines_them() -> None:
    declaration = "class Node\n  x: 1\nadd = (a, b) ->\n"
    own = "class Node\n  x: 2\n"
    assert "x: 1" in candidate(LAYOUT, declaration, "add", ["add = -> 1\n"], "")
    assert "x: 1" not in candidate(LAYOUT, declaration, "add", [own + "add = -> new Node\n"], "")
