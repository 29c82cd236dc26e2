"""Go's tests and candidates in processes of their own: what a candidate cannot do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

_DECLARATION = "package main\n\n// add returns the sum.\nfunc add(a, b int) int {\n"
_TESTS = """
import "testing"

func TestAdd(t *testing.T) {
	if add(1, 2) != 3 || add(5, 7) != 12 {
		t.Fatal("wrong")
	}
}
"""
# The beginning of a candidate that answers the tests itself.
_ANSWERS = """
import ("os"; "syscall"; "time"; "unsafe")
var _ = os.Exit; var _ = time.Now; var _ unsafe.Pointer
func number(n int) string { return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) }
func text(t string) string { return number(len(t)) + t }
func frame(data string) { syscall.Write(6, []byte(number(len(data)) + data)) }
func integer(n int) string { return "i" + number(0) + number(n) }
var end = number(0) + text("") + text("")
func many(t string, n int) (all string) { for ; n > 0; n-- { all += t }; return }
"""


def _answering(body: str, more: str = "") -> str:
    return f"{_ANSWERS}{more}\nfunc add(a, b int) int {{ {body}; return 0 }}\n"


CHEATS = {
    "wrong": _answering(""),
    "exit": _answering("os.Exit(0)"),
    "exit while loading": _answering("", "func init() { os.Exit(0) }"),
    "report": _answering('syscall.Write(4, []byte("passed 00000000000000000000000000000000")); os.Exit(0)'),
    "report while loading": _answering("", 'func init() { syscall.Write(4, []byte("passed ")); os.Exit(0) }'),
    "panic": _answering("panic(0)"),
    "panic without a value": _answering("panic(nil)"),
    "end of the goroutine": 'import "runtime"\nfunc add(a, b int) int { runtime.Goexit(); return 0 }',
    "deadlock": _answering("select {}"),
    "no function": "func sub(a, b int) int { return a - b }",
    "other type": 'func add(a, b int) string { return "3" }',
    "own type": "type number int\nfunc add(a, b int) number { return number(a + b) }",
    "no answer": _answering("", "func init() { syscall.Close(5); syscall.Close(6) }"),
    "closed in the call": _answering("syscall.Close(6); return a + b"),
    "no frame": _answering('syscall.Write(6, []byte(many("\\xff", 64))); return 3'),
    "frames beforehand": _answering("", 'func init() { frame("R" + integer(3) + end) }'),
    "empty frame": _answering('frame("")'),
    "report as a frame": _answering('frame("passed"); frame("!passed")'),
    "hello again": _answering('frame("H\\x01")'),
    "unknown tag": _answering('frame("Rz" + end)'),
    "other value": _answering('frame("Rs" + text("3") + end)'),
    "text with the bits": _answering('frame("Rd" + many("\\x00", 7) + "\\x03" + end)'),
    "opaque object": _answering('frame("Ro" + text("int") + end)'),
    "type of its own": _answering('frame("RK" + text("main.number") + integer(3) + end)'),
    "something follows": _answering('frame("R" + integer(a + b) + end + "x")'),
    "huge integer": _answering('frame("RI" + number(9) + many("\\x00", 9) + end)'),
    "long text announced": _answering('frame("Rs" + many("\\xff", 4) + end)'),
    "long list announced": _answering('frame("Rl" + many("\\xff", 4) + end)'),
    "deep frame": _answering('frame("R" + many("l\\x00\\x00\\x00\\x01", 9999) + "N" + end)'),
    "long frame": _answering('syscall.Write(6, []byte(many("\\xff", 4))); time.Sleep(1 << 40)'),
    "long frame in full": _answering("frame(string(make([]byte, 17 << 20)))"),
    "change of another argument": _answering('frame("R" + integer(a + b) + number(1) + number(7) + "N")'),
    "many changes": _answering('frame("R" + integer(a + b) + many("\\xff", 4) + end)'),
    "error of no kind": _answering('frame("E" + text("") + text("") + text("") + end)'),
    "promise": _answering('frame("PR" + integer(3) + end)'),
    "handle": _answering('frame("Rh" + number(1) + end)'),
    "thread that answers": _answering(
        "for { time.Sleep(1) }", 'func init() { go func() { for { frame("R" + integer(0) + end) } }() }'
    ),
    "fork that answers": _answering(
        "pid, _, _ := syscall.RawSyscall(syscall.SYS_FORK, 0, 0, 0); if pid == 0 { return 3 }; os.Exit(0)"
    ),
    "memory of the other process": _answering(
        'f, e := os.OpenFile("/proc/" + "1" + "/mem", os.O_RDWR, 0); if e == nil { f.Write([]byte("x")) }'
    ),
    "server's main": _answering("main(); return a + b + 1"),
    "the judge's packages": 'import "crosstune/evidence"\nfunc init() { evidence.Report(true) }\n'
    "func add(a, b int) int { return 0 }",
    "the judge's values": 'import "crosstune/values"\nfunc init() { values.Question().Send() }\n'
    "func add(a, b int) int { return 0 }",
    "other T": 'import "testing"\nfunc TestAdd(t *testing.T) {}\nfunc add(a, b int) int { return 0 }',
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("go")
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def judged(judge: Judge, candidate: str, tests: str = _TESTS, declaration: str = _DECLARATION) -> Status:
    program = Program(
        "1",
        "go",
        candidate,
        tests=tests,
        declaration=declaration,
        entry_points=("add",),
        setup="package main\n",
    )
    (verdict,) = judge.run([program])
    assert verdict.isolation == "separate", verdict
    return verdict.status


def test_a_right_answer_passes(judge: Judge) -> None:
    assert judged(judge, "func add(a, b int) int { return a + b }") is Status.PASSED


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_passes(judge: Judge, name: str) -> None:
    status = judged(judge, CHEATS[name])
    assert status not in (Status.PASSED, Status.HARNESS_ERROR), status


@pytest.mark.parametrize(
    "candidate",
    [
        "func add(x, y int) (sum int) { sum = x + y; return }",
        "var add = func(a, b int) int { return a + b }",
        "func add[T int | float64](a, b T) T { return a + b }",
        "func add(a, b interface{}) int { return a.(int) + b.(int) }",
        "func add(a, b int) interface{} { return a + b }",
        """
