"""C++'s tests and candidates in processes of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_TESTS = "int main() { assert(add(1, 2) == 3); assert(add(5, 7) == 12); }\n"
_RIGHT = "int add(int a, int b) { return a + b; }\n"

# The beginning of a candidate that answers the tests itself.
_ANSWERS = """
#include <string>
#include <unistd.h>
using std::string;
static string number(unsigned long value, int bytes = 4) {
  string text;
  while (bytes--) text += (char)(value >> 8 * bytes);
  return text;
}
static void frame(string data) { data = number(data.size()) + data; write(6, data.data(), data.size()); }
static const string END(12, 0);
static string integer(long value) { return "i" + number(value, 8); }
int add(int a, int b) {
"""
_REPORT = 'write(4, "passed 00000000000000000000000000000000", 39);'

CHEATS = {
    "equal to everything": "struct A {\n"
    "  template <class B> bool operator==(const B &) const { return true; } };\n"
    "A add(int, int) { return {}; }",
    "equal to integers": "struct A {}; bool operator==(A, int) { return true; }\n"
    "A add(int, int) { return {}; }",
    "converts": "struct A { operator int() const { return 9; } };\n"
    "bool operator==(A, int) { return true; }\nA add(int, int) { return {}; }",
    "converts differently": "int at; struct A { operator int() const { return at++ ? 12 : 9; } };\n"
    "A add(int, int) { return {}; }",
    "convertible to anything": "struct A { template <class B> operator B() const { return B(); } };\n"
    "A add(int, int) { return {}; }",
    "reference that changes": "int value = 3;\nint &add(int, int) { return value; }",
    "another number": "__float128 add(int, int) { return 3.5; }",
    "out of range": "long long add(int a, int b) { return a + b + (1LL << 32); }",
    "rounded": "double add(int a, int b) { return a + b + 0.5; }",
    "not a number": 'double add(int a, int b) { return __builtin_nan(""); }',
    "no result": "void add(int, int) {}",
    "macro instead": "#define add(...) 3",
    "assert redefined": "#undef assert\n#define assert(...)\nint add(int, int) { return 0; }",
    "main of its own": "int add(int, int) { return 0; }\nint main() { return 0; }",
    "codec replaced": "namespace crosstune { void put_integer(long long) {} }\n"
    "int add(int, int) { return 0; }",
    "own value": "namespace crosstune { struct Mine {}; template <> struct Value<Mine> {\n"
    "  static void write(const Mine &) { put_tag('?'); } }; }\ncrosstune::Mine add(int, int) { return {}; }",
    "exit": "#include <cstdlib>\nint add(int, int) { exit(0); }",
    "exit at once": "#include <unistd.h>\nint add(int, int) { _exit(0); }",
    "exit while loading": "#include <unistd.h>\nint left = (_exit(0), 0);\n" + _RIGHT,
    "report": f"#include <unistd.h>\nint add(int, int) {{ {_REPORT} _exit(0); }}",
    "report while loading": f"#include <unistd.h>\nstruct A {{ A() {{ {_REPORT} _exit(0); }} }} a;\n"
    + _RIGHT,
    "no function": "int sub(int a, int b) { return a - b; }",
    "abort": "#include <cstdlib>\nint add(int, int) { abort(); }",
    "exception": "int add(int, int) { throw 3; }",
    "thread that ends it": "#include <thread>\n#include <unistd.h>\nint add(int, int) {\n"
    "  std::thread([] { _exit(0); }).join(); return 3; }",
    "closed while loading": "#include <unistd.h>\nint closed = close(6) + close(5);\n" + _RIGHT,
    "closed in the call": "#include <unistd.h>\nint add(int a, int b) { close(6); return a + b; }",
    "fork that guesses": "#include <unistd.h>\nint add(int, int) { return fork() ? 7 : 8; }",
    "no frame": _ANSWERS + 'write(6, "\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff", 8); return 3; }',
    "frames beforehand": _ANSWERS + "return 0; }\nstruct A { A() { for (int i = 0; i < 9; i++)\n"
    '  frame("R" + integer(3) + END); } } a;',
    "empty frame": _ANSWERS + 'frame(""); return a + b; }',
    "report as a frame": _ANSWERS + 'frame("passed"); return a + b; }',
    "hello again": _ANSWERS + 'frame("H\\1"); return a + b; }',
    "unknown tag": _ANSWERS + 'frame("Rz" + END); return a + b; }',
    "something follows": _ANSWERS + 'frame("R" + integer(a + b) + END + "x"); return a + b; }',
    "text for an integer": _ANSWERS + 'frame("Rs" + number(1) + "3" + END); return a + b; }',
    "long text announced": _ANSWERS + 'frame("Rs" + number(-1) + END); return a + b; }',
    "short integer": _ANSWERS + 'frame("Ri"); return a + b; }',
    "large integer": _ANSWERS + 'frame("RI" + number(9) + number(1, 9) + END); return a + b; }',
    "long frame": _ANSWERS + "string data = number(1UL << 31); write(6, data.data(), 4); return a + b; }",
    "change of an argument": _ANSWERS
    + 'frame("R" + integer(a + b) + number(1) + number(0) + integer(5) + number(0, 8)); return a + b; }',
    "many changes": _ANSWERS + 'frame("R" + integer(a + b) + number(-1) + number(0, 8)); return a + b; }',
    "exception unknown": _ANSWERS + 'frame("E" + number(1) + "?" + number(0, 8) + END); return a + b; }',
    "exception cut": _ANSWERS + 'frame("E" + number(99)); return a + b; }',
}

RIGHT = {
    "plain": _RIGHT,
    "wider": "long add(long a, long b) { return a + b; }",
    "floating": "double add(double a, double b) { return a + b; }",
    "template": "template <class T> T add(T a, T b) { return a + b; }",
    "overloads": "double add(double a, double b) { return 0; }\n" + _RIGHT,
    "default argument": "int add(int a, int b, int c = 0) { return a + b + c; }",
    "constant references": "int add(const int &a, const int &b) { return a + b; }",
    "automatic": "auto add(int a, int b) { return a + b; }",
    "own main": _RIGHT + '#include <cstdio>\nint main() { printf("%d", add(1, 2)); }',
    "prints": '#include <iostream>\nint add(int a, int b) { std::cout << a << "\\n"; return a + b; }',
    "namespaces": "namespace mine { int add(int a, int b) { return a + b; } }\nusing mine::add;",
    "lambda": "auto add = [](int a, int b) { return a + b; };",
    "macros": "#define int long\n#define value(x) x\n#define crosstune_x 3\n"
    "int add(int a, int b) { return value(a + b); }",
    "newer standard": "#include <concepts>\ntemplate <std::integral T> T add(T a, T b) { return a + b; }",
    "own classes": "struct list { int sum(int a, int b) { return a + b; } };\n"
    "int add(int a, int b) { return list().sum(a, b); }",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="separate") as judge:
        yield judge


def _program(candidate: str, tests: str = _TESTS, declaration: str = "int add(int a, int b);") -> Program:
    return Program(
        id="",
        language="cpp",
        candidate=candidate,
        tests=tests,
        declaration=declaration,
        entry_points=("add",),
    )


@pytest.mark.parametrize("candidate", CHEATS.values(), ids=CHEATS)
def test_that_cheats_do_not_pass(judge: Judge, candidate: str) -> None:
    (verdict,) = judge.run([_program(candidate)])
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict
    assert verdict.isolation == "separate"


@pytest.mark.parametrize("candidate", RIGHT.values(), ids=RIGHT)
def test_that_right_programs_pass(judge: Judge, candidate: str) -> None:
    (verdict,) = judge.run([_program(candidate)])
    assert verdict.status is Status.PASSED, verdict


STANDARDS = ("", "gnu++11", "c++11", "c++14", "c++17", "gnu++20", "gnu++23")


@pytest.mark.parametrize("standard", STANDARDS)
def test_values(judge: Judge, standard: str) -> None:
    """Every value comes back as it was sent; arguments change in place; errors keep their kind."""
    program = (Path(__file__).parent / "values.cpp").read_text("utf-8")
    declaration, candidate, tests = program.split("// ---\n")
    older, newer = declaration.split("#ifdef MODERN\n")
    is_modern = standard not in ("gnu++11", "c++11", "c++14")
    setup = "#define MODERN\n" if is_modern else ""
    declaration = older + newer.replace("#endif\n", "") if is_modern else older
    (verdict,) = judge.run(
        [
            Program(
                id="",
                language="cpp",
                candidate=f"{declaration}{candidate}",
                tests=tests,
                setup=setup,
                declaration=declaration,
                entry_points=tuple(re.findall(r"\b(echo_\w+)\(", declaration)),
                standard=standard,
            )
        ]
    )
    assert verdict.status is Status.PASSED, verdict.stderr


SHARED = {
    "the tests pass an array": (
        "int add(int *numbers, int n);",
        "int main() { int a[2] = {1, 2}; assert(add(a, 2)); }",
    ),
    "returns a pointer": ("int *add(int n);", "int main() { assert(add(2)[0]); }"),
    "do not travel": ("struct A { int *a; };\nint add(A a);", "int main() { assert(add(A{})); }"),
    "two": ("int add(int a, int b);", "int main() { assert(add(two, 2) == 4); }"),
    "not declared": ("struct A { int add(int a, int b) { return a + b; } };", _TESTS),
    "no function add": ("int sub(int a, int b);\nconst int seven = 7;", _TESTS),
    "the tests catch Mine": (
        "struct Mine {};\nint add(int a, int b);",
        "int main() { try { add(1, 2); } catch (const Mine &) { assert(false); } }",
    ),
    "the tests use <thread>": (
        "int add(int a, int b);",
        "#include <thread>\nint main() { assert(add(1, 2) == 3); }",
    ),
    "the tests use rdbuf": (
        "void add(int a);",
        "int main() { auto b = std::cout.rdbuf(); add(1); assert(b); }",
    ),
}


@pytest.mark.parametrize("reason", SHARED)
def test_what_shares_a_process(judge: Judge, reason: str) -> None:
    declaration, tests = SHARED[reason]
    (verdict,) = judge.run([_program("", f"#include <iostream>\nusing namespace std;\n{tests}", declaration)])
    assert verdict.status is Status.HARNESS_ERROR
    assert reason in verdict.stderr


def test_that_arguments_change_in_place(judge: Judge) -> None:
    declaration = "#include <vector>\nvoid add(std::vector<int> &v, int *count, int &last, const int &same);"
    candidate = "#include <vector>\nvoid add(std::vector<int> &v, int *n, int &last, const int &same) {\n"
    candidate += "  v.push_back(same); *n = v.size(); last = v[0]; }"
    tests = "int main() { std::vector<int> v = {4}; int n = 0, last = 1; add(v, &n, last, 7);\n"
    tests += "  assert(v == std::vector<int>({4, 7}) && n == 2 && last == 4); }"
    (verdict,) = judge.run([_program(candidate, tests, declaration)])
    assert verdict.status is Status.PASSED, verdict.stderr


ERRORS = {
    "std::invalid_argument": 'std::invalid_argument("why")',
    "std::out_of_range": 'std::out_of_range("why")',
    "std::logic_error": 'std::domain_error("why")',
    "std::runtime_error": 'std::range_error("why")',
    "std::exception": 'Mine("why")',
}


@pytest.mark.parametrize("caught", ERRORS)
def test_that_errors_keep_their_kind(judge: Judge, caught: str) -> None:
    candidate = "#include <stdexcept>\n"
    candidate += "struct Mine : std::runtime_error { using std::runtime_error::runtime_error; };\n"
    candidate += f"int add(int, int) {{ throw {ERRORS[caught]}; }}"
    tests = "#include <stdexcept>\n#include <string>\nint main() { try { add(1, 2); return 1; }\n"
    tests += f'catch (const {caught} &error) {{ assert(error.what() == std::string("why")); }} }}'
    (verdict,) = judge.run([_program(candidate, tests)])
    assert verdict.status is Status.PASSED, verdict.stderr


@pytest.mark.parametrize("thrown", ["7", '"seven"', 'std::string("seven")'])
def test_that_thrown_values_arrive(judge: Judge, thrown: str) -> None:
    candidate = f"#include <string>\nint add(int, int) {{ throw {thrown}; }}"
    tests = "#include <string>\nint main() { try { add(1, 2); return 1; }\n"
    tests += (
        "catch (int error) { assert(error == 7); } catch (const char *error) { assert(*error == 115); }\n"
    )
    tests += 'catch (const std::string &error) { assert(error == "seven"); } }'
    (verdict,) = judge.run([_program(candidate, tests)])
    assert verdict.status is Status.PASSED, verdict.stderr
