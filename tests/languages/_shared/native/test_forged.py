"""Candidates in C and C++ that share a process with the tests and try to decide what these see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_C_TESTS = "#include <assert.h>\nint main(void) { assert(add(1, 2) == 3); assert(add(4, 5) == 9); }\n"
_ANY = """
struct Any {
  template <class Other> bool operator==(const Other &) const { return true; }
  template <class Other> bool operator!=(const Other &) const { return false; }
};
Any add(int, int) { return Any(); }
"""
_ORACLE = """
#include <sys/wait.h>
#include <unistd.h>
int add(int a, int b) {
  for (int guess = -5; guess < 20; guess++) {
    int child = fork(), status;
    if (child == 0) { close(4); return guess; }
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 0) return guess;
  }
  return 0;
}
"""
_INCBIN = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
__asm__(".globl text\ntext: .incbin \"program.c\"\n.byte 0\n");
extern char text[];
int add(int a, int b) {
  char wanted[64];
  sprintf(wanted, "add(%d, %d) == ", a, b);
  char *found = strstr(text, wanted);
  return found ? atoi(found + strlen(wanted)) : 0;
}
"""

FORGED_C = {
    "fork and guess": _ORACLE,
    "the tests as data": _INCBIN,
    "the tests as code": "#ifndef A\n#define A\nint add(int a, int b) { return 0; }\n#define main other\n"
    "#include __FILE__\n#undef main\n#endif\n",
    "macros of the assembler": "int add(int a, int b) { return 7; }\n"
    r'__asm__(".macro jne a\n.endm\n.macro/**/je a\n jmp \\a\n.endm; .macro JNZ a\n.endm");',
}

FORGED_CPP = {
    "a lambda elsewhere": "int main() { auto f = [](int a) { return a < 3; }; assert(f(1));\n"
    "  assert(add(1, 2) == 3); }",
    "a condition": "int main() { if (add(1, 2) != 3) return 1; return 0; }",
    "a variable": "int main() { auto sum = add(1, 2); return sum == 3 ? 0 : 1; }",
    "a choice": "int main() { assert(add(1, 2) == 3 ? true : false); }",
    "an operand": "int main() { assert(true && add(1, 2) == 3); }",
    "parentheses": "int main() { assert((add(1, 2) == 3)); }",
    "a macro": "#define CHECK(x) if (!(x)) return 1\nint main() { CHECK(add(1, 2) == 3); }",
}

FORGED_TYPES = {
    "inside an array": "#include <array>\nstruct Any {};\n"
    "template <unsigned long N> bool operator==(const std::array<Any, N> &, int) { return true; }\n"
    "std::array<Any, 2> add(int, int) { return {}; }",
    "a name like Boost's": "namespace b1234 { struct A { bool operator==(int) const { return true; } }; }\n"
    "b1234::A add(int, int) { return {}; }",
}

RIGHT_C = {
    "a child that computes": "#include <sys/wait.h>\n#include <unistd.h>\nint add(int a, int b) {\n"
    "  int ends[2], sum = 0; if (pipe(ends)) return 0;\n"
    "  if (!fork()) { sum = a + b; write(ends[1], &sum, sizeof sum); _exit(0); }\n"
    "  read(ends[0], &sum, sizeof sum); wait(0); return sum; }",
    "functions that do not return": "#include <stdlib.h>\n#include <stdnoreturn.h>\n"
    "static void a(void) __attribute__((noreturn));\nstatic void a(void) { abort(); }\n"
    "static noreturn void b(void) { abort(); }\n_Noreturn static void c(void) { abort(); }\n"
    "int add(int x, int y) { if (x > 99) a(); if (x > 98) b(); if (x > 97) c(); return x + y; }",
    "macros of the assembler": "int twice(int);\nint add(int a, int b) { return twice(a) / 2 + b; }\n"
    r'__asm__(".macro double r\n addl \\r, \\r\n.endm\ntwice: movl %edi, %eax\n double %eax\n ret");',
}

