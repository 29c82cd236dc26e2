"""Go programs as people write them: tests of every form, candidates with a main and tests of their own."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status, Verdict
from tests.languages.skipping import skip_without_tools

RIGHT = "package main\n\nfunc add(a, b int) int { return a + b }\n"
WRONG = RIGHT.replace("a + b", "a - b")
TESTING = 'package main\n\nimport "testing"\n\n'
TESTS = f'{TESTING}func TestAdd(t *testing.T) {{\n\tif add(1, 2) != 3 {{\n\t\tt.Fatal("no")\n\t}}\n}}\n'
TESTIFY = 'package main\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/assert"\n)\n\n'


def judged(judge: Judge, candidate: str, tests: str) -> Verdict:
    skip_without_tools("go")
    return next(judge.run([Program("1", "go", candidate, tests)]))


def both(judge: Judge, tests: str, addition: str = "") -> list[Status]:
    """The statuses of the right and the wrong candidate."""
    return [judged(judge, f"{code}{addition}", tests).status for code in (RIGHT, WRONG)]


TABLE = """\
func TestAdd(t *testing.T) {
	for _, each := range []struct{ name string; a, b, want int }{{"one", 1, 2, 3}, {"two", 2, 2, 4}} {
		each := each
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			if got := add(each.a, each.b); got != each.want {
				t.Errorf("got %d", got)
			}
		})
	}
}
"""
HELPER = """\
func check(t testing.TB, right bool) { t.Helper(); if !right { t.Error("no") } }
func TestAdd(t *testing.T) { check(t, add(1, 2) == 3) }
"""
TEST_MAIN = """\
package main

import (
	"os"
	"testing"
)

var ready bool

func TestMain(m *testing.M) { ready = true; code := m.Run(); os.Exit(code) }
func TestAdd(t *testing.T) { if !ready || add(1, 2) != 3 { t.Fatal() } }
"""
EXAMPLE = """\
package main

import "fmt"

func ExampleAdd() {
	fmt.Println(add(1, 2))
	fmt.Println(add(2, 2))
	// Output:
	// 3
	// 4
}
"""
UNORDERED = """\
func ExampleAdd() {
	for number := range map[int]bool{1: true, 2: true} {
		fmt.Println(add(number, 1))
	}
	// Unordered output: 3
	// 2
}
"""
PROGRAM = """\
package main

import (
	"fmt"
	"os"
)

func main() {
	if add(1, 2) != 3 {
		fmt.Println("wrong")
		os.Exit(1)
	}
	fmt.Println("right")
}
"""
PANICS = """\
package main

