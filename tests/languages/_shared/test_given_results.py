"""Results of a candidate's functions are held to the declared types: no own type decides a comparison."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages._shared.given_results import Hold, held, held_references, qualified
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

_FUNCTION, _METHOD = Hold("T(", ")", is_method=False), Hold("T(", ")", is_method=True)

_VALUE = Hold("T(", ")", is_method=True, is_value=True)


@pytest.mark.parametrize(
    ("grammar", "hold", "tests", "expected"),
    [
        (
            "kotlin",
            _FUNCTION,
            "fun t() { check(add(add(1), 2) == 3) }",
            "fun t() { check(T(add(T(add(1)), 2)) == 3) }",
        ),
        ("kotlin", _FUNCTION, "fun t() { add(1) { it } }", "fun t() { T(add(1) { it }) }"),
        ("kotlin", _FUNCTION, 'fun add(a: Int) { list.add(1); println("add(1)") /* add(1) */ }', None),
        ("kotlin", _METHOD, "fun t() = Solution().add(1)", "fun t() = T(Solution().add(1))"),
        ("kotlin", _METHOD, "fun t() = a.add<Int>(1)", "fun t() = T(a.add<Int>(1))"),
        ("kotlin", _METHOD, "fun t() = readd(1)", None),
        ("scala", _METHOD, "object T { S.add(1) - 2 }", "object T { T(S.add(1)) - 2 }"),
        ("scala", _METHOD, "object T { (new S).add(1)(2) }", "object T { T((new S).add(1))(2) }"),
        (
            "java",
            _VALUE,
            "class T { int t() { return s.add(1); } }",
            "class T { int t() { return T(s.add(1)); } }",
        ),
        ("java", _VALUE, "class T { { s.add(1); run(() -> add(1)); } }", None),
        ("d", _METHOD, "unittest { assert(add!int(1) == 2); }", "unittest { assert(T(add!int(1)) == 2); }"),
        ("d", _METHOD, "unittest { assert(1.add(2) == 3); }", "unittest { assert(T(1.add(2)) == 3); }"),
    ],
)
def test_calls_are_held(grammar: str, hold: Hold, tests: str, expected: str | None) -> None:
    assert held(tests, grammar, {"add": hold}) == (expected or tests)


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ("val f = ::add", "val f = T(::add)"),
        ("val f = listOf(1).map(::add).all(s::add)", "val f = listOf(1).map(T(::add)).all(T(s::add))"),
        ("val f = Sums()::add", "val f = T(Sums()::add)"),
        ("val f = Sums::add; val g = ::add.name; val h = ::readd", None),
    ],
)
def test_references_are_held(tests: str, expected: str | None) -> None:
    assert held_references(tests, "kotlin", {"add": _FUNCTION}) == (expected or tests)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("Int", "kotlin.Int"),
        ("List<Int?>", "kotlin.List<kotlin.Int?>"),
        ("List<Node>", ""),
        ("T", ""),
        ("", ""),
    ],
)
def test_only_types_of_the_language_are_held(declared: str, expected: str) -> None:
    assert qualified(declared, {"Int": "kotlin.Int", "List": "kotlin.List"}) == expected


KOTLIN = "fun add(first: Int, second: Int): Int {\n"
KOTLIN_TESTS = "fun main() {\n    check(Math.abs(add(1, 2) - 3) < 1)\n    check(add(1, 2) >= 3)\n}\n"
KOTLIN_OWN = (
    "class Own { operator fun minus(other: kotlin.Int) = 0; operator fun compareTo(other: kotlin.Int) = 0 }\n"
)
SCALA = "object Sums {\n    def add(first: Int, second: Int): Int = {\n"
SCALA_TESTS = """object Tests {
    def main(args: Array[String]): Unit = {
        assert(Math.abs(Sums.add(1, 2) - 3) < 1)
        assert(Sums.add(2, 2) == 4 || Sums.add(2, 2) - 4 == 0)
    }
}
"""
SCALA_OWN = (
    "class Own(val x: scala.Int) extends AnyVal { def -(o: scala.Int) = 0; def ==(o: scala.Int) = true }\n"
)
D = "int add(int first, int second)\n{\n"
D_TESTS = "unittest { import std.math : abs; assert(abs(add(1, 2) - 3) < 1); assert(add(2, 2) - 4 == 0); }\n"
D_OWN = "struct Own { int value = 7; int opBinary(string operator)(int other) { return 0; } }\n"

JAVA = "class Solution {\n    public Integer add(int first, int second) {\n"
JAVA_TESTS = """class Main {
    public static void main(String[] words) {
        Solution solution = new Solution();
        solution.add(1, 2);
        Runnable again = () -> solution.add(1, 2);
        if (Math.abs(solution.add(1, 2).doubleValue() - 3) > 1e-6) throw new AssertionError();
    }
}
"""
JAVA_OWN = "class Own { double doubleValue() { return Double.NaN; } }\n"

CHEATS = {
    "java": (
        JAVA,
        JAVA_TESTS,
        "class Helper {}\nclass Solution { public Integer add(int a, int b) { return a + b; } }\n",
        {
            "its result is of its own type": (
                f"{JAVA_OWN}class Solution {{ public Own add(int a, int b) {{ return new Own(); }} }}\n"
            ),
            "its result is of the class that is asked for": (
                "class Solution { public Solution add(int a, int b) { return this; }\n"
                "    double doubleValue() { return Double.NaN; } }\n"
            ),
            "it takes the type's name": (
                "class Integer { double doubleValue() { return Double.NaN; } }\n"
                "class Solution { public Integer add(int first, int second) { return new Integer(); } }\n"
            ),
        },
    ),
    "kotlin": (
        KOTLIN,
        KOTLIN_TESTS,
        "class Helper\nfun add(first: Int, second: Int): Int = first + second\n",
        {
            "its result is inferred": f"{KOTLIN_OWN}fun add(first: Int, second: Int) = Own()\n",
            "it takes the type's name": (
                f"{KOTLIN_OWN}typealias Int = Own\n"
                "fun add(first: kotlin.Int, second: kotlin.Int): Int = Own()\n"
            ),
        },
    ),
    "kotlin, passed on": (
        KOTLIN,
        "fun main() { check(listOf(1, 2).reduce(::add) == 3); val f = ::add; check(f(1, 2) - 3 == 0) }\n",
        "class Helper\nfun add(first: Any, second: Any): Int = first as Int + second as Int\n",
        {
            "its result is inferred": f"{KOTLIN_OWN}fun add(first: Int, second: Int) = Own()\n",
            "and nothing is defined": "fun plus(first: Int, second: Int) = first + second\n",
        },
    ),
    "kotlin, passed on before a lambda": (
        "fun next(number: Int): Int {\n",
        "fun main() { check(listOf(1).map(::next).all { it - 2 == 0 }) }\n",
        "class Helper\nfun next(number: Int) = number + 1\n",
        {
            "its result is inferred": f"{KOTLIN_OWN}fun next(number: Int) = Own()\n",
            "and nothing is defined": "fun plus(first: Int, second: Int) = first + second\n",
        },
    ),
    "kotlin, in a class": (
        "class Sums {\n    fun add(first: Int, second: Int): Int {\n",
        KOTLIN_TESTS.replace("add(", "Sums().add("),
        "class Sums { fun add(first: Int, second: Int): Int = first + second }\n",
        {
            "its result is of the class that is asked for": (
                "class Sums { fun add(first: Int, second: Int) = this\n"
                "    operator fun minus(other: Int) = 0; operator fun compareTo(other: Int) = 0 }\n"
            ),
        },
    ),
    "scala": (
        SCALA,
        SCALA_TESTS,
        "class Helper\nobject Sums { def add(first: Int, second: Int): Int = first + second }\n",
        {
            "its result is inferred": (
                f"{SCALA_OWN}object Sums {{ def add(first: Int, second: Int) = new Own(7) }}\n"
            ),
            "its result is the object that is asked for": (
                "object Sums { def add(first: Int, second: Int): Sums.type = this\n"
                "    def -(o: Int) = 0; def ==(o: Int) = true }\n"
            ),
            "it takes the type's name": (
                "class Int { def -(o: scala.Int) = 0; def ==(o: scala.Int) = true }\n"
                "object Sums { def add(first: scala.Int, second: scala.Int): Int = new Int }\n"
            ),
            "it converts to the type": (
                "import scala.language.implicitConversions\nclass Own { def -(o: Int) = 0 }\n"
                "object Own { implicit def toInt(own: Own): Int = 7 }\n"
                "object Sums { def add(first: Int, second: Int) = new Own }\n"
            ),
        },
    ),
    "d": (
        D,
        D_TESTS,
        "struct Helper {}\nint add(int first, int second) { return first + second; }\n",
        {
            "its result is inferred": f"{D_OWN}auto add(int first, int second) {{ return Own(); }}\n",
            "it converts to the type": (
                f"{D_OWN.replace('value = 7;', 'value = 7; alias value this;')}"
                "auto add(int first, int second) { return Own(); }\n"
            ),
        },
    ),
}


@pytest.mark.parametrize("kind", CHEATS)
def test_no_type_of_its_own_decides(kind: str) -> None:
    language = kind.partition(",")[0]
    skip_without_tools(language)
    declaration, tests, right, cheats = CHEATS[kind]
    entries = {
        "scala": "Sums.add",
        "java": "Solution().add",
        "kotlin, in a class": "Sums().add",
        "kotlin, passed on before a lambda": "next",
    }
    entry = entries.get(kind, "add")
    programs = [
        Program(name, language, candidate, tests, declaration=declaration, entry_points=(entry,))
        for name, candidate in {"right": right, **cheats}.items()
    ]
    with Judge(workers=1, isolation="shared") as judge:
        statuses = {verdict.id: verdict.status for verdict in judge.run(programs)}
    assert statuses.pop("right") is Status.PASSED
    assert all(each in (Status.COMPILE_ERROR, Status.WRONG_ANSWER) for each in statuses.values()), statuses
