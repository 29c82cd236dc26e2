"""An object of the candidate's that equals everything passes no test; honest equality does."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

ANYTHING = """
class Anything extends scala.math.ScalaNumber {
  override def equals(other: Any): Boolean = true
  override def hashCode: Int = 3
  def isWhole(): Boolean = true
  def underlying(): Object = this
  def doubleValue(): Double = 3
  def floatValue(): Float = 3
  def intValue(): Int = 3
  def longValue(): Long = 3
}
class Plain {
  override def equals(other: Any): Boolean = true
  override def hashCode: Int = 3
}
object Problem {
  def f(): Any = new Anything
  def plain(): Any = new Plain
  def all(): List[Any] = List(new Plain)
  def some(): Array[Any] = Array(new Plain)
  def none(): Any = new Plain
}
"""
HONEST = """
case class Point(x: Int, y: List[Int])
class Own(val x: Int) {
  override def equals(other: Any): Boolean = other match { case own: Own => own.x == x; case _ => false }
  override def hashCode: Int = x
}
object Problem {
  def f(): Any = 3
  def plain(): Any = 3
  def all(): List[Any] = List(3)
  def some(): Array[Any] = Array(3)
  def none(): Any = null
}
"""
BOTH = [
    "assert(f() == 3)",
    "assert(3 == f())",
    "assert(plain() == 3)",
    "assert(plain() equals 3)",
    "assert(plain() == 'a' || plain() == 3)",
    "assert(all() == List(3))",
    "assert(List(3) == all())",
    "assert(all().contains(3))",
    "assert(Set[Any](1, 3).contains(plain()))",
    "assert(some().sameElements(Array[Any](3)))",
    "assert(Some(plain()) == Some(3))",
    "assert((1, plain()) == (1, 3))",
    "assert(Map(1 -> plain()) == Map(1 -> 3))",
    "if (plain() != 3) throw new AssertionError()",
    "assert(none() == null)",
]
OWN = [
    "assert(f() == 3)",
    "assert(Point(1, List(2)) == Point(1, List(2)) && Point(1, List(2)) != Point(2, List(2)))",
    "assert(List(Point(1, List(2))) == List(Point(1, List(2))))",
    "assert(new Own(1) == new Own(1) && new Own(1) != new Own(2))",
    "assert((3: Any) == 3L && (3: Any) == 3.0 && (BigInt(3): Any) == 3 && ('a': Any) == 97)",
    "assert(List(1, 2).contains(2) && Vector(1).sameElements(List(1)) && !Seq(1).contains(2))",
    "assert(List(1L) == List(1) && Array(1, 2).sameElements(Array(1, 2)))",
    "assert(!Array(1).sameElements(Array(1, 2)) && !Array(1, 2).sameElements(Array(1)))",
    "val n = 0.0 / 0.0; assert(n != n && (Double.NaN: Any) != (Double.NaN: Any))",
    "assert(Set(Point(1, Nil)).contains(Point(1, Nil)) && Map(new Own(1) -> 2).contains(new Own(1)))",
]


def statuses(judge: Judge, candidate: str, checks: list[str]) -> list[Status]:
    skip_without_tools("scala")
    programs = [
        Program(f"{at}", "scala", candidate, f"  def main(args: Array[String]): Unit = {{ {check} }}\n}}\n")
        for at, check in enumerate(checks)
    ]
    return [verdict.status for verdict in judge.run(programs)]


def test_object_that_equals_everything_passes_no_test(judge: Judge) -> None:
    found = statuses(judge, ANYTHING, BOTH)
    assert dict(zip(BOTH, found, strict=True)) == dict.fromkeys(BOTH, Status.WRONG_ANSWER)


@pytest.mark.parametrize("checks", [BOTH, OWN], ids=["values", "classes"])
def test_honest_equality_passes(judge: Judge, checks: list[str]) -> None:
    assert statuses(judge, HONEST, ["\n".join(f"{{ {check} }}" for check in checks)]) == [Status.PASSED]
