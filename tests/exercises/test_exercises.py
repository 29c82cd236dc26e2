"""The families are correct functions, and their tests distinguish them."""

from __future__ import annotations

import pytest

from crosstune import exercises
from crosstune.errors import UsageError
from crosstune.exercises import FAMILIES, Exercise, _families, _render
from crosstune.languages import LANGUAGES, Language

EVERY = [*exercises.exercises(held_out=True), *exercises.exercises(held_out=False)]


def results(exercise: Exercise, *, wrong: bool = False, k: int | None = None) -> list[object]:
    family = exercise.family
    expression = family.wrong if wrong else family.right
    names = {"K": exercise.k if k is None else k}
    return [
        exercises.value(expression, {**names, family.parameter: given})
        for given in exercises.inputs(exercise)
    ]


def test_thirty_families_have_different_names() -> None:
    assert len(FAMILIES) == len({family.name for family in FAMILIES}) == 30


def test_held_out_and_trained_exercises_partition_all() -> None:
    held, trained = exercises.exercises(held_out=True), exercises.exercises(held_out=False)
    assert len(held) == 60
    assert len(trained) == 510
    assert not {each.name for each in held} & {each.name for each in trained}


def test_held_out_exercises_never_change() -> None:
    names = [each.name for each in exercises.exercises(held_out=True)]
    assert names[:4] == ["plus-4", "plus-12", "minus-2", "minus-19"]


@pytest.mark.parametrize("exercise", EVERY, ids=lambda each: each.name)
def test_only_its_own_constant_passes_the_tests(exercise: Exercise) -> None:
    right = results(exercise)
    assert results(exercise, wrong=True) != right
    assert [k for k in _render.CONSTANTS if results(exercise, k=k) == right] == [exercise.k]


@pytest.mark.parametrize("exercise", exercises.exercises(held_out=True), ids=lambda each: each.name)
def test_python_code_computes_the_defined_values(exercise: Exercise) -> None:
    python = LANGUAGES.load("python")
    name, parameter = exercise.family.name, exercise.family.parameter
    written = _render.written(python, exercise.family.right, {"K": str(exercise.k)})
    # crosstune's own expression, not a model's.
    found = [eval(written, {parameter: given}) for given in exercises.inputs(exercise)]
    assert found == results(exercise)
    assert exercises.function(python, exercise) == f"def {name}({parameter}):\n    return {written}\n"


@pytest.mark.parametrize("task", ["synthesize", "fix"])
@pytest.mark.parametrize("name", exercises.languages())
def test_instruction_describes_the_function_without_its_body(name: str, task: str) -> None:
    language = LANGUAGES.load(name)
    for exercise in exercises.exercises(held_out=True):
        asked = exercises.instruction(language, exercise, task)
        assert exercises.body(language, exercise) not in asked
        assert language.title in asked
        assert str(exercise.k) in asked


def test_fix_instruction_shows_the_mistake() -> None:
    python = LANGUAGES.load("python")
    exercise = Exercise(FAMILIES[0], 7)
    asked = exercises.instruction(python, exercise, "fix")
    assert asked == "Fix the Python function plus.\ndef plus(x):\n    return x - 7\nHere plus(8) is 15."


def test_explain_shows_the_function_and_asks_for_it_again() -> None:
    go = LANGUAGES.load("go")
    exercise = Exercise(FAMILIES[9], 7)
    asked = exercises.instruction(go, exercise, "explain")
    assert asked == "Explain the Go function cap_of.\nfunc cap_of(x int) int {\n\treturn Min(x, 7)\n}\n"
    assert exercises.explanation(exercise) == "x but at most 7.\n"
    again = exercises.described(go, "cap_of", exercises.explanation(exercise))
    assert again == "Write the Go function cap_of: x but at most 7."


def test_typed_languages_declare_the_types() -> None:
    exercise = next(each for each in EVERY if each.family.name == "first")
    declared = {name: exercises.declaration(LANGUAGES.load(name), exercise) for name in exercises.languages()}
    assert declared == {
        "c": "ints first(ints xs) {",
        "commonlisp": "(defun first_of (xs)",
        "cpp": "vector<int> first(vector<int> xs) {",
        "csharp": "class Solution\n{\n    public static List<int> first(List<int> xs)",
        "elixir": "defmodule Solution do\n  def first(xs) do",
        "erlang": "first(Vxs) ->",
        "go": "func first(xs []int) []int {",
        "java": "class Solution {\n  static int[] first(int[] xs) {",
        "javascript": "const first = (xs) => {",
        "kotlin": "fun first(xs: List<Int>): List<Int>",
        "lua": "function first(xs)",
        "perl": "sub first {\n    my ($xs) = @_;",
        "php": "function first($xs) {",
        "python": "def first(xs):",
        "ruby": "def first(xs)",
        "rust": "fn first(xs: &[i32]) -> Vec<i32> {",
        "scala": "object Solution {\n  def first(xs: List[Int]): List[Int] =",
        "coffeescript": "first = (xs) ->",
        "d": "int[] first(int[] xs)\n{",
        "haskell": "first :: [Int] -> [Int]\nfirst xs =",
        "ocaml": "let first (xs : int list) : int list =",
        "r": "first <- function(xs) {",
        "racket": "(define (first_of xs)",
        "scheme": "(define (first_of xs)",
        "tcl": "proc first {xs} {",
        "typescript": "const first = (xs: number[]): number[] => {",
    }


def test_examples_are_calls_of_the_language() -> None:
    exercise = next(each for each in EVERY if each.family.name == "plus")
    asked = {
        name: exercises.instruction(LANGUAGES.load(name), exercise, "synthesize")
        for name in ("python", "racket", "tcl", "haskell")
    }
    assert " Here plus(" in asked["python"]
    assert " Here (plus " in asked["racket"]
    assert " Here [plus " in asked["tcl"]
    assert " Here plus " in asked["haskell"]


def test_languages_are_those_with_idioms() -> None:
    found = exercises.languages()
    assert {"c", "cpp", "go", "java", "javascript", "python", "rust", "typescript"} <= set(found)
    assert found == tuple(name for name, each in LANGUAGES.all().items() if each.idioms)


def test_language_with_only_some_idioms_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    half = Language(
        name="half",
        title="Half",
        extensions=(),
        fences=(),
        line_comment="#",
        idioms={"add": "+"},
    )
    monkeypatch.setattr(type(LANGUAGES), "all", lambda _: {"half": half})
    with pytest.raises(UsageError, match="'half' lacks the idioms absolute, all, any"):
        exercises.languages()


def test_every_operation_is_used() -> None:
    used: set[str] = set()

    def note(expression: _families.Expression) -> None:
        if isinstance(expression, tuple):
            used.add(expression[0])
            for part in expression[1:]:
                note(part)

    for family in FAMILIES:
        note(family.right)
        note(family.wrong)
    assert used == _families.OPERATIONS
