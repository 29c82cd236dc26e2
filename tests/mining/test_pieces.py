"""Pieces of files, compared with Python's own parser and by hand."""

import ast
from pathlib import Path

import pytest

from crosstune.mining import load_profile
from crosstune.mining._one_repository import mine_repository
from crosstune.mining._profile import Sample
from crosstune.mining.pieces._piece import NO_DEFINITION, NO_GRAMMAR, Piece, cut_piece
from crosstune.mining.stages._contents import without_trailers
from tests.mining.oracle import oracle
from tests.mining.repositories import CODE, Repo, full

DEFINITION = Sample(of="definition")
SHAPES = '''import math


class Circle:
    """Round."""

    @property
    def area(self):
        return 3 * self.r**2

    def edge(self):
        return 2 * math.pi * self.r


def unit():
    return Circle(1)
'''


def around(old: str, new: str) -> set[str]:
    """By Python's parser, every definition of ``new`` with its decorators outside of which both files are
    the same."""
    definitions = set()
    for tree in ast.walk(ast.parse(new)):
        if isinstance(tree, ast.FunctionDef | ast.ClassDef):
            first_line = min([tree.lineno, *(each.lineno for each in tree.decorator_list)])
            lines = new.splitlines(keepends=True)
            before, after = "".join(lines[: first_line - 1]), "".join(lines[tree.end_lineno :])
            if old.startswith(before) and old.endswith(after):
                definitions.add("".join(lines[first_line - 1 : tree.end_lineno]))
    return definitions


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return 3 *", "return math.pi *"),
        ("return 2 *", "radius = self.r\n        return 2 *"),
        ("    @property\n", ""),
        ("2\n\n    def edge(self):\n        return 2", "3\n\n    def edge(self):\n        return 3"),
        ("Round", "Very round"),
        ("Circle(1)", "Circle(2)"),
    ],
)
def test_innermost_definition_around_the_change_is_kept(old: str, new: str) -> None:
    changed = SHAPES.replace(old, new)
    piece = cut_piece(DEFINITION, "Python", SHAPES, changed)
    assert isinstance(piece, Piece)
    assert piece.new == min(around(SHAPES, changed), key=len)
    assert SHAPES.replace(piece.old, piece.new) == changed != SHAPES
    assert SHAPES.splitlines()[piece.old_line - 1] == piece.old.splitlines()[0]


def test_change_without_a_definition_around_it_has_a_reason() -> None:
    two = SHAPES.replace("Circle(1)", "Circle(2)").replace("Round", "Flat")
    assert cut_piece(DEFINITION, "Python", SHAPES, two) == NO_DEFINITION
    assert cut_piece(DEFINITION, "Python", SHAPES, SHAPES.replace("math", "cmath", 1)) == NO_DEFINITION
    assert cut_piece(DEFINITION, "Whitespace", "a\n", "b\n") == NO_GRAMMAR
    assert cut_piece(DEFINITION, "Python", "", SHAPES) == Piece("", SHAPES)


@pytest.mark.parametrize(
    ("language", "before", "held", "after"),
    [
        ("JavaScript", "const a = 1;\n", "function f(x) {\n  return x;\n}\n", "f(a);\n"),
        ("Java", "class A {\n", "  int f(int x) {\n    return x;\n  }\n", "}\n"),
        ("Go", "package a\n\n", "func f(x int) int {\n\treturn x\n}\n", "\nvar b = 1\n"),
        ("C++", "#include <a>\n", "int f(int x) {\n  return x;\n}\n", "int b;\n"),
        ("Rust", "use a;\n", "fn f(x: i32) -> i32 {\n    return x\n}\n", "const B: i32 = 1;\n"),
        ("C#", "class A {\n", "  int F(int x) {\n    return x;\n  }\n", "}\n"),
        ("Shell", "a=1\n", "f() {\n  return x\n}\n", "f\n"),
        ("Ruby", "a = 1\n", "def f(x)\n  return x\nend\n", "f(a)\n"),
    ],
)
def test_definitions_are_cut_out_in_many_languages(language: str, before: str, held: str, after: str) -> None:
    changed = held.replace("return x", "return 7")
    piece = cut_piece(DEFINITION, language, before + held + after, before + changed + after)
    line = before.count("\n") + 1
    assert piece == Piece(held, changed, line, line)


def test_hunk_has_the_changed_lines_and_their_context() -> None:
    old = "".join(f"{number}\n" for number in range(1, 21))
    new = old.replace("8\n9\n", "eight\n9\nnine\n", 1)

    def hunk(context: int, one: str = old, other: str = new) -> Piece | str:
        return cut_piece(Sample(of="hunk", context_lines=context), "Text", one, other)

    assert hunk(0) == Piece("8\n9\n", "eight\n9\nnine\n", 8, 8)
    assert hunk(2) == Piece("6\n7\n8\n9\n10\n11\n", "6\n7\neight\n9\nnine\n10\n11\n", 6, 6)
    assert hunk(99) == Piece(old, new)
    assert hunk(0, "a\na\n", "a\na\na\n") == Piece("", "a\n", 3, 3)
    assert hunk(1, "a\nb", "a\nb\n") == Piece("a\nb", "a\nb\n")
    assert hunk(0, "a\fb\nc\n", "a\fb\nd\n") == Piece("c\n", "d\n", 2, 2)


def test_mined_pieces_turn_the_old_file_into_the_new(tmp_path: Path) -> None:
    repo = full(tmp_path / "full")
    whole = {commit.commit: commit for commit in oracle(repo.path / ".git", "full", "mit")}
    changes = {"sample": {"of": "hunk"}, "contents": {"least_tokens": 0, "most_tokens": None}}
    mined = mine_repository(repo.path, load_profile("commitpackft", changes))
    assert {commit.piece for commit in mined.commits} == {"file", "hunk"}
    checked = 0
    for commit in mined.commits:
        if commit.commit in whole and commit.piece == "hunk":
            before = whole[commit.commit].old.splitlines(keepends=True)
            rest = before[commit.old_line - 1 + len(commit.old.splitlines()) :]
            after = "".join([*before[: commit.old_line - 1], commit.new, *rest])
            assert after == whole[commit.commit].new
            checked += 1
    assert checked > 3
    assert mine_repository(repo.path, load_profile("commitpackft", {"sample": {"of": "definition"}})).commits


def test_bodies_lose_their_trailers(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    text = "Add one file to the empty tree\n\nIt is needed.\n\nSigned-off-by: A <a@example.org>\nFixes: 12\n"
    repo.commit(text, {"qq.py": CODE})
    profile = load_profile("commitpackft", {"sample": {"instruction": "message"}})
    [commit] = mine_repository(repo.path, profile).commits
    assert (commit.subject, commit.body) == ("Add one file to the empty tree", "It is needed.")
    assert mine_repository(repo.path, load_profile("commitpackft")).commits[0].body == ""
    assert without_trailers("Note: it\n\nChange-Id: 1\n goes on\n\nCo-authored-by: B") == "Note: it"
    assert without_trailers("As in:\n\n    f(x)") == "As in:\n\n    f(x)"
    assert without_trailers("") == ""
