"""Source text with braces is read without its comments and texts."""

from __future__ import annotations

import re

import pytest

from crosstune.languages._shared import curly
from crosstune.languages.csharp._assembly import LEXIS as CSHARP
from crosstune.languages.kotlin._assembly import LEXIS as KOTLIN
from crosstune.languages.scala._assembly import LEXIS as SCALA

TYPES = re.compile(r"\b(?:object|class)\s+\w+")


@pytest.mark.parametrize(
    ("lexis", "text", "code"),
    [
        (KOTLIN, 'a // "\nb', "a b"),
        (KOTLIN, "a /* /* } */ } */ b", "a b"),
        (CSHARP, "a /* /* } */ b", "a b"),
        (KOTLIN, "'\"' + '{'", "+"),
        (KOTLIN, r'"\"{" {', "{"),
        (KOTLIN, '"${f("}")}" }', "}"),
        (KOTLIN, '"""\\""" }', "}"),
        (CSHARP, '@"\\" }', "}"),
        (CSHARP, '$"{{ {a["}"]} }}" }', "}"),
        (SCALA, 's"${x}" {', "{"),
    ],
)
def test_comments_and_texts_are_masked(lexis: curly.Lexis, text: str, code: str) -> None:
    masked = curly.masked(text, lexis)
    assert code == " ".join(masked.split())
    assert [len(line) for line in text.splitlines()] == [len(line) for line in masked.splitlines()]


@pytest.mark.parametrize(("text", "ends"), [("a", True), ("/* a", False), ('"a', False), ('"${a', False)])
def test_text_may_end_in_a_comment_or_a_text(text: str, ends: bool) -> None:
    assert ends == curly.ends_in_code(text, KOTLIN)


@pytest.mark.parametrize(("code", "balanced"), [("", True), ("{ {} }", True), ("{", False), ("} {", False)])
def test_blocks_are_balanced_or_not(code: str, balanced: bool) -> None:
    assert balanced == curly.is_balanced(code)


def test_what_continues_a_class_is_parted_from_what_follows_it() -> None:
    assert curly.parted("  }\n def main() { }\n}\n object Next", SCALA) == ("def main() { }\n", "object Next")


def test_members_go_where_their_names_are_declared() -> None:
    text = "object First { def f(): Array[Int] = add(1) }\nobject Second { def add(a: Int) = { a } }"
    found = curly.with_members(text, SCALA, TYPES, "MEMBERS", {"add", "Array"})
    assert (found.splitlines()[:2]) == [
        "object First { def f(): Array[Int] = add(1) }",
        "object Second { def add(a: Int) = { a } ",
    ]
    assert found[-9:] == "MEMBERS\n}"


def test_members_do_not_go_where_their_names_are_only_used() -> None:
    text = "class A { int F() => Add(1); B b = new Add(2); }\nclass B { static int Add(int a) { return a; } }"
    found = curly.with_members(text, CSHARP, TYPES, "MEMBERS", {"Add"})
    assert found[-9:] == "MEMBERS\n}"


def test_text_without_types_gets_no_members() -> None:
    assert curly.with_members("x", SCALA, TYPES, "MEMBERS", {"x"}) == "x"


def test_only_code_is_replaced() -> None:
    text = 'main("main") // main'
    assert curly.replaced(text, KOTLIN, re.compile(r"\bmain\b"), "start") == 'start("main") // main'


def test_deeply_nested_texts_take_no_recursion_error() -> None:
    assert not curly.ends_in_code('"${' * 5000, KOTLIN)
