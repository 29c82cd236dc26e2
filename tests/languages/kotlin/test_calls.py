"""Cases that call functions in Kotlin, by the types that are declared."""

from __future__ import annotations

import math

import pytest

from crosstune.errors import DataError
from crosstune.languages.kotlin._calls import plan
from crosstune.records import CallCase, Program, Status
from tests.languages.called import unlike, verdict

DECLARATION = """import java.math.BigInteger
import java.util.*

fun whole(x: Int): Int = x
fun long(x: Long): Long = x
fun big(x: BigInteger): BigInteger = x
fun number(x: Double): Double = x
fun single(x: Float): Float = x
fun text(x: String?): String? = x
fun character(x: Char): Char = x
fun truth(x: Boolean): Boolean = x
fun maybe(x: Int?): Int? = x
fun any(x: Any?): Any? = x
fun lists(x: List<List<Long>>): List<List<Long>> = x.also { if (it.any { it.sum() < 0 }) throw Exception() }
fun arrays(x: Array<IntArray>): Array<IntArray> = x
fun boxes(x: Array<Int?>): Array<Int?> = x
fun words(x: Iterable<String>): Sequence<String> = x.asSequence()
fun set(x: Set<String>): Set<String> = x
fun map(x: Map<String, List<Int>>): Map<String, List<Int>> = x
fun sorted(x: TreeMap<Int, Boolean>): TreeMap<Int, Boolean> = x
fun pair(x: Pair<Int, Triple<String, Double?, Char>>): Pair<Int, Triple<String, Double?, Char>> = x
fun queued(x: ArrayDeque<Int>): ArrayDeque<Int> = x
fun range(x: Int): IntRange = 0 until x
fun fill(xs: IntArray, ys: MutableList<Int>, x: Int) { xs.fill(x); ys.add(x) }
fun fails(x: Int): Int { if (x == 0) throw NumberFormatException("x"); return 1 / (x - 1) }
class Own : IllegalStateException() { override val message: String get() = throw Exception() }
fun ownError(x: Int): Int = throw Own()
fun odd(x: Int): Any {
    val inside = mutableListOf<Any>()
    inside.add(inside)
    return if (x == 0) Own() else if (x == 1) inside else generateSequence(0) { it + 1 }
}
fun deep(x: Int): Int = if (x == 0) 0 else 1 + deep(x - 1)
fun shout(x: Int): Boolean { println("hello"); return true }
class Counter { private var at = 1; fun next(by: Int): Int { at += by; return at } }
object Fixed { fun next(by: Int): Int = by + 1 }
"""
VALUES: list[tuple[str, list[object]]] = [
    ("whole", [0, -5, 2**31 - 1, -(2**31)]),
    ("long", [3, 2**63 - 1, -(2**63)]),
    ("big", [0, 2**63, -(2**200)]),
    ("number", [0.1, -0.0, 5e-324, math.inf, -math.inf, math.nan]),
    ("text", ["", "a\0b", "日本 😀", "\ud800", "\udfff\ud800", None, '"\\\n$x']),
    ("character", ["a", "é", "\uffff"]),
    ("truth", [True, False]),
    ("maybe", [None, 3]),
    ("any", [None, 3, 2**40, 2**70, 2.5, "a", True, [], [1, "a", [None]], {"a": {"b": []}}]),
    ("lists", [[], [[], [1, 2**40]]]),
    ("arrays", [[], [[], [1, 2]]]),
    ("boxes", [[], [1, None]]),
    ("words", [[], ["a", ""]]),
    ("set", [set(), {"a", "b"}]),
    ("map", [{}, {"a": [], "b": [1]}]),
    ("sorted", [{2: True, 1: False}]),
    ("pair", [(1, ("a", None, "c")), (1, ("a", -0.0, "c"))]),
    ("queued", [[1, 2]]),
]
RIGHT = [
    *(CallCase(name, [value], value) for name, values in VALUES for value in values),
    CallCase("single", [0.1], 0.10000000149011612),
    CallCase("range", [3], [0, 1, 2]),
    CallCase("fill", [[1, 2], [], 7], None, changed=[[7, 7], [7], 7]),
    CallCase("Counter().next", [3], 4),
    CallCase("Fixed.next", [3], 4),
    CallCase("fails", [0], error="IllegalArgumentException"),
    CallCase("fails", [1], error="ArithmeticException"),
    CallCase("ownError", [1], error="IllegalStateException"),
    CallCase("deep", [100_000], 100_000),
    CallCase("shout", [1], True),
]
WRONG = [
    *(CallCase("whole", [1], other) for other in (2, 1.5, "1", None, [1])),
    *(CallCase("text", [given], other) for given, other in (("a", "b"), (None, ""), ("", None), ("1", 1))),
    CallCase("number", [0.1], math.nextafter(0.1, 1)),
    CallCase("big", [2**64], 2**64 + 1),
    CallCase("lists", [[[1], []]], [[1]]),
    CallCase("map", [{"a": [1]}], {"a": [2]}),
    CallCase("set", [{"a"}], {"b"}),
    CallCase("fill", [[1, 2], [], 7], None, changed=[[7, 8], [7], 7]),
    CallCase("fails", [0], error="IllegalStateException"),
    CallCase("odd", [0], {}),
    CallCase("odd", [1], [[]]),
    CallCase("odd", [2], []),
]


def test_values_go_there_and_back() -> None:
    found = verdict("kotlin", DECLARATION, DECLARATION, RIGHT)
    assert unlike(found, RIGHT, Status.PASSED) == []


def test_other_values_are_wrong() -> None:
    found = verdict("kotlin", DECLARATION, DECLARATION, WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


def test_a_candidate_in_a_package_of_its_own_is_called() -> None:
    found = verdict("kotlin", f"package a.b\n{DECLARATION}", DECLARATION, [CallCase("whole", [1], 1)])
    assert found.status is Status.PASSED, found


def test_a_candidate_with_other_types_does_not_compile() -> None:
    other = DECLARATION.replace("whole(x: Int): Int = x", 'whole(x: Int): String = ""')
    found = verdict("kotlin", other, DECLARATION, [CallCase("whole", [1], 1)])
    assert found.status is Status.COMPILE_ERROR


@pytest.mark.parametrize(
    ("declaration", "call", "message"),
    [
        ("fun f(x: (Int) -> Int): Int {", "f", "cannot be given"),
        ("fun f(vararg x: Int): Int {", "f", "cannot be given"),
        ("fun f(x: Own): Int {", "f", "type Own cannot be given"),
        ("fun f(x: Array<Own>): Int {", "f", "cannot be given"),
        ("fun g(x: Int): Int {", "f", "f, which is not declared"),
        ("object S { fun f(x: Int): Int {", "T.f", "f is declared in S"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(declaration: str, call: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        plan(Program("p", "kotlin", "", declaration=declaration), (call,))