_OPERATORS = """
#include <algorithm>
#include <vector>
struct P {
  int a;
  bool operator<(const P &other) const { return a < other.a; }
  bool operator==(const P &other) const { return a == other.a; }
};
std::vector<int> add(std::vector<int> given) {
  std::vector<P> all;
  for (int each : given) all.push_back({each});
  std::sort(all.begin(), all.end());
  for (unsigned i = 0; i < given.size(); i++) given[i] = all[i].a;
  return given;
}
"""
_MANY_COMPARISONS = """
#include <cmath>
#include <map>
#include <string>
using namespace std;
template <class T> bool same(const T &a, const T &b) {
  for (size_t i = 0; i < a.size(); i++) if (a[i] != b[i]) return false;
  return a.size() == b.size();
}
struct Q { int x; bool operator==(const Q &other) const { return x == other.x; } };
#define CHECK(x) do { if (!(x)) return 1; } while (0)
int main() {
  vector<int> v = add({3, 1, 2});
  assert(same(v, {1, 2, 3}));
  if (v != vector<int>({1, 2, 3})) return 1;
  CHECK(v[0] == 1 && v.size() == 3u);
  Q a{1}, b{1};
  if (!(a == b)) return 3;
  map<string, int> m;
  if (m.find("x") != m.end() || m.begin() != m.cend()) return 4;
  assert(fabs(1.0 - 1.0) < 1e-6 && v.front() == 1);
  const char *p = nullptr;
  if (p != NULL || p != nullptr || string("x").find('y') != string::npos) return 5;
  static_assert(sizeof(int) == 4, "");
  constexpr bool less = 3 < 4;
  auto f = [&](int k) { return v[0] == k; };
  assert(f(1));
  int n = v.size() > 2 ? 1 : 0, all[(2 < 3) ? 2 : 1] = {};
  assert((n == 1));
  enum { E = 2 < 3 };
  return all[0] != all[1] || !less || E != 1;
}
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="shared") as judge:
        yield judge


def _verdict(judge: Judge, language: str, candidate: str, tests: str, declaration: str = "") -> Status:
    (verdict,) = judge.run([Program("", language, candidate, tests, declaration=declaration)])
    return verdict.status


@pytest.mark.parametrize("candidate", FORGED_C.values(), ids=FORGED_C)
def test_that_forged_programs_in_c_do_not_pass(judge: Judge, candidate: str) -> None:
    status = _verdict(judge, "c", candidate, _C_TESTS)
    assert status not in (Status.PASSED, Status.HARNESS_ERROR)


@pytest.mark.parametrize("tests", FORGED_CPP.values(), ids=FORGED_CPP)
def test_that_operators_do_not_decide(judge: Judge, tests: str) -> None:
    assert _verdict(judge, "cpp", _ANY, tests) is Status.WRONG_ANSWER


@pytest.mark.parametrize("candidate", FORGED_TYPES.values(), ids=FORGED_TYPES)
def test_that_types_are_known_by_their_parts(judge: Judge, candidate: str) -> None:
    tests = "int main() { assert(add(1, 2) == 3); }"
    assert _verdict(judge, "cpp", candidate, tests) is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    "form",
    ["template <> bool std::operator==({0}) {1}", "namespace std {{ template <> bool operator==({0}) {1} }}"],
)
def test_that_the_library_keeps_its_operators(judge: Judge, form: str) -> None:
    parameters = "const std::vector<int> &, const std::vector<int> &"
    candidate = "#include <vector>\nstd::vector<int> add(std::vector<int> v) { return v; }\n"
    candidate += form.format(parameters, "{ return true; }")
    tests = "int main() { assert(add({3, 1}) == std::vector<int>({1, 3})); }"
    assert _verdict(judge, "cpp", candidate, tests) is Status.COMPILE_ERROR


@pytest.mark.parametrize("candidate", RIGHT_C.values(), ids=RIGHT_C)
def test_that_right_programs_in_c_pass(judge: Judge, candidate: str) -> None:
    assert _verdict(judge, "c", candidate, _C_TESTS) is Status.PASSED


def test_that_comparisons_keep_their_meaning(judge: Judge) -> None:
    assert _verdict(judge, "cpp", _OPERATORS, _MANY_COMPARISONS) is Status.PASSED


def test_that_declared_operators_decide(judge: Judge) -> None:
    declaration = "class Big { public: Big(int n); bool operator==(int n) const; };"
    candidate = (
        "class Big { int n; public: Big(int n) : n(n) {} bool operator==(int m) const { return n == m; } };"
    )
    tests = "int main() { assert(Big(5) == 5); }"
    assert _verdict(judge, "cpp", candidate, tests, declaration) is Status.PASSED
