"""Objects of C++ candidates that stay in their own process while tests use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_CASES = (Path(__file__).parent / "objects.txt").read_text("utf-8").split("\n=== ")[1:]

_STACK = """
class Stack {
 public:
  Stack(); ~Stack();
  void push(int x); int pop();
  bool empty() const;
  Stack &chain(int x);
};
"""
_TESTS = """
int main() {
  { Stack s; s.push(1); s.push(2); assert(s.pop() == 2); assert(s.pop() == 1); assert(s.empty());
    s.chain(3).chain(4); assert(s.pop() == 4); }
  return 0;
}
"""
_POP = "int pop() { int x = d.back(); d.pop_back(); return x; }"
_RIGHT = (
    """
#include <stdlib.h>
#include <unistd.h>
#include <vector>
class Stack {
  std::vector<int> d;
 public:
  Stack() {}
  ~Stack() {}
  void push(int x) { d.push_back(x); }
  """
    + _POP
    + """
  bool empty() const { return d.empty(); }
  Stack &chain(int x) { push(x); return *this; }
};
"""
)
_ANY = "struct A { template <class B> bool operator==(const B &) const { return true; } };\n"

CHEATS = {
    "equal to everything": _ANY + _RIGHT.replace(_POP, "A pop() { return A(); }"),
    "converts": "struct A { operator int() const { return 7; } };\nbool operator==(A, int) { return true; }\n"
    + _RIGHT.replace(_POP, "A pop() { return A(); }"),
    "a method exits": _RIGHT.replace("int x = d.back();", "_exit(0); int x = 0;"),
    "the constructor exits": _RIGHT.replace("  Stack() {}", "  Stack() { exit(0); }"),
    "the destructor exits": _RIGHT.replace("~Stack() {}", "~Stack() { _exit(0); }"),
    "the destructor crashes": _RIGHT.replace("~Stack() {}", "~Stack() { abort(); }"),
    "the destructor throws": _RIGHT.replace("~Stack() {}", "~Stack() noexcept(false) { throw 3; }"),
    "another type": _RIGHT.replace(_POP, 'const char *pop() { return "2"; }'),
    "no result": _RIGHT.replace(_POP, "void pop() {}"),
    "no method": _RIGHT.replace("int pop()", "int poop()"),
    "no class": "#include <vector>\ntypedef std::vector<int> Stack;",
    "another object": _RIGHT.replace("push(x); return *this;", "return *new Stack;"),
    "no object": _RIGHT.replace("push(x); return *this;", "return *(Stack *)nullptr;"),
    "reports": _RIGHT.replace(
        "int x = d.back();", f'write(4, "passed {"0" * 32}", 39); _exit(0); int x = 0;'
    ),
    "a handle for a number": _RIGHT.replace(
        "int x = d.back();",
        r'write(6, "\0\0\0\022Rh\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22); int x = d.back();',
    ),
    "a handle of nothing": _RIGHT.replace(
        "push(x);", r'write(6, "\0\0\0\022Rh\0\0\0\011\0\0\0\0\0\0\0\0\0\0\0\0\0", 22); push(x);'
    ),
}

RIGHT = {
    "plain": _RIGHT,
    "names of the judge": "#define name x\n#define handle z\n#define Class K\n#define held 3\n" + _RIGHT,
    "extends": _RIGHT.replace("class Stack {", "struct B { virtual ~B() {} };\nclass Stack : public B {"),
    "wider types": _RIGHT.replace("int pop", "long pop").replace("push(int x)", "push(long x)"),
    "instance of a template": _RIGHT.replace("class Stack", "template <class T> class S")
    .replace("  Stack()", "  S()")
    .replace("~Stack()", "~S()")
    .replace("Stack &", "S &")
    + "using Stack = S<int>;",
    "namespace": _RIGHT.replace("class Stack", "namespace mine { class Stack") + "} using mine::Stack;",
    "default argument": _RIGHT.replace("  Stack() {}", "  Stack(int room = 3) { d.reserve(room); }"),
    "own main": _RIGHT + "int main() { Stack s; s.push(1); return 1; }",
    "final": _RIGHT.replace("class Stack", "class Stack final"),
    "seems to be copyable": _RIGHT.replace("std::vector<int> d;", "std::vector<int> d; L l;").replace(
        "class Stack", "#include <memory>\nstruct L { std::vector<std::unique_ptr<int>> l; };\nclass Stack"
    ),
}

SHARED = {
    "the tests derive from Stack": "struct Mine : Stack {};\nint main() { assert(Mine().empty()); }",
    "the tests ask for the size of Stack": "int main() { assert(sizeof(Stack) > 0); }",
    "the tests use typeid": "#include <typeinfo>\nint main() { assert(typeid(Stack) != typeid(int)); }",
    "the tests use is_copy_constructible": "#include <type_traits>\n"
    "int main() { assert(std::is_copy_constructible<Stack>::value); }",
    "the tests use std::thread": "int main() { std::thread t([] {}); assert(Stack().empty()); }",
    "the tests catch Empty": "int main() { try { Stack().pop(); assert(false); } catch (const Empty &) {} }",
    "has no member named": "int main() { Stack s; assert(s.size() == 0); }",
    "no match for": "int main() { Stack a, b; assert(a == b); }",
}

DECLARED = {
    "extends another": "class A {}; class Stack : public A { public: int f(); };",
    "is abstract": "class Stack { public: virtual int f() = 0; };",
    "public static field": "class Stack { public: static int made; int f(); };",
    "public field that is a pointer": "class Stack { public: Stack *next; int f(); };",
    "returns a pointer": "class Stack { public: int *f(); };",
    "takes a pointer": "class Stack { public: int f(int *a); };",
    "has a conversion": "class Stack { public: int f(); operator int() const; };",
    "has a template as a member": "class Stack { public: template <class T> int f(T x); };",
    "returns a reference": "class Stack { public: int &operator[](int i); };",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="separate") as judge:
        yield judge


def _program(candidate: str, tests: str = _TESTS, declaration: str = _STACK, *names: str) -> Program:
    return Program(
        id="",
        language="cpp",
        candidate=candidate,
        tests=tests,
        declaration=declaration,
        entry_points=names or ("Stack",),
    )


def _parts(case: str) -> tuple[tuple[str, ...], tuple[str, str, str], list[tuple[str, str]]]:
    """The entry points, the declaration, right candidate and tests, and what makes the candidate wrong."""
    head, *texts, wrong = case.split("\n---\n")
    declaration, right, tests = texts
    changes = [line.split(" => ") for line in wrong.strip().splitlines()]
    return tuple(head.split(": ")[1].split(", ")), (declaration, right, tests), [(a, b) for a, b in changes]


@pytest.mark.parametrize("case", _CASES, ids=[case.partition(":")[0] for case in _CASES])
def test_objects(judge: Judge, case: str) -> None:
    """A right candidate passes; each change makes it fail an assertion."""
    names, (declaration, right, tests), changes = _parts(case)
    assert all(right.count(old) for old, _ in changes)
    candidates = [right, *(right.replace(old, new) for old, new in changes)]
    verdicts = judge.run([_program(each, tests, declaration, *names) for each in candidates])
    statuses = [(verdict.status, verdict.isolation) for verdict in verdicts]
    assert statuses[0] == (Status.PASSED, "separate")
    assert set(statuses[1:]) == {(Status.WRONG_ANSWER, "separate")}


@pytest.mark.parametrize("candidate", CHEATS.values(), ids=CHEATS)
def test_that_cheats_do_not_pass(judge: Judge, candidate: str) -> None:
    (verdict,) = judge.run([_program(candidate)])
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict
    assert verdict.isolation == "separate"


@pytest.mark.parametrize("candidate", RIGHT.values(), ids=RIGHT)
def test_that_right_programs_pass(judge: Judge, candidate: str) -> None:
    (verdict,) = judge.run([_program(candidate)])
    assert verdict.status is Status.PASSED, verdict


@pytest.mark.parametrize("reason", SHARED)
def test_what_shares_a_process(judge: Judge, reason: str) -> None:
    declaration = f"{_STACK}struct Empty {{}};\n"
    (verdict,) = judge.run([_program("", SHARED[reason], declaration)])
    assert verdict.status is Status.HARNESS_ERROR
    assert reason in verdict.stderr


@pytest.mark.parametrize("reason", DECLARED)
def test_what_is_declared_and_shares_a_process(judge: Judge, reason: str) -> None:
    tests = "int main() { Stack s; assert(s.f()); }"
    (verdict,) = judge.run([_program("", tests, DECLARED[reason])])
    assert verdict.status is Status.HARNESS_ERROR
    assert reason in verdict.stderr


def test_that_a_reference_that_is_changed_shares_a_process(judge: Judge) -> None:
    declaration = "class Stack { public: void push(int x); int &top(); };"
    read = "int main() { Stack s; s.push(1); assert(s.top() == 1); }"
    changed = read.replace("assert", "s.top() = 1; assert")
    right = "class Stack { int x; public: void push(int n) { x = n; } int &top() { return x; } };"
    first, second = judge.run([_program(right, tests, declaration) for tests in (read, changed)])
    assert (first.status, first.isolation) == (Status.PASSED, "separate")
    assert second.status is Status.HARNESS_ERROR
