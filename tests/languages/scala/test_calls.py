"""Cases that call functions in Scala, by the types that are declared."""

from __future__ import annotations

import math

import pytest

from crosstune.errors import DataError
from crosstune.languages.scala._calls import plan
from crosstune.records import CallCase, Program, Status
from tests.languages.called import unlike, verdict

DECLARATION = """import scala.collection.mutable
import scala.collection.mutable.ArrayBuffer

object Solution {
  def whole(x: Int): Int = x
  def long(x: Long): Long = x
  def big(x: BigInt): BigInt = x
  def number(x: Double): Double = x
  def single(x: Float): Float = x
  def text(x: String): String = x
  def character(x: Char): Char = x
  def truth(x: Boolean): Boolean = x
  def maybe(x: Option[Int]): Option[Int] = x
  def any(x: Any): Any = x
  def lists(x: List[List[Long]]): List[List[Long]] = { if (x.exists(_.sum < 0)) throw new Exception(); x }
  def arrays(x: Array[Array[Int]]): Array[Array[Int]] = x
  def names(x: Array[String]): Seq[String] = x
  def vector(x: IndexedSeq[Double]): Vector[Double] = x.toVector
  def lazily(x: Seq[Int]): Iterator[Int] = x.iterator
  def set(x: Set[String]): Set[String] = x
  def map(x: Map[String, List[Int]]): Map[String, List[Int]] = x
  def table(x: mutable.Map[Int, Boolean]): mutable.Map[Int, Boolean] = x
  def pair(x: (Int, (String, Option[Double], Char))): (Int, (String, Option[Double], Char)) = x
  def view(x: Map[String, Int]): scala.collection.Map[String, Int] = x.mapValues(_ + 1)
  def fill(xs: Array[Int], ys: ArrayBuffer[Int], x: Int): Unit = { xs.indices.foreach(xs(_) = x); ys += x }
  def fails(x: Int): Int = if (x == 0) throw new NumberFormatException("x") else 1 / (x - 1)
  def ownError(x: Int): Int = throw new Own
  def odd(x: Int): Any = if (x == 0) new Own else if (x == 1) Point(1, 2) else Stream.from(0)
  def deep(x: Int): Int = if (x == 0) 0 else 1 + deep(x - 1)
  def shout(x: Int): Boolean = { println("hello"); true }
}
class Own extends IllegalStateException { override def getMessage: String = throw new Exception }
case class Point(x: Int, y: Int)
class Counter { var at = 1; def next(by: Int): Int = { at += by; at } }
"""
VALUES: list[tuple[str, list[object]]] = [
    ("whole", [0, -5, 2**31 - 1, -(2**31)]),
    ("long", [3, 2**63 - 1, -(2**63)]),
    ("big", [0, 2**63, -(2**200)]),
    ("number", [0.1, -0.0, 5e-324, math.inf, -math.inf, math.nan]),
    ("text", ["", "a\0b", "日本 😀", "\ud800", "\udfff\ud800", '"\\\n$x']),
    ("character", ["a", "é", "\uffff"]),
    ("truth", [True, False]),
    ("maybe", [None, 3]),
    ("any", [None, 3, 2**40, 2**70, 2.5, "a", True, [], [1, "a", [None]], {"a": {"b": []}}]),
    ("lists", [[], [[], [1, 2**40]]]),
    ("arrays", [[], [[], [1, 2]]]),
    ("names", [[], ["a"]]),
    ("vector", [[], [1.5]]),
    ("lazily", [[], [1, 2]]),
    ("set", [set(), {"a", "b"}]),
    ("map", [{}, {"a": [], "b": [1]}]),
    ("table", [{}, {2: True, 1: False}]),
    ("pair", [(1, ("a", None, "c")), (1, ("a", -0.0, "c"))]),
]
RIGHT = [
    *(CallCase(name, [value], value) for name, values in VALUES for value in values),
    CallCase("single", [0.1], 0.10000000149011612),
    CallCase("view", [{"a": 1}], {"a": 2}),
    CallCase("fill", [[1, 2], [], 7], None, changed=[[7, 7], [7], 7]),
    CallCase("Solution.whole", [3], 3),
    CallCase("Counter().next", [3], 4),
    CallCase("fails", [0], error="IllegalArgumentException"),
    CallCase("fails", [1], error="ArithmeticException"),
    CallCase("ownError", [1], error="IllegalStateException"),
    CallCase("deep", [100_000], 100_000),
    CallCase("shout", [1], True),
]
WRONG = [
    *(CallCase("whole", [1], other) for other in (2, 1.5, "1", None, [1])),
    *(CallCase("text", [given], other) for given, other in (("a", "b"), ("", None), ("1", 1))),
    CallCase("number", [0.1], math.nextafter(0.1, 1)),
    CallCase("big", [2**64], 2**64 + 1),
    CallCase("lists", [[[1], []]], [[1]]),
    CallCase("map", [{"a": [1]}], {"a": [2]}),
    CallCase("set", [{"a"}], {"b"}),
    CallCase("fill", [[1, 2], [], 7], None, changed=[[7, 8], [7], 7]),
    CallCase("fails", [0], error="IllegalStateException"),
    CallCase("odd", [0], {}),
    CallCase("odd", [1], (1, 2)),
    CallCase("odd", [2], []),
]


def test_values_go_there_and_back() -> None:
    found = verdict("scala", DECLARATION, DECLARATION, RIGHT)
    assert unlike(found, RIGHT, Status.PASSED) == []


def test_other_values_are_wrong() -> None:
    found = verdict("scala", DECLARATION, DECLARATION, WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


def test_a_candidate_with_other_types_does_not_compile() -> None:
    other = DECLARATION.replace("whole(x: Int): Int = x", 'whole(x: Int): String = ""')
    found = verdict("scala", f"package a.b\n\n{other}", DECLARATION, [CallCase("whole", [1], 1)])
    assert found.status is Status.COMPILE_ERROR


@pytest.mark.parametrize(
    ("declaration", "call", "message"),
    [
        ("object S { def f(x: Int => Int): Int = {", "f", "cannot be given"),
        ("object S { def f(x: Own): Int = {", "f", "type Own cannot be given"),
        ("object S { def f(x: Array[Own]): Int = {", "f", "cannot be given"),
        ("object S { def f(x: Int) = {", "f", "type of its result"),
        ("def f(x: Int): Int = {", "f", "in an object"),
        ("object S { def g(x: Int): Int = {", "f", "f, which is not declared"),
        ("object S { def f(x: Int): Int = {", "T.f", "f is declared in S"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(declaration: str, call: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        plan(Program("p", "scala", "", declaration=declaration), (call,))