import "testing"
func TestAdd(t *testing.T) {}
func main() {}
func add(a, b int) int { return a + b }
""",
        'func add(a, b int) int { print(`{"R"}`); return a + b }',
        'import ("fmt"; "os")\nfunc add(a, b int) int { fmt.Fprintln(os.Stdout, "passed"); return a + b }',
        "func m(a, b int) int { return a + b }\nfunc add(a, b int) int { return m(a, b) }",
        "type name int\nfunc len() {}\nfunc append() {}\nfunc add(a, b int) int { return a + b }",
    ],
)
def test_right_answers_of_other_forms_pass(judge: Judge, candidate: str) -> None:
    assert judged(judge, candidate) is Status.PASSED


HOSTILE = {
    "key that has no hash": '"K" + text("map[interface {}]int") + "m" + number(1) + "K" + text("[]int") + "N"'
    " + integer(1)",
    "type without an end": '"K" + text(many("[]", 200)) + "N"',
    "key of no order": '"K" + text("map[[]int]int") + "N"',
    "huge array": '"K" + text("[1048576][1048576]int") + "l" + number(1 << 20)',
    "negative length": '"K" + text("[-1]int") + "l" + number(0)',
    "names of names": 'many("K" + text("interface {}"), 9999) + "N"',
    "many items": '"K" + text("[]interface {}") + "l" + number(12 << 20) + many("N", 12 << 20)',
    "error without a text": '"K" + text("error") + "N"',
    "text that is none": '"s" + text("\\xff")',
    "type that is not known": '"K" + text("main.T") + integer(3)',
    "set": '"S" + number(1) + integer(3)',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_value_in_an_interface_passes(judge: Judge, name: str) -> None:
    candidate = (
        f"{_ANSWERS}\nfunc add(a, b int) interface{{}} {{ frame(`R` + {HOSTILE[name]} + end); return 0 }}"
    )
    candidate = candidate.replace(
        "(all string) { for ; n > 0; n-- { all += t }; return }",
        "string { all := []byte{}; for ; n > 0; n-- { all = append(all, t...) }; return string(all) }",
    )
    declaration = "func add(a, b int) interface{}"
    tests = 'import "testing"\nfunc TestAdd(t *testing.T) { if add(1, 2) != 3 { t.Fatal() } }'
    status = judged(judge, candidate, tests, declaration)
    assert status not in (Status.PASSED, Status.HARNESS_ERROR), status


def test_a_candidate_whose_call_ends_the_process_has_failed_even_if_a_test_would_recover(
    judge: Judge,
) -> None:
    tests = 'import "testing"\nfunc TestAdd(t *testing.T) { defer func() { recover() }(); add(1, 2) }\n'
    tests += "func TestMore(t *testing.T) { if add(1, 2) != 3 { t.Fail() } }\n"
    assert judged(judge, _answering("os.Exit(0)"), tests) is Status.INCOMPLETE


def test_helpers_of_the_declaration_are_given_to_both_sides(judge: Judge) -> None:
    declaration = (
        'package main\n\nimport "strconv"\n\ntype pair struct{ a, b int }\n\n'
        "func (p pair) sum() int { return p.a + p.b }\n\nfunc twice(n int) int { return 2 * n }\n\n"
        "func words(n int) string { return strconv.Itoa(n) }\n\nfunc add(a pair) (pair, error)\n"
    )
    tests = """
