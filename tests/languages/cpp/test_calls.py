"""Values of C++'s types as arguments of call cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

INCLUDES = "#include <map>\n#include <string>\n#include <variant>\n#include <vector>\nusing namespace std;\n"
KIND = "string kind(variant<map<string, int>, double, int, vector<int>, string> value) {\n"
BODY = """\
    const char *names[] = {"map", "double", "int", "vector", "string"};
    return names[value.index()];
}
"""


def test_a_variant_holds_the_type_of_the_value() -> None:
    skip_without_tools("cpp")
    values = {"map": {"a": 1}, "double": 2.0, "int": 2, "vector": [2], "string": "2"}
    cases = tuple(CallCase("kind", [value], name) for name, value in values.items())
    head = INCLUDES + KIND
    program = Program("kind", "cpp", head + BODY, cases=cases, declaration=head, entry_points=("kind",))
    with Judge() as judge:
        (verdict,) = judge.run([program])
    assert verdict.passed, verdict.stderr


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("cpp")
    with Judge() as judge:
        yield judge


TYPES = """\
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
enum class Color { Red, Green };
enum Small : unsigned char { Few = 1 };
using Row = std::vector<int>;
typedef long long Long;
namespace geometry { struct Point { int x; double y; }; }
using geometry::Point;
struct Line { Point from, to; std::optional<std::string> name; Color color; int counts[2]; };
typedef struct { Long id; } Plain;
typedef std::variant<std::monostate, int, std::string> Any;
"""
HEADS = {
    "Line same(Line x)": "return x;",
    "std::vector<Line> lines(const std::vector<Line> &x)": "return x;",
    "Line *maybe(const Line *x)": "return x ? new Line(*x) : nullptr;",
    "void grow(Point &x)": "x.x++;",
    "std::map<std::string, Point> points(std::map<std::string, Point> x)": "return x;",
    "Long id(Plain x, Small y)": "return x.id + y;",
    "Color next(Color x)": "return x == Color::Red ? Color::Green : Color::Red;",
    "Row row(Row x)": "return x;",
    "Any any(Any x)": "return x;",
    "std::multiset<int> many(std::multiset<int> x)": "return x;",
}
CLASS = """\
struct Solution {
    struct Pair { int a, b; };
    using Number = int;
    %s
};
"""
METHODS = {
    "const std::string &longest(const std::vector<std::string> &x) const": "return x.back();",
    "Number sum(Pair x)": "return x.a + x.b;",
    "static const char *name(std::string_view x)": 'return x == "a" ? "A" : "?";',
    "Point moved(Point x, int by = 1)": "x.x += by; return x;",
    "virtual auto half(double x) -> double": "return x / 2;",
}
DECLARATION = TYPES + "".join(f"{head};\n" for head in HEADS) + CLASS % "".join(f"{m};\n" for m in METHODS)
CANDIDATE = (
    TYPES
    + "".join(f"{head} {{ {body} }}\n" for head, body in HEADS.items())
    + CLASS % "".join(f"{head} {{ {body} }}\n" for head, body in METHODS.items())
)
LINE = ((1, 0.5), (2, 1.5), "n", 1, [3, 4])
CALLS = (
    CallCase("same", [LINE], LINE),
    CallCase("same", [(*LINE[:2], None, 0, [0, 0])], (*LINE[:2], None, 0, [0, 0])),
    CallCase("lines", [[LINE, LINE]], [LINE, LINE]),
    CallCase("maybe", [LINE], LINE),
    CallCase("maybe", [None], None),
    CallCase("grow", [{"x": 1, "y": 0.5}], None, changed=[(2, 0.5)]),
    CallCase("points", [{"a": (1, 0.5)}], {"a": (1, 0.5)}),
    CallCase("id", [(5,), 1], 6),
    CallCase("next", [0], 1),
    CallCase("row", [[1]], [1]),
    *(CallCase("any", [each], each) for each in (None, 2, "a")),
    CallCase("many", [[1, 1]], [1, 1]),
    CallCase("Solution().longest", [["a", "b"]], "b"),
    CallCase("Solution().sum", [(1, 2)], 3),
    CallCase("Solution.name", ["a"], "A"),
    CallCase("Solution().moved", [(1, 0.5), 2], (3, 0.5)),
    CallCase("Solution().half", [1], 0.5),
)


def test_structures_and_methods(judge: Judge) -> None:
    (verdict,) = judge.run([Program("x", "cpp", CANDIDATE, declaration=DECLARATION, cases=CALLS)])
    assert verdict.cases, verdict.stderr
    results = zip(CALLS, verdict.cases, strict=True)
    assert [(case, each.stderr) for case, each in results if each.status is not Status.PASSED] == []


ERRORS = """\
#include <stdexcept>
#include <vector>
struct Mine : std::range_error { using std::range_error::range_error; };
int f(int x) {
    if (x == 0) throw std::invalid_argument("no");
    if (x == 1) return std::vector<int>().at(x);
    throw Mine("mine");
}
"""


def test_an_error_may_be_of_a_derived_class(judge: Judge) -> None:
    kinds = {
        0: "invalid_argument std::invalid_argument logic_error std::exception",
        1: "out_of_range logic_error exception",
        2: "range_error std::runtime_error exception",
    }
    wrong = {0: "runtime_error out_of_range", 1: "length_error", 2: "logic_error int"}
    right_cases = [CallCase("f", [x], error=kind) for x, names in kinds.items() for kind in names.split()]
    wrong_cases = [CallCase("f", [x], error=kind) for x, names in wrong.items() for kind in names.split()]
    cases = (*right_cases, *wrong_cases)
    (verdict,) = judge.run([Program("x", "cpp", ERRORS, declaration="int f(int x);", cases=cases)])
    passed = [each.status is Status.PASSED for each in verdict.cases]
    assert passed == [True] * len(right_cases) + [False] * len(wrong_cases)


@pytest.mark.parametrize(
    ("declaration", "call", "message"),
    [
        ("int f(int (*g)(int));", "f", r"a parameter of the type int \(\*\)\(int\) cannot be given"),
        (
            "struct Node { Node *next; };\nint f(Node *x);",
            "f",
            "a parameter of the type Node . cannot be given",
        ),
        ("class A { int x; };\nint f(A x);", "f", "a parameter of the type A cannot be given"),
        ("using A = A;\nint f(A x);", "f", "a parameter of the type A cannot be given"),
        ("class A { public: int f(int x); };", "A().g", r"calls A\(\).g, which is not declared"),
        ("class A { public: A(int n); int f(int x); };", "A().f", "but A is made with arguments"),
        ("template <class T> T f(T x);", "f", "has no function f"),
    ],
)
def test_what_cannot_be_given_is_a_clear_error(
    judge: Judge, declaration: str, call: str, message: str
) -> None:
    program = Program("x", "cpp", "", declaration=declaration, cases=(CallCase(call, [1], 1),))
    with pytest.raises(UsageError, match=message):
        judge.digest(program)
