"""Java: setup, candidate and tests as people write them are put together as one program."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Case, Comparison, ComparisonKind, Program, Status

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("java")), reason="Java cannot be run here"
)


@dataclass(frozen=True)
class Row:
    """A candidate and its tests; ``wrong`` in place of ``right`` in the candidate is a wrong answer."""

    candidate: str
    tests: str
    setup: str = ""
    right: str = "return 1;"
    wrong: str = "return 2;"


SOLUTION = "class Solution { int f() { return 1; } }\n"
USES_LISTS = """
class Main {
    public static void main(String[] args) {
        List<Integer> all = Arrays.asList(1);
        if (!all.contains(new Solution().f())) throw new AssertionError();
    }
}
"""


def main(body: str, name: str = "Main") -> str:
    return f"public class {name} {{ public static void main(String[] args) throws Exception {{ {body} }} }}\n"


CHECK = main("if (new Solution().f() != 1) throw new AssertionError();")
ROWS = {
    "public_class": Row(f"public {SOLUTION}", CHECK),
    "public_record": Row(f"public record Pair(int a, int b) {{ }}\n{SOLUTION}", CHECK),
    "public_sealed_interface": Row(
        "public sealed interface Shape permits Dot { }\npublic record Dot() implements Shape { }\n"
        + SOLUTION,
        CHECK,
    ),
    "public_enum_and_annotation": Row(
        f"public enum Kind {{ ONE }}\npublic @interface Mark {{ }}\npublic @Mark {SOLUTION}", CHECK
    ),
    "byte_order_marks": Row(f"\ufeff{SOLUTION}", f"\ufeff{CHECK}"),
    "unicode_escapes": Row(SOLUTION.replace("class", "\\u0063lass"), CHECK),
    "text_blocks_and_comments": Row(
        "/* public class Main { } */ // public class Main {\n"
        f'class A {{ String a = """\n  class Main {{ "\n"""; }}\n{SOLUTION}',
        CHECK,
    ),
    "imports_of_the_tests": Row(SOLUTION, f"import java.util.*;{USES_LISTS}"),
    "imports_of_both": Row(f"import java.util.*;\n{SOLUTION}", f"import java.util.*;{USES_LISTS}"),
    "imports_of_the_candidate": Row(f"import java.util.*;\n{SOLUTION}", USES_LISTS),
    "single_imports_of_the_candidate": Row(
        f"import java.util.List;\nimport java.util.Arrays;\n{SOLUTION}", f"import java.io.*;{USES_LISTS}"
    ),
    "imports_of_the_setup": Row(SOLUTION, USES_LISTS, "import java.util.*;"),
    "imports_that_clash": Row(
        f"import java.awt.List;\nimport java.awt.*;\n{SOLUTION}", f"import java.util.*;{USES_LISTS}"
    ),
    "setup_that_clashes": Row(
        f"import java.awt.List;\nclass A {{ List list; }}\n{SOLUTION}",
        f"import java.util.*;{USES_LISTS}",
        "import java.util.List;",
    ),
    "static_imports": Row(
        f"import static java.lang.Math.*;\n{SOLUTION.replace('1;', 'abs(-1);')}",
        f"import static java.lang.Math.max;\n{main('if (max(new Solution().f(), 0) != 1) throw null;')}",
        right="abs(-1)",
        wrong="abs(-2)",
    ),
    "package_of_the_candidate": Row(f"package some.where;\npublic {SOLUTION}", CHECK),
    "package_of_the_tests": Row(SOLUTION, f"package some.tests;\n{CHECK}"),
    "same_package": Row(f"package a.b;\n{SOLUTION}", f"package a.b;\n{CHECK}"),
    "tests_import_the_candidate": Row(
        "package com.example;\npublic class Solution { public int f() { return 1; } }",
        f"package com.example.tests;\nimport com.example.Solution;\n{CHECK}",
    ),
    "own_main": Row(f"public {SOLUTION}{main('System.out.println(new Solution().f());')}", CHECK),
    "own_main_that_leaves": Row(f"{SOLUTION}{main('System.exit(3);')}", CHECK),
    "own_main_in_use": Row(
        "public class Main { static int one() { return 1; }\n"
        " public static void main(String[] a) { one(); } }\n"
        "class Solution { int f() { return Main.one(); } }",
        CHECK,
    ),
    "own_main_is_asked_for": Row(
        "public class Main { static int f() { return 1; } public static void main(String[] args) { f(); } }",
        main("if (Main.f() != 1) throw new AssertionError();"),
    ),
    "main_elsewhere": Row(
        SOLUTION, main("if (new Solution().f() != 1) throw new AssertionError();", "SolutionTest")
    ),
    "main_of_an_interface": Row(
        SOLUTION, "interface T { static void main(String... a) { assert new Solution().f() == 1; } }"
    ),
    "assert_keyword": Row(SOLUTION, main("assert new Solution().f() == 1 : 2;")),
    "assert_in_the_candidate": Row(
        "class Solution { int f() { assert true; return 1; } }",
        CHECK,
        right="assert true",
        wrong="assert false",
    ),
    "exit_at_the_end": Row(SOLUTION, main("if (new Solution().f() != 1) System.exit(1); System.exit(0);")),
    "exit_status": Row(SOLUTION, main("Runtime.getRuntime().exit(new Solution().f() == 1 ? 0 : 1);")),
    "node_of_both": Row(
        "class Node { int value; Node next; }\nclass Solution { int f(Node n) { return 1; } }",
        "class Node { int value; Node next; Node(int v) { value = v; } }\n"
        + main("if (new Solution().f(new Node(3)) != 1) throw new AssertionError();"),
    ),
    "continues_the_class": Row(
        "class P { static int f() { return 1;",
        "    }\n    public static void main(String[] a) { assert f() == 1; }\n}\n",
    ),
    "continues_a_complete_class": Row(
        "import java.util.*;\nclass P {\n  static int f() { return 1; }\n"
        "  public static void main(String[] a) { System.out.println(List.of()); }\n}\n",
        "    }\n    public static void main(String[] args) { assert f() == List.of(1).get(0); }\n}\n",
    ),
    "members_of_the_class": Row(
        "class P { static int f() { return 1; }",
        "    public static void main(String[] a) { assert f() == 1; }\n}\n",
    ),
    "setup_opens_the_class": Row(
        "static int f() { return 1; } }", main("if (P.f() != 1) throw new AssertionError();"), "class P {"
    ),
    "helper_in_the_setup": Row(
        SOLUTION,
        main("Check.that(new Solution().f() == 1);"),
        "class Check { static void that(boolean met) { if (!met) throw new AssertionError(); } }",
    ),
    "own_stack": Row(
        "import java.util.ArrayList;\nclass Stack { int pop() { return 1; } }",
        main("if (new Stack().pop() != 1) throw new AssertionError();"),
    ),
    "names_of_the_platform": Row(
        "class Process { int f() { return 1; } } class Module { int n() { return 0; } }",
        main("if (new Process().f() + new Module().n() != 1) throw new AssertionError();"),
    ),
    "recursion": Row(
        "class Solution { int d(int n) { return n == 0 ? 0 : 1 + d(n - 1); }\n"
        " int f() { d(100000); return 1; } }",
        CHECK,
    ),
}


