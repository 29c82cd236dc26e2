"""Tests that call a function which nobody was asked to define are no candidate's error, in every language
that says how its tools name such a function; and no candidate can claim it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status, Verdict
from tests.languages.cases import cases, finds_undefined_names, judged
from tests.languages.kinds import UNDEFINED_NAMES
from tests.languages.skipping import skip_without_tools

BROKEN = "tests_call_an_undefined_function"
NO_CANDIDATE = "no candidate"
NOT_DECLARED = "nothing is declared"
NO_NAMES = "no entry points"
IN_WORDS = "asked for in words"
IN_CODE = "asked for in code"


@pytest.fixture(scope="module", params=[name for name in judged() if finds_undefined_names(name)])
def verdicts(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, Verdict]]]:
    """All verdicts of one language."""
    language: str = request.param
    skip_without_tools(language)
    with Judge(workers=2) as judge:
        yield language, {verdict.id: verdict for verdict in judge.run(programs(language))}


def programs(language: str) -> list[Program]:
    own = [
        Program(
            case.name,
            language,
            case.candidate,
            case.tests,
            declaration=cases(language).declaration,
            entry_points=("add",),
        )
        for case in cases(language).of("undefined names")
    ]
    broken, *_ = own
    nothing = LANGUAGES.load(language).comment("nothing")
    return [
        *own,
        replace(broken, id=NO_CANDIDATE, candidate=nothing, tests=cases(language).tests),
        replace(broken, id=NOT_DECLARED, declaration=""),
        replace(broken, id=NO_NAMES, entry_points=()),
        replace(broken, id=IN_WORDS, instruction=f"Write two functions:\n{broken.tests}"),
        replace(broken, id=IN_CODE, declaration=f"{broken.declaration}\n{broken.tests}"),
    ]


def test_languages_find_them() -> None:
    assert [name for name in judged() if finds_undefined_names(name)] == judged()


@pytest.mark.parametrize("kind", UNDEFINED_NAMES)
def test_only_the_tests_can_cause_it(verdicts: tuple[str, dict[str, Verdict]], kind: str) -> None:
    language, by_id = verdicts
    assert cases(language).by_name[kind].kind.status == by_id[kind].status, by_id[kind]


def test_the_reason_names_the_function(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, by_id = verdicts
    assert by_id[BROKEN].stderr.startswith("the tests call ")
    assert by_id[BROKEN].stderr.endswith(", which is not defined, and which nobody was asked for")


@pytest.mark.parametrize("kind", [NO_CANDIDATE, NOT_DECLARED, NO_NAMES, IN_WORDS, IN_CODE])
def test_what_may_be_asked_for_is_the_candidates(verdicts: tuple[str, dict[str, Verdict]], kind: str) -> None:
    _, by_id = verdicts
    assert by_id[kind].status in (Status.RUNTIME_ERROR, Status.COMPILE_ERROR, Status.WRONG_ANSWER), by_id[
        kind
    ]


IMPORTS = {
    "python": ("from math import *\n\ndef add(a, b):\n", "assert sqrt(add(2, 2)) == 2"),
    "cpp": (
        "#include <numeric>\nusing namespace std;\nint add(int a, int b) {\n",
        """#include <assert.h>
