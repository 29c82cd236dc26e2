"""Go's tests that need pointers and errors themselves share a process with the candidate."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages.go import _separate
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

NODE = "type Node struct { Val int; Next *Node }\n"
MIDDLE = NODE + "func Middle(head *Node) *Node {"
CYCLE = NODE + "func HasCycle(head *Node) bool {"
SHARED = NODE + "func Shared(a, b *Node) *Node {"
PLAIN = "func Root(x int) (int, error) {"
ROOT = f'type Negative struct {{ X int }}\nfunc (e *Negative) Error() string {{ return "" }}\n{PLAIN}'
NAMES = {MIDDLE: "Middle", CYCLE: "HasCycle", SHARED: "Shared", ROOT: "Root", PLAIN: "Root"}
THREE = "h := &Node{1, &Node{2, &Node{3, nil}}}; "

IDENTITIES = [
    (MIDDLE, THREE + "if Middle(h) != h.Next { t.Fatal() }"),
    (MIDDLE, THREE + "got := Middle(h); if want := h.Next; got != want { t.Fatal() }"),
    (MIDDLE, THREE + "got := Middle(h); if got.Next == h { t.Fatal() }"),
    (MIDDLE, THREE + "seen := map[*Node]bool{h: true}; got := Middle(h); if seen[got] { t.Fatal() }"),
    (CYCLE, THREE + "h.Next.Next.Next = h; if !HasCycle(h) { t.Fatal() }"),
    (SHARED, "c := &Node{3, nil}; if Shared(&Node{1, c}, &Node{2, c}) == nil { t.Fatal() }"),
    (ROOT, "_, err := Root(-1); if e, ok := err.(*Negative); !ok || e.X != -1 { t.Fatal() }"),
    (ROOT, "_, err := Root(-1); switch err.(type) { case *Negative: default: t.Fatal() }"),
    (PLAIN, "_, err := Root(-1); if err != c.want { t.Fatal() }"),
]
VALUES = [
    (MIDDLE, THREE + "if got := Middle(h); got == nil || got.Val != h.Next.Val { t.Fatal() }"),
    (
        MIDDLE,
        "d := &Node{}; c := d; for v := range 3 { c.Next = &Node{Val: v}; c = c.Next }; equal(Middle(d))",
    ),
    (
        MIDDLE,
        "c := &d; for v := range 3 { n := &Node{Val: v}; c.Next = n; c = n }; equal(Middle(&d))",
    ),
    (PLAIN, '_, err := Root(-1); if (err != nil) != c.fails || err.Error() != "negative" { t.Fatal() }'),
]


def program(candidate: str, declaration: str, body: str) -> Program:
    tests = f'import "testing"\nfunc TestIt(t *testing.T) {{ {body} }}'
    return Program("1", "go", candidate, tests, declaration=declaration, entry_points=(NAMES[declaration],))


@pytest.mark.parametrize(("declaration", "body"), IDENTITIES)
def test_identities_are_shared(declaration: str, body: str) -> None:
    assert _separate.SEPARATE.why_shared(program("", declaration, body))


@pytest.mark.parametrize(("declaration", "body"), VALUES)
def test_values_run_apart(declaration: str, body: str) -> None:
    assert _separate.SEPARATE.why_shared(program("", declaration, body)) == ""


def test_a_copy_differs_from_what_it_copies() -> None:
    skip_without_tools("go")
    candidate = NODE + "func Middle(h *Node) *Node { return h }"
    right = candidate.replace("return h", "c := *h; return &c")
    body = "h := &Node{1, nil}; if got := Middle(h); got == h || got.Val != 1 { t.Error() }"
    with Judge(workers=1) as judge:
        verdicts = list(judge.run(program(each, MIDDLE, body) for each in (right, candidate)))
    assert [each.status for each in verdicts] == [Status.PASSED, Status.WRONG_ANSWER]