def judged(judge: Judge, row: Row, candidate: str) -> Status:
    (verdict,) = judge.run([Program("x", "java", candidate, row.tests, row.setup)])
    return verdict.status


@pytest.mark.parametrize("name", ROWS)
def test_program_is_put_together(judge: Judge, name: str) -> None:
    row = ROWS[name]
    assert judged(judge, row, row.candidate) is Status.PASSED
    wrong = row.candidate.replace(row.right, row.wrong)
    assert wrong != row.candidate
    assert judged(judge, row, wrong) in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR)


LEAVES = {
    "exit": "System.exit(0);",
    "halt": "Runtime.getRuntime().halt(0);",
    "through_the_tests": 'try { Class.forName("Main").getDeclaredMethod("done").invoke(null); } '
    "catch (ReflectiveOperationException none) { }",
}


@pytest.mark.parametrize("name", LEAVES)
def test_candidate_that_leaves_has_not_finished_the_tests(judge: Judge, name: str) -> None:
    tests = CHECK.replace("{ public", "{ static void done() { System.exit(0); } public")
    row = Row(SOLUTION, tests)
    assert judged(judge, row, SOLUTION.replace("return 1;", f"{LEAVES[name]} return 1;")) is Status.INCOMPLETE
    assert judged(judge, row, SOLUTION) is Status.PASSED