int main() {
  int all[] = {1, 2};
  assert(accumulate(all, all + 2, 0) == add(1, 2));
}
""",
    ),
    "java": (
        "import java.util.*;\nclass Solution {\n    public int add(int a, int b) {\n",
        """class Main {
    public static void main(String[] words) {
        if (!List.of(3).contains(new Solution().add(1, 2))) throw new AssertionError();
    }
}
""",
    ),
    "haskell": (
        "import Data.Char\nadd :: Int -> Int -> Int\nadd a b =",
        "main :: IO ()\nmain = if add 1 2 == 3 && ord 'a' == 97 then return () else error \"no\"\n",
    ),
}
"""Declarations that import what tests use, and such tests, by language."""


@pytest.mark.parametrize("language", IMPORTS)
def test_a_candidate_without_the_given_imports_lacks_them_itself(language: str) -> None:
    skip_without_tools(language)
    declaration, tests = IMPORTS[language]
    entry = "Solution" if language == "java" else "add"
    candidate = cases(language).solution.replace("import java.util.*;", "").replace("<iostream>", "<cstdio>")
    program = Program("1", language, candidate, tests, declaration=declaration, entry_points=(entry,))
    with Judge(workers=1, isolation="shared") as judge:
        (verdict,) = judge.run([program])
    assert verdict.status in (Status.COMPILE_ERROR, Status.RUNTIME_ERROR), verdict


DEFINED = {
    "perl": (
        "sub same { $_[0] == $_[1] }\ndie unless same(add(1, 2), 3);",
        "Undefined subroutine &main::same called",
    ),
    "lua": (
        "function same(a, b) return a == b end\nassert(same(add(1, 2), 3))",
        "attempt to call a nil value (global 'same')",
    ),
    "ruby": (
        "def same(a, b) = a == b\nraise 'wrong' unless same add(1, 2), 3",
        "undefined method `same' for main:Object",
    ),
    "php": (
        "function same($a, $b) { return $a === $b; }\nassert(same(add(1, 2), 3));",
        "Call to undefined function same()",
    ),
    "python": (
        "def same(a, b):\n    return a == b\nassert same(add(1, 2), 3)",
        "NameError: name 'same' is not defined",
    ),
    "javascript": (
        "function same(a, b) { return a === b }\nif (!same(add(1, 2), 3)) throw Error('wrong')",
        "ReferenceError: same is not defined",
    ),
    "tcl": (
        "proc same {a b} {expr {$a == $b}}\nif {![same [add 1 2] 3]} {error wrong}",
        'invalid command name "same"',
    ),
    "commonlisp": (
        "(defun same (a b) (= a b))\n(assert (same (add 1 2) 3))",
        "The function SAME is undefined",
    ),
}
"""Tests that define what a candidate says is not defined, by language."""
DIES = {
    "perl": "sub add { die 'TEXT' }",
    "lua": 'function add() error("TEXT", 0) end',
    "ruby": "def add(a, b) = raise(NameError, %q(TEXT))",
    "php": '<?php\nfunction add($a, $b) { throw new Error("TEXT"); }',
    "python": 'def add(a, b):\n    raise NameError("TEXT")',
    "javascript": 'const add = () => { throw "TEXT" }',
    "tcl": "proc add args {error {TEXT}}",
    "commonlisp": '(defun add (a b) (error "TEXT"))',
}
CAUGHT = {
    "perl": "eval { same(1) }; print STDERR $@;\ndie unless add(1, 2) == 3;",
    "lua": "print(pcall(function() same(1) end))\nassert(add(1, 2) == 3)",
    "ruby": (
        "begin\n  same(1)\nrescue NameError => error\n  puts error.message\nend\n"
        "raise 'wrong' unless add(1, 2) == 3"
    ),
    "php": "try { same(1); } catch (Error $error) { echo $error->getMessage(); }\nassert(add(1, 2) === 3);",
    "python": (
        "import traceback\ntry:\n    same(1)\nexcept NameError:\n    traceback.print_exc()\n"
        "assert add(1, 2) == 3"
    ),
    "javascript": (
        "try { same(1) } catch (error) { console.error(error) }\nif (add(1, 2) !== 3) throw Error('wrong')"
    ),
    "tcl": "catch {same 1} message\nputs stderr $message\nif {[add 1 2] != 3} {error wrong}",
    "commonlisp": (
        '(handler-case (same 1) (error (problem) (format t "~a~%" problem)))\n(assert (= (add 1 2) 3))'
    ),
}
"""Tests that expect a function to be undefined, and show what is said of it."""


@pytest.mark.parametrize("language", DEFINED)
def test_a_message_alone_is_no_evidence(language: str) -> None:
    skip_without_tools(language)
    tests, message = DEFINED[language]
    candidate = DIES[language].replace("TEXT", message.replace('"', '\\"') if language == "lua" else message)
    dies = Program(
        "defined",
        language,
        candidate,
        tests,
        declaration=cases(language).declaration,
        entry_points=("add",),
    )
    programs = [dies, replace(dies, id="expected", tests=CAUGHT[language])]
    with Judge(workers=1) as judge:
        assert Status.HARNESS_ERROR not in [verdict.status for verdict in judge.run(programs)]
