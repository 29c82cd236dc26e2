"""Go's tests that change what the candidate has returned, or may have kept, share a process with it."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages.go import _separate
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

MAKE = "func Make(n int) [][]int {"
UNIQUE = "func Unique(a []int) []int {"
MOVE = "func Move(to, from []int) {"
COUNTS = "func Counts(text string) map[string]int {"
FIND = "type P struct { X int; N *P }\nfunc Find(all []*P) *P {"
POINT = "type P struct { X int }\nfunc Point() P {"
NODE = "type Node struct { V int; N *Node }\nfunc Push(h *Node, v int) {"
ZERO = "func Zero(m [][]int) {"
PUT = "func Put(m map[string]map[string]int) {"
SET = """type Set struct{}
func NewSet(items []int) *Set {}
func (s *Set) Items() []int {}
func (s *Set) Push(v int) {}
func (s *Set) Len() int {}"""
NAMES = {
    MAKE: "Make",
    UNIQUE: "Unique",
    MOVE: "Move",
    COUNTS: "Counts",
    FIND: "Find",
    POINT: "Point",
    NODE: "Push",
    ZERO: "Zero",
    PUT: "Put",
    SET: "Set",
}

CHANGED = [
    (MAKE, "m := Make(2); m[0][0] = 1; if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "m := Make(2); row := m[0]; row[0]++; if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "m := Make(2); m[0] = append(m[0], 1); if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "m := Make(2); sort.Ints(m[0]); if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "m := Make(2); copy(m[0], []int{1}); if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "for _, row := range Make(2) { row[0] += 1; if row[0] != 1 { t.Fatal() } }"),
    (MAKE, "f := Make; m := f(2); m[0][0] = 1; if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "f := func() [][]int { return Make(2) }; m := f(); m[0][0] = 1; if m[1][0] != 0 { t.Fatal() }"),
    (MAKE, "for _, f := range []func(int) [][]int{Make} { m := f(2); m[0][0] = 1; t.Fatal(m) }"),
    (MAKE, "all := [][][]int{Make(1)}; all[0][0][0] = 1; t.Fatal(all)"),
    (MAKE, "var all [][][]int; all = append(all, Make(1)); all[0][0][0] = 1; t.Fatal(all)"),
    (MAKE, "p := &Make(2)[0]; (*p)[0] = 1; t.Fatal(p)"),
    (
        MAKE,
        "set(Make(2), 1)\n}\nfunc set(rows [][]int, v int) { rows[0][0] = v; if rows[1][0] == v { panic(1) }",
    ),
    (UNIQUE, "a := []int{1}; b := Unique(a); b[0] = 5; if a[0] != 1 { t.Fatal() }"),
    (UNIQUE, "a := []int{1}; b := Unique(a); a[0] = 5; if b[0] != 1 { t.Fatal() }"),
    (UNIQUE, "a := []int{1}; b := Unique(a); sort.Ints(b); if a[0] != 1 { t.Fatal() }"),
    (UNIQUE, "a := Unique(nil); b := Unique([]int{1}); if len(a) != 0 || len(b) != 1 { t.Fatal() }"),
    (COUNTS, 'm := Counts("a"); m["x"]++; n := Counts("a"); if n["x"] != 0 { t.Fatal() }'),
    (COUNTS, 'm := Counts("a"); delete(m, "a"); n := Counts("a"); if n["a"] != 1 { t.Fatal() }'),
    (FIND, "p := Find(all); p.X = 3; if all[0].X != 3 { t.Fatal() }"),
    (MOVE, "a := []int{1, 2, 3}; Move(a[1:], a); if a[2] != 2 { t.Fatal() }"),
    (NODE, "h := &Node{1, &Node{2, nil}}; last := h.N; Push(h, 3); if last.N == nil { t.Fatal() }"),
    (NODE, "last := &Node{2, nil}; h := &Node{1, last}; Push(h, 3); if last.N == nil { t.Fatal() }"),
    (ZERO, "m := [][]int{{1}, {2}}; row := m[1]; Zero(m); if row[0] != 0 { t.Fatal() }"),
    (
        PUT,
        'in := map[string]int{}; m := map[string]map[string]int{"a": in}; Put(m); if in["a"] == 0 { return }',
    ),
    (SET, "s := NewSet(nil); a := s.Items(); a[0] = 9; if s.Items()[0] == 9 { t.Fatal() }"),
    (SET, "s := NewSet(nil); s.Items()[0] = 9; if s.Items()[0] == 9 { t.Fatal() }"),
    (SET, "a := []int{1}; s := NewSet(a); a[0] = 9; if s.Items()[0] == 9 { t.Fatal() }"),
    (SET, "s := NewSet(nil); a := s.Items(); s.Push(9); if a[0] == 9 { t.Fatal() }"),
]
UNCHANGED = [
    (
        UNIQUE,
        "for _, c := range cases { got := Unique(c.in); sort.Ints(got); equal(t, got, c.want, c.name) }",
    ),
    (UNIQUE, 'a := []int{2, 1}; b := Unique(a); sort.Ints(b); if b[0] != 1 { t.Errorf("%v: %v", a, b) }'),
    (UNIQUE, "a := Unique(nil); if a != nil { t.Fatal(a) }; b := Unique(nil); if b != nil { t.Fatal(a, b) }"),
    (UNIQUE, "a := []int{1}; a[0] = 2; b := Unique(a); if b[0] != 2 { t.Fatal() }"),
    (UNIQUE, "b := Unique([]int{1}); c := append([]int{}, b...); c[0] = 5; if b[0] != 1 { t.Fatal() }"),
    (UNIQUE, "all := make([][]int, 3); for i := range all { all[i] = Unique(nil) }; t.Fatal(all)"),
    (SET, "s := NewSet(nil); s.Push(1); a := s.Items(); t.Log(a); s.Push(2); a = s.Items(); t.Fatal(a)"),
    (SET, "s := NewSet([]int{1}); s.Push(1); if s.Len() != 2 { t.Fatal(s.Items()) }"),
    (MOVE, "a, b := []int{1}, []int{2}; Move(a, b); if a[0] != 2 { t.Fatal() }"),
    (NODE, "h := &Node{1, nil}; v := h.V; Push(h, 3); if h.V != v || h.N.V != 3 { t.Fatal() }"),
    (ZERO, "m := [][]int{{1}, {2}}; Zero(m); row := m[1]; if row[0] != 0 { t.Fatal() }"),
    (POINT, "p := Point(); p.X = 4; if p.X != 4 { t.Fatal() }"),
]


def why_shared(declaration: str, body: str) -> str:
    tests = f'import (\n"sort"\n"testing"\n)\nfunc TestIt(t *testing.T) {{ {body} }}'
    program = Program("1", "go", "", tests, declaration=declaration, entry_points=(NAMES[declaration],))
    return _separate.SEPARATE.why_shared(program)


@pytest.mark.parametrize(("declaration", "body"), CHANGED)
def test_changed_results_are_shared(declaration: str, body: str) -> None:
    assert "the tests change" in why_shared(declaration, body)


@pytest.mark.parametrize(("declaration", "body"), UNCHANGED)
def test_others_run_apart(declaration: str, body: str) -> None:
    assert why_shared(declaration, body) == ""


def test_too_many_changes_are_not_followed() -> None:
    body = "a := []int{1}; b := Unique(a); " + "a[0] = 2; " * 700 + "if b == nil { t.Fatal() }"
    assert "too much" in why_shared(UNIQUE, body)


ROWS_TESTS = """
import "testing"
func TestRows(t *testing.T) {
	m := Make(2)
	m[0][0] = 1
	if m[1][0] != 0 { t.Error("one row twice") }
}"""
ROWS = (
    "func Make(n int) [][]int { m := make([][]int, n); for i := range m { m[i] = make([]int, n) }; return m }"
)
ALIASED = ROWS.replace("for i", "row := make([]int, n); for i").replace("= make([]int, n) }", "= row }")


@pytest.mark.parametrize(("candidate", "status"), [(ROWS, Status.PASSED), (ALIASED, Status.WRONG_ANSWER)])
def test_aliased_rows_do_not_pass(candidate: str, status: Status) -> None:
    skip_without_tools("go")
    with Judge(workers=1) as judge:
        given = Program("1", "go", candidate, ROWS_TESTS, declaration=MAKE, entry_points=("Make",))
        (verdict,) = judge.run([given])
    assert (verdict.status, verdict.isolation) == (status, "shared")
