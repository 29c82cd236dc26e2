"""An object of the candidate's that equals everything passes no test; honest equality does."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

ANYTHING = """
import java.util.*

class Anything {
    override fun equals(other: Any?) = true
    override fun hashCode() = 3
}
fun f(): Any = Anything()
fun all(): List<Any> = listOf(Anything())
fun some(): Array<Any> = arrayOf(Anything())
fun none(): Any? = Anything()
"""
HONEST = """
import java.util.*

data class Point(val x: Int, val y: List<Int>)
class Own(val x: Int) {
    override fun equals(other: Any?) = other is Own && other.x == x
    override fun hashCode() = x
}
enum class Colour { RED, BLUE }
fun f(): Any = 3
fun all(): List<Any> = listOf(3)
fun some(): Array<Any> = arrayOf(3)
fun none(): Any? = null
"""


def statuses(judge: Judge, candidate: str, checks: list[str]) -> list[Status]:
    skip_without_tools("kotlin")
    programs = [
        Program(f"{at}", "kotlin", candidate, f"import java.util.*\n\nfun main() {{ {check} }}\n")
        for at, check in enumerate(checks)
    ]
    return [verdict.status for verdict in judge.run(programs)]


BOTH = [
    "check(f() == 3)",
    "check(3 == f())",
    "check(f().equals(3))",
    "assert(all() == listOf(3))",
    "assert(all() == listOf<Any>(3))",
    "check(some().contentEquals(arrayOf<Any>(3)))",
    "check(some() contentDeepEquals arrayOf<Any>(3))",
    "check(3 in all())",
    "check(3 in (all() as Iterable<Any>))",
    "check(3 in some())",
    "check(f() in listOf(1, 3))",
    "check(Pair(1, f()) == Pair(1, 3))",
    "check(mapOf(1 to f()) == mapOf(1 to 3))",
    "when (f()) { 3 -> {} else -> throw AssertionError() }",
    "if (f() != 3) throw AssertionError()",
    "check(none() == null)",
    "check(Objects.equals(f(), 3))",
    "check(f() == Given(3))",
]
OWN = [
    "check(Point(1, listOf(2)) == Point(1, listOf(2)))",
    "check(listOf(Point(1, listOf(2))) == listOf(Point(1, listOf(2))))",
    "check(Own(1) == Own(1) && Own(1) != Own(2))",
    'check(Colour.RED == Colour.valueOf("RED"))',
    "check(Point(1, listOf()) in setOf(Point(1, listOf())))",
    "check(mapOf(Own(1) to 2)[Own(1)] == 2)",
    "val n = 0.0 / 0.0; val same: Any = n; check(n != n && same == same)",
    "check(listOf(1, 2).toSet() == setOf(2, 1) && (1..3) == IntRange(1, 3))",
    'val a: Int? = 1000; val b: Int? = 1000; check(a == b && a != null && "x" + "y" == "xy")',
]


def test_object_that_equals_everything_passes_no_test(judge: Judge) -> None:
    given = [check + "\n}\ndata class Given(val x: Int) {" for check in BOTH]
    found = statuses(judge, ANYTHING, given)
    assert dict(zip(BOTH, found, strict=True)) == dict.fromkeys(BOTH, Status.WRONG_ANSWER)


@pytest.mark.parametrize("checks", [BOTH[:-1], OWN], ids=["values", "classes"])
def test_honest_equality_passes(judge: Judge, checks: list[str]) -> None:
    together = "\n".join(f"run {{ {check} }}" for check in checks)
    assert statuses(judge, HONEST, [together]) == [Status.PASSED]


def test_tests_own_classes_cannot_be_replaced_while_they_run(judge: Judge) -> None:
    """The candidate writes other classes where those of the tests were built."""
    skip_without_tools("kotlin")
    candidate = """
import java.io.File

fun f(): Int {
    val tree = File("/box").walk().filter { it.isFile }.map { it.name }.toList()
    if (tree.any { it.startsWith("Given") || it.startsWith("Checks") || it.startsWith("Tests") }) return 3
    return 7
}
"""
    tests = "fun main() { check(f() == 3); check(Given(1).x == 1) }\nclass Given(val x: Int)\n"
    (verdict,) = judge.run([Program("one", "kotlin", candidate, tests)])
    assert verdict.status is Status.WRONG_ANSWER, verdict