def test_candidate_cannot_disable_the_assertions_of_the_tests(judge: Judge) -> None:
    tests = main("Later.check(new Solution().f());")
    row = Row(SOLUTION, f"{tests}class Later {{ static void check(int n) {{ assert n == 1; }} }}")
    off = "ClassLoader.getSystemClassLoader().setDefaultAssertionStatus(false); return 2;"
    assert judged(judge, row, SOLUTION.replace("return 1;", off)) is Status.WRONG_ANSWER


def test_candidate_that_leaves_in_a_class_that_the_tests_continue(judge: Judge) -> None:
    row = ROWS["continues_a_complete_class"]
    leaving = row.candidate.replace("return 1;", "System.exit(0);\n return 1;")
    assert judged(judge, row, leaving) is Status.INCOMPLETE


def test_class_that_hides_the_platforms_is_not_that_of_the_tests(judge: Judge) -> None:
    row = Row(SOLUTION, f"import java.util.*;{USES_LISTS}")
    hidden = "class Arrays { static java.util.List asList(int n) { return java.util.List.of(1, 2); } }"
    wrong = SOLUTION.replace("return 1;", "return 2;")
    assert judged(judge, row, f"{hidden}\n{wrong}") is Status.WRONG_ANSWER
    assert judged(judge, row, f"{hidden}\n{SOLUTION}") is Status.PASSED
    own_error = "class AssertionError extends RuntimeException { { java.lang.System.exit(0); } }"
    assert judged(judge, row, f"{own_error}\n{wrong}") is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("standard", "status"), [("", Status.PASSED), ("11", Status.PASSED), ("8", Status.COMPILE_ERROR)]
)
def test_standard_is_the_release(judge: Judge, standard: str, status: Status) -> None:
    candidate = "class Solution { int f() { return java.util.List.of(1).get(0); } }"
    program = Program("x", "java", candidate, CHECK, standard=standard)
    whole = Program(
        "w", "java", main("var a = 1; System.out.print(a);"), cases=(Case("", "1"),), standard=standard
    )
    verdicts = list(judge.run([program, whole]))
    assert [verdict.status for verdict in verdicts] == [status, status]
    assert not standard or verdicts[0].toolchain.endswith(f"; {standard}")


def test_whole_program_in_several_types_and_a_package(judge: Judge) -> None:
    candidate = (
        "\ufeffpackage a.b;\nimport java.util.*;\npublic interface Shape { int area(); }\n"
        "public class Solution { public static void main(String[] args) { Shape s = () -> 3;"
        " System.out.println(s.area() + new Scanner(System.in).nextInt()); } }\n"
        "public class Main { /* static void main(String[] a) */ }\n"
    )
    cases = (Case("1", "4"), Case("2", "5"))
    (verdict,) = judge.run([Program("x", "java", candidate, cases=cases)])
    assert verdict.status is Status.PASSED, verdict


def test_exception_of_a_checker_is_no_decision(judge: Judge) -> None:
    source = (
        "package c; class Judge { public static void main(String[] a) { if (a.length == 3) throw null; } }"
    )
    checker = Comparison(ComparisonKind.CHECKER, language="java", source=source)
    program = Program("x", "java", main("System.out.print(1);"), cases=(Case("", "1"),), comparison=checker)
    (verdict,) = judge.run([program])
    assert verdict.status is Status.HARNESS_ERROR
