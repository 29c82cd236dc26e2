"""Mutants differ from a program in one place, and comments stay as they are."""

from __future__ import annotations

from crosstune.languages import OPERATORS, WORDS, mutants

CODE = """\
fn f(xs: Vec<i32>) -> String { // a < b + 1
    let n = xs.len() + 3;
    if n >= 2 && true { "a + 1".to_uppercase() } else { 'x'.to_string() /* 1 */ }
}
"""


def changed(code: str, *, begin: int = 0, line_comment: str = "//") -> set[str]:
    """What of a program its mutants change: the line, without indentation."""
    found = mutants(
        code, count=99, seed=1, begin=begin, changes=(*OPERATORS, *WORDS), line_comment=line_comment
    )
    lines = code.splitlines()
    assert all(sum(a != b for a, b in zip(each.splitlines(), lines, strict=True)) == 1 for each in found)
    pairs = ((each.splitlines(), lines) for each in found)
    return {a.strip() for left, right in pairs for a, b in zip(left, right, strict=True) if a != b}


def test_each_mutant_has_one_change() -> None:
    third = """if n >= 2 && true { "a + 1".to_uppercase() } else { 'x'.to_string() /* 1 */ }"""
    assert changed(CODE) == {
        "let n = xs.len() - 3;",
        "let n = xs.len() + 4;",
        "let n = xs + 3;",
        third.replace(">=", ">"),
        third.replace("2", "3"),
        third.replace("&&", "||"),
        third.replace("true", "false"),
        third.replace("upper", "lower"),
        third.replace('"a', '"'),
        third.replace("'x'", "'y'"),
        third.replace(".to_uppercase()", ""),
        third.replace(".to_string()", ""),
    }


def test_only_what_follows_is_changed() -> None:
    assert changed("a = 1\nb = 2\n", begin=6) == {"b = 3"}


def test_texts_are_constants() -> None:
    assert changed('x = ""\n') == {'x = "x"'}
    assert changed('x = "\\n1"\n') == {'x = "1"'}
    assert changed("x = 'a' # 1\n", line_comment="#") == {"x = 'x' # 1"}


def test_indices_and_arguments() -> None:
    assert changed("x = f(a, b)[n]\ny = g(c, c)\n") == {"x = f(b, a)[n]"}
    assert changed("x = y[n]\n") == {"x = y[n + 1]"}
    assert changed("x = 246.25 + y[10]\n") == {
        *("x = 246.25 - y[10]", "x = 246.25 + y[11]", "x = 246.25 + y[10 + 1]"),
    }


def test_a_seed_decides_which_are_drawn() -> None:
    code = "\n".join(f"x{n} = x + {n}" for n in range(9))
    drawn = [mutants(code, count=3, seed=seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) == 3
    assert mutants("nothing", count=3, seed=1) == []
