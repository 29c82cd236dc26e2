"""Candidate and tests of Scala become the files that the compiler gets."""

from __future__ import annotations

import pytest

from crosstune.languages.scala import _assembly
from crosstune.records import Program

# As McEval's: they continue an object, whose brace the candidate leaves open.
TESTS = "\n    }\n  def main(args: Array[String]) = {\n    assert(add(1, 2) == 3)\n  }\n}\n"
HELPER = "object Helper {\n  def read(a: Int): Array[Byte] = Array()\n  val sum = add(1)\n}\n"
OBJECT = "object Problem {\n  def add(a: Int, b: Int): Int = a + b\n}\n"


def scala(candidate: str, tests: str = TESTS) -> Program:
    return Program("one", "scala", candidate, tests)


@pytest.mark.parametrize("candidate", [HELPER + OBJECT, OBJECT + HELPER, OBJECT])
def test_tests_are_members_of_the_object_that_declares_what_they_call(candidate: str) -> None:
    files = _assembly.tested(scala(candidate))
    assert "Problem.crosstuneTestsMain(args)" in files["Tests.scala"]
    assert "_root_.scala.Predef.assert(add(1, 2) == 3)" in files["Program.scala"]


def test_tests_continue_an_open_object() -> None:
    open_object = "object Solution {\n  def add(a: Int, b: Int): Int = {\n    a + b"
    files = _assembly.tested(scala(open_object))
    assert files["Program.scala"].startswith(f"{open_object}\n")
    assert "Solution.crosstuneTestsMain(args)" in files["Tests.scala"]


def test_tests_may_be_in_a_class() -> None:
    files = _assembly.tested(scala(OBJECT.replace("object", "class")))
    assert "(new Problem).crosstuneTestsMain(args)" in files["Tests.scala"]


def test_tests_that_are_objects_follow_the_candidate() -> None:
    tests = "object Tests extends App {\n  assert(Problem.add(1, 2) == 3)\n}"
    files = _assembly.tested(scala(OBJECT, tests))
    assert files["Program.scala"].index("object Problem") < files["Program.scala"].index("object Tests")
    assert "Tests.main(Array[String]())" in files["Tests.scala"]


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("object Solution extends App {}", "Solution"),
        ("package a.b\nobject Run { def main(args: Array[String]): Unit = {} }", "a.b.Run"),
        ("object Other {}\nobject Run { def main(args: Array[String]): Unit = {} }", "Run"),
    ],
)
def test_main_object_of_a_whole_program(text: str, main: str) -> None:
    assert main == _assembly.whole(scala(text))[1]
