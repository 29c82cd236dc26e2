"""Candidate and tests of Kotlin become the files that the compiler gets."""

from __future__ import annotations

import pytest

from crosstune.languages.kotlin import _assembly
from crosstune.records import Program

TESTS = "fun main() { check(f() == 1) }"


def kotlin(candidate: str, tests: str = TESTS, setup: str = "") -> Program:
    return Program("one", "kotlin", candidate, tests, setup)


@pytest.mark.parametrize(
    "line",
    [
        "import java.util.*",
        "import java.io.File",
        "import java.util.concurrent.atomic.AtomicInteger as Counter",
        "import kotlin.math.*",
        "import a.`in`.*",
        "import java.util . *",
    ],
)
def test_tests_see_the_imports_of_the_candidate(line: str) -> None:
    text = _assembly.tested(kotlin(f"// first\n{line}\nimport java.net.*;\nfun f() = 1"))["Tests.kt"]
    given = next(each for each in text.splitlines() if "java.net" in each)
    assert [line, "import java.net.*", "import crosstune.check"] == given.split("; ")


def test_imports_of_the_tests_come_first() -> None:
    text = _assembly.tested(kotlin("fun f() = 1", f"import java.util.*\nimport kotlin.math.*\n{TESTS}"))[
        "Tests.kt"
    ]
    assert text.splitlines()[:3] == ["import java.util.*", "import kotlin.math.*", "import crosstune.check"]


def test_setup_and_candidate_have_one_head() -> None:
    program = kotlin("import java.util.*\nfun g() = 1", setup="package a.b\nimport java.io.*\nfun f() = 1")
    text = _assembly.tested(program)["Candidate.kt"]
    heads = [line for line in text.splitlines() if line.startswith(("package", "import"))]
    assert heads == ["package a.b", "import java.io.*", "import java.util.*"]
    assert text.index("import java.util.*") < text.index("fun f")


def test_main_of_the_tests_has_a_name_of_its_own() -> None:
    text = _assembly.tested(kotlin("fun main() {}\nfun f() = 1"))["Tests.kt"]
    assert "fun crosstuneTestsMain()" in text
    assert "fun main()" not in text


def test_statements_of_tests_become_a_function() -> None:
    assert (
        "fun crosstuneTestsMain() { check(f() == 1)\n}"
        in _assembly.tested(kotlin("", "check(f() == 1)"))["Tests.kt"]
    )


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("fun main() {}", "ProgramKt"),
        ("package a.b\nfun main() {}", "a.b.ProgramKt"),
        ("object Main {\n    @JvmStatic fun main(args: Array<String>) {}\n}", "Main"),
    ],
)
def test_main_class_of_a_whole_program(text: str, main: str) -> None:
    assert main == _assembly.whole(kotlin(text))[1]