import "testing"

func TestAdd(t *testing.T) {
	got, err := add(pair{1, 2})
	if got.sum() != twice(3) || words(got.a) != "6" || err == nil || err.Error() != "6" {
		t.Fatal(got, err)
	}
}
"""
    candidate = """
import "errors"
func add(p pair) (pair, error) { return pair{twice(p.sum()), 0}, errors.New(words(6)) }
"""
    assert judged(judge, candidate, tests, declaration) is Status.PASSED


@pytest.mark.parametrize(
    ("declaration", "tests", "why"),
    [
        ("func add(r func() int) int", _TESTS, "func() int"),
        ("func add[T any](a, b T) T", _TESTS, "type parameters"),
        ("func sub(a, b int) int", _TESTS, "no function add"),
        (_DECLARATION, 'import "testing"\nfunc ExampleX() { add(1, 2)\n// Output: 3\n}', "examples"),
        (_DECLARATION, f"{_TESTS}\nfunc TestOut(t *testing.T) {{ os.Stdout = nil }}", "os.Stdout"),
    ],
)
def test_what_values_cannot_do_is_refused(judge: Judge, declaration: str, tests: str, why: str) -> None:
    program = Program("1", "go", "", tests=tests, declaration=declaration, entry_points=("add",))
    assert why in judge.why_shared(program)


@pytest.mark.parametrize(
    "given", ["const ( Red Color = iota; Green )", "const (\n\tRed Color = iota\n\tGreen\n)"]
)
def test_constants_may_be_on_one_line(given: str) -> None:
    skip_without_tools("go")
    declaration = f"type Color int\n{given}\nfunc next(c Color) Color {{"
    tests = 'import "testing"\nfunc TestNext(t *testing.T) { if next(Red) != Green { t.Fatal() } }'
    right = f"{declaration} return c + 1 }}"
    with Judge(workers=1, isolation="separate") as judge:
        (verdict,) = judge.run(
            [Program("1", "go", right, tests, declaration=declaration, entry_points=("next",))]
        )
    assert verdict.status is Status.PASSED, verdict.stderr
