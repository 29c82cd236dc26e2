"""Go: imports are merged, no test is left out, and candidates of unusual shape are judged."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages._language import JudgeTask
from crosstune.languages.go import _imports as imports
from crosstune.languages.go._judging import JUDGING
from crosstune.records import Program, Status
from tests.languages.cases import cases

RIGHT, WRONG, CRASH = (
    cases("go").by_name[name].candidate for name in ("right_answer", "wrong_answer", "crash")
)
TESTS = """\
package main

import (
    "testing"
    "github.com/stretchr/testify/assert"
)

func TestAdd(t *testing.T) {
    assert := assert.New(t)
    assert.Equal(3, add(1, 2))
    assert.Equal(0, add(-1, 1))
}
"""
STANDARD = ("crypto/rand", "fmt", "math", "math/rand", "sort", "strings")


def status(judge: Judge, candidate: str, tests: str, setup: str = "") -> Status:
    if missing := [each.what for each in requirements("go") if not each.met]:
        pytest.skip(f"Go cannot be run here: {missing[0]} is missing")
    return next(judge.run([Program("1", "go", candidate, tests, setup)])).status


def merged(code: str, *known: imports.Import) -> list[str]:
    return [each.path for each in imports.header(imports.split(code), known, STANDARD)]


def test_package_and_imports_are_removed_and_line_numbers_stay() -> None:
    part = imports.split(
        'package main\n\nimport (\n  "fmt" // for words\n  m "math"\n)\nimport "sort"\nvar x = 1\n'
    )
    assert part.code == "\n\n\n\n\n\n\nvar x = 1\n"
    assert set(part.imports) == {imports.Import("fmt"), imports.Import("math", "m"), imports.Import("sort")}


def test_import_in_a_string_or_comment_is_ignored() -> None:
    code = 'var a = `\nimport "fmt"\npackage x\n`\n// import "sort"\n/*\nimport "math"\n*/\n'
    assert imports.split(code) == imports.Part(code, ())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('import "fmt"; import "sort"\nfunc f() { fmt.Println(sort.IsSorted(x)) }', ["fmt", "sort"]),
        ('import "sort"\nimport "fmt"\nfunc f() { fmt.Println() }', ["fmt"]),
        ("func f() { fmt.Println(strings.Title(s)) }", ["fmt", "strings"]),
        ("func f() int { return rand.Intn(3) }", ["math/rand"]),
        ("func f(math T) int { return math.Sum() }", []),
        ('func f() string { return "fmt.Println" }', []),
        ('import _ "fmt"\nvar x = 1', ["fmt"]),
        ("func f() int { return x.sort.Len() }", []),
        ('import "fmt"\nfunc f() { fmt .Println() }', ["fmt"]),
        ("func f(words ...string) {}", []),
    ],
)
def test_imports_follow_use(code: str, expected: list[str]) -> None:
    assert merged(code) == expected


def test_import_of_another_part_wins_over_a_guess() -> None:
    assert merged("func f() { rand.Read(b) }", imports.Import("crypto/rand")) == ["crypto/rand"]


@pytest.mark.parametrize("alias", [".", "_"])
def test_dot_and_blank_imports_stay_in_their_part(alias: str) -> None:
    assert merged("func f(words ...string) {}", imports.Import("strings", alias)) == []


GO_SETUP = (
    'package main\n\nimport (\n    "testing"\n    "math"\n    "github.com/stretchr/testify/assert"\n)\n'
)


def test_parts_that_repeat_their_header_compile(judge: Judge) -> None:
    candidate = f'{GO_SETUP}\nimport "math"\n{RIGHT}'
    assert status(judge, candidate, TESTS, GO_SETUP) is Status.PASSED


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("func TestMain(m *testing.M) { os.Exit(0) }", Status.WRONG_ANSWER),
        ("func main() {}", Status.WRONG_ANSWER),
        ("func init() { go func() { os.Exit(0) }(); time.Sleep(time.Second) }", Status.INCOMPLETE),
        ("func init() { syscall.Write(4, []byte(`passed `)); os.Exit(0) }", Status.INCOMPLETE),
        ("const true = false", Status.WRONG_ANSWER),  # these tests do not use it
    ],
)
def test_wrong_answer_with_a_trick_does_not_pass(judge: Judge, rest: str, expected: Status) -> None:
    assert status(judge, f"{WRONG}\n{rest}\n", TESTS) is expected


def test_failed_assertion_counts_although_the_test_continues(judge: Judge) -> None:
    tests = TESTS.replace("assert.Equal(3, add(1, 2))", "assert.Equal(4, add(1, 2))")
    assert status(judge, RIGHT, tests) is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    "candidate",
    [
        f"\ufeff{RIGHT}",
        RIGHT.replace("\n", "\r\n"),
        f"//go:build go1.18\n// +build go1.18\n\n{RIGHT}",
        f'package main\nimport . "strings"\nvar _ = Contains("a", "b")\n{RIGHT}',
        f'package main\nimport "strings"\nvar _ = strings .Contains("a", "b")\n{RIGHT}',
        f"{RIGHT}\nfunc close(int) {{}}\nfunc max(a int) int {{ return a }}\ntype any = interface{{}}\n",
        f"{RIGHT}\nfunc inside(string, len, true int) (nil int) {{ return len }}\n",
        f"{RIGHT}\ntype list []int\nfunc (one list) len() int {{ return len(one) }}\n",
        f"{RIGHT}\nfunc main() {{ println(add(1, 2)) }}\n",
        f"{RIGHT}\nfunc BenchmarkAdd(b *testing.B) {{}}\nfunc TestOwn(t *testing.T) {{}}\n",
    ],
)
def test_right_answer_of_unusual_shape_passes(judge: Judge, candidate: str) -> None:
    tests = f"{TESTS}\nfunc sum(of ...int) int {{ return len(of) }}\n"
    assert status(judge, candidate, tests) is Status.PASSED


def files(candidate: str, tests: str, setup: str = "") -> Mapping[str, str]:
    if missing := [each.what for each in requirements("go") if not each.met]:
        pytest.skip(f"Go cannot be run here: {missing[0]} is missing")
    program = Program("1", "go", candidate, tests, setup)
    return JUDGING.plan(JudgeTask(program=program, limits=JUDGING.limits, nonce="x", sandbox_path=str)).files


def test_candidate_alias_does_not_reach_the_tests() -> None:
    candidate = 'import math "math/cmplx"\nfunc half(a float64) float64 { return real(math.Sqrt(7)) }\n'
    tests = "func TestHalf(t *testing.T) { if math.Abs(half(3)) > 2 { t.Fail() } }\n"
    assembled = files(candidate, tests)
    assert "cmplx" in assembled["candidate.go"]
    assert "cmplx" not in assembled["tests.go"]
    assert "import  `math`" in assembled["tests.go"]
    setup = 'import "math"\nfunc near(a, b float64) bool { return math.Abs(a-b) < 0.1 }\n'
    assert "cmplx" not in files(candidate, tests, setup)["candidate.go"]


def test_parallel_tests_count(judge: Judge) -> None:
    tests = TESTS.replace("assert := ", "t.Parallel()\n    assert := ")
    assert status(judge, RIGHT, tests) is Status.PASSED
    assert status(judge, WRONG, tests) is Status.WRONG_ANSWER


@pytest.mark.parametrize("tests", ["package main\n", f"{TESTS}\nfunc TestOdd() {{}}\n"])
def test_tests_that_would_not_run_are_an_error(judge: Judge, tests: str) -> None:
    assert status(judge, RIGHT, tests) is Status.HARNESS_ERROR


@pytest.mark.parametrize(
    "reach",
    [
        'import "crosstune/evidence"\nfunc init() { evidence.Report(true) }',
        'import e "crosstune/evidence"\nfunc init() { e.Report(true) }',
        "import . `crosstune/evidence`\nfunc init() { Report(true) }",
        'import e "crosstune/\\x65vidence"\nfunc init() { e.Report(true) }',
        'import "fmt"; import e "crosstune/evidence"\nfunc init() { e.Report(true); fmt.Print() }',
        'var one = 1; import e "crosstune/evidence"\nfunc init() { e.Report(true) }',
        "func init() { evidence.Report(true) }",
    ],
)
def test_judge_package_cannot_be_imported(judge: Judge, reach: str) -> None:
    assert status(judge, f"package main\n{reach}\n{RIGHT}", TESTS) is Status.COMPILE_ERROR


@pytest.mark.parametrize(
    "tests",
    [
        TESTS.replace("    assert := assert.New(t)\n", "").replace("assert.Equal(0", "assert.YAMLEq(t, 0"),
        TESTS.replace("testify/assert", "testify/suite").replace("assert", "suite"),
        TESTS.replace('"testing"', '"testing"; _ "golang.org/x/exp/slices"'),
    ],
)
def test_tests_that_need_a_missing_package_are_an_error(judge: Judge, tests: str) -> None:
    assert status(judge, RIGHT, tests) is Status.HARNESS_ERROR


def test_goexit_is_a_runtime_error(judge: Judge) -> None:
    leaves = CRASH.replace("var none []int; return none[b]", "runtime.Goexit(); return 0")
    assert status(judge, leaves, TESTS) is Status.RUNTIME_ERROR


@pytest.mark.parametrize(
    "line",
    [
        "import (\n",
        'import "fmt"\n',
        "func a() {\n",
        "func (",
        "import /*",
        '"',
        "`a",
        "import\n",
        "func main() {}\n",
    ],
)
def test_long_hostile_candidates_are_assembled(line: str) -> None:
    """Each took minutes, or would, if a pattern were tried at every one of these lines up to the end."""
    assert files(line * 60_000, TESTS)["main.go"]