func expect(got, want int) { if got != want { panic("wrong") } }
func main() { expect(add(1, 2), 3) }
"""


@pytest.mark.parametrize(
    "tests",
    [
        TESTS,
        f"\ufeff{TESTS}",
        TESTS.replace("\n", "\r\n"),
        TESTS.replace("package main", "package add_test"),
        TESTS.replace('import "testing"', 'import (\n\t"fmt"\n\t"testing" // unused: fmt\n)'),
        TESTS.replace('"testing"', '. "testing"').replace("testing.T", "T"),
        TESTS.replace('"testing"', 'own "testing"').replace("testing.T", "own.T"),
        TESTS.replace('import "testing"', 'import\n"testing"'),
        TESTS.replace("t.Fatal", "panic").replace("t *", "_ *"),
        f"{TESTS}func BenchmarkAdd(b *testing.B) {{ add(b.N, 1) }}\n",
        f"{TESTS}func FuzzAdd(f *testing.F) {{ f.Fuzz(func(t *testing.T, a int) {{ add(a, a) }}) }}\n",
        f"{TESTING}{TABLE}",
        f"{TESTING}{HELPER}",
        TEST_MAIN,
        TEST_MAIN.replace("code := m.Run(); os.Exit(code)", "m.Run()"),
        EXAMPLE,
        f'{TESTING}import "fmt"\n{UNORDERED}',
        PROGRAM,
        PROGRAM.replace('fmt.Println("right")', "os.Exit(0)"),
        PROGRAM.replace('fmt.Println("wrong")\n\t\tos.Exit(1)', 'log.Fatalf("wrong %d", 1)').replace(
            '"os"', '"log"'
        ),
        PANICS,
        f"{PANICS}// {'x' * 140_000}\n",  # too long for the parser of extraction
    ],
)
def test_tests_are_run_as_their_own_runner_would(judge: Judge, tests: str) -> None:
    expected = Status.RUNTIME_ERROR if "panic(" in tests and "func Test" in tests else Status.WRONG_ANSWER
    assert both(judge, tests) == [Status.PASSED, expected]


@pytest.mark.parametrize(
    "addition",
    [
        "func main() { println(add(1, 2)) }\n",
        "var begun bool\nfunc main() { if !begun { begun = true; main() } }\n",
        'var text = "func main() {"\nvar raw = `\nfunc main() {\n`\nfunc main() { println(text, raw) }\n',
        'import "testing"\nfunc TestAdd(t *testing.T) {}\n',
        'import "testing"\nfunc TestMain(m *testing.M) { os.Exit(m.Run()) }\n',
        "func ExampleAdd() { fmt.Println(add(1, 2))\n// Output: 4\n}\n",
        "type s struct{}\nfunc (s) main() {}\nfunc (s) TestAdd(n int) int { return n }\n",
        "func unused() struct{ x int } { return struct{ x int }{} }\nfunc main() {}\n",
        "var ready bool\nfunc init() { ready = true }\nfunc init() { ready = !ready }\n",
    ],
)
@pytest.mark.parametrize("tests", [TESTS, PROGRAM], ids=["tests", "program"])
def test_a_candidates_own_main_and_tests_do_not_matter(judge: Judge, tests: str, addition: str) -> None:
    assert both(judge, tests, addition) == [Status.PASSED, Status.WRONG_ANSWER]


def test_tests_may_call_the_candidates_main(judge: Judge) -> None:
    tests = f"{TESTING}func TestMainRuns(t *testing.T) {{ main(); if !ran {{ t.Fatal() }} }}\n"
    candidate = "package main\n\nvar ran bool\n\nfunc main() { ran = VALUE }\n"
    statuses = [judged(judge, candidate.replace("VALUE", value), tests).status for value in ("true", "false")]
    assert statuses == [Status.PASSED, Status.WRONG_ANSWER]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("os.Exit(0)", Status.INCOMPLETE),
        ('panic("to do")', Status.RUNTIME_ERROR),
        ("var none []int; a = none[b]", Status.RUNTIME_ERROR),
        ("runtime.Goexit()", Status.RUNTIME_ERROR),
        ("main()", Status.INCOMPLETE),
    ],
)
def test_a_candidate_that_leaves_tests_that_are_a_program_has_failed(
    judge: Judge, body: str, expected: Status
) -> None:
    candidate = RIGHT.replace("return", f"{body}; return")
    assert judged(judge, candidate, PROGRAM).status is expected


def test_a_candidate_cannot_call_its_tests(judge: Judge) -> None:
    candidate = RIGHT.replace("return", "TestAdd(&testing.T{}); return")
    assert judged(judge, candidate, TESTS).status is Status.COMPILE_ERROR


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        (TESTS.replace("!= 3", "!="), "the tests do not parse: line 6: "),
        (TESTS.replace("add(1, 2) != 3", 'add(1, "x'), "the tests do not parse: line 6: "),
        (
            TESTS.replace('import "testing"', 'import (\n\t"testing"\n\t"github.com/google/go-cmp/cmp"\n)'),
            "the tests need github.com/google/go-cmp/cmp, which is not available",
        ),
        (
            f"{TESTIFY}func TestAdd(t *testing.T) {{ assert.YAMLEq(t, 1, 1) }}\n",
            "the tests use YAMLEq of testify",
        ),
        (f"{TESTING}func TestAdd(t *testing.T) {{ add(1, 2) }}\n", "the tests check nothing: no assertion"),
        (TESTS.replace("{\n\tif", '{\n\tt.Skip("later")\n\tif'), "the tests check nothing: no assertion"),
        (
            f"{TESTING}// t.Fatal()\nfunc help() {{ panic(1) }}\nfunc TestAdd(t *testing.T) {{}}\n",
            "the tests check nothing: no assertion",
        ),
        ("package main\n\nfunc help() { panic(1) }\n", "the tests check nothing: they have no function"),
        ("package main\n\nfunc main() { add(1, 2) }\n", "the tests check nothing: no assertion"),
        (TESTS.replace("t *testing.T", ""), "TestAdd has the wrong parameters"),
    ],
)
def test_tests_that_cannot_judge_are_an_error_of_the_tests(judge: Judge, tests: str, message: str) -> None:
    for candidate in (RIGHT, "package main\n\nfunc nonsense( {\n"):
        verdict = judged(judge, candidate, tests)
        assert verdict.status is Status.HARNESS_ERROR
        assert verdict.stderr.startswith(message)


@pytest.mark.parametrize(
    "body",
    [
        "fail := t.Errorf; if add(1, 2) != 3 { fail(`no`) }",
        "if add(1, 2) != 3 { help(t) }",
        "if testing.Short() { t.Skip() }; if add(1, 2) != 3 { t.Fail() }",
        "defer func() { if add(1, 2) != 3 { t.FailNow() } }()",
        "var all []func(); all = append(all, func() { if add(1, 2) != 3 { t.Error() } }); all[0]()",
    ],
)
def test_tests_that_may_fail_are_not_refused(judge: Judge, body: str) -> None:
    help_ = "func help(t *testing.T) { t.Fail() }\n"
    assert both(judge, f"{TESTING}{help_}func TestAdd(t *testing.T) {{ {body} }}\n") == [
        Status.PASSED,
        Status.WRONG_ANSWER,
    ]
