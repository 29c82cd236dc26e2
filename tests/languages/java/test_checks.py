"""Java: tests that cannot judge any candidate are refused, and no others."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages.java import _checks, _packages
from crosstune.records import Program, Status

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("java")), reason="Java cannot be run here"
)


def main(body: str, more: str = "") -> str:
    return f"class Main {{ {more} public static void main(String[] args) throws Exception {{ {body} }} }}\n"


REFUSED = {
    "empty": (" \n", "the tests check nothing: there are none"),
    "only_print": (
        main("System.out.println(new Solution().f() == 1);"),
        "no assertion, no throw and no exit",
    ),
    "no_main": ("class A { static void f() { assert 1 == 2; } }", "no class of theirs has a method main"),
    "junit": (
        "import org.junit.jupiter.api.Test;\nclass T { @Test void f() { assert false; } }",
        "the tests need the package org.junit.jupiter.api, which is not installed",
    ),
    "own_annotation": (
        "@interface Test { } class T { @Test void f() { assert false; } }",
        "has a method main",
    ),
    "never_called": (main("f();", "static void f() { } static void g() { assert false; }"), "does not call"),
    "syntax": (
        main("\nif (new Solution().f( != 1) throw null;"),
        "the tests do not parse: line 2: illegal start",
    ),
    "continuation": ("}\n\nvoid f( { assert true; } }", "the tests do not parse: line 3: "),
    "unknown_library": (
        f"import org.nowhere.Thing;\n{main('assert Thing.is(new Solution().f());')}",
        "the tests need the package org.nowhere, which is not installed",
    ),
    "static_member": (
        f"import static io.nowhere.Thing.member;\n{main('assert Solution.f() == member;')}",
        "the tests need the package io.nowhere, which is not installed",
    ),
    "not_of_this_platform": (
        f"import javax.servlet.http.*;\n{main('assert true;')}",
        "the tests need the package javax.servlet.http, which is not installed",
    ),
}
ACCEPTED = {
    "assert": main("assert new Solution().f() == 1;"),
    "throw": main("if (new Solution().f() != 1) throw new Exception();"),
    "exit": main("System.exit(new Solution().f() - 1);"),
    "called": main("check();", "static void check() { assert false; }"),
    "called_by_another": main("f();", "static void f() { g(); } static void g() { assert false; }"),
    "by_reference": main("Runnable r = Main::g; r.run();", "static void g() { assert false; }"),
    "by_reflection": main(
        'Main.class.getMethod("g").invoke(null);', "public static void g() { assert false; }"
    ),
    "initialiser": main("", "static { assert false; }"),
    "overridden": main("new T().start();") + "class T extends Thread { public void run() { assert false; } }",
    "of_others": main("Check.that(new Solution().f() == 1);"),
    "optional": main("new Solution().g().orElseThrow();"),
    "continuation": "    }\n    public static void main(String[] args) { assert(f(1) == 2); }\n}\n",
    "members": "    public static void main(String[] args) { assert(f(1) == 2); }\n}\n",
    "own_package": f"import solution.Solution;\nimport com.example.Thing;\n{main('assert true;')}",
    "package_of_the_candidate": f"import static com.acme.Solution.f;\n{main('assert f() == 1;')}",
    "platform": (
        "import java.util.Map.Entry; import static java.util.stream.Collectors.*; import javax.swing.*;"
        f" import static java.lang.Math.max;\n{main('assert true;')}"
    ),
    "new_syntax": main(
        "Object o = 1; switch (o) { case Integer i when i > 3 -> throw null; default -> { } }"
        ' String s = """\n a " }\n """; if (o instanceof String t && t.isEmpty()) assert false;'
    ),
}


def error_of(tests: str, setup: str = "") -> str:
    return _checks.tests_error(Program("", "java", "", tests, setup))


@pytest.mark.parametrize("name", REFUSED)
def test_tests_that_cannot_judge_are_refused(name: str) -> None:
    tests, reason = REFUSED[name]
    assert reason in error_of(tests)


@pytest.mark.parametrize("name", ACCEPTED)
def test_other_tests_are_accepted(name: str) -> None:
    assert error_of(ACCEPTED[name]) == ""


def test_setup_may_have_the_checks() -> None:
    calls = main("Given.that(new Solution().f());")
    assert error_of(calls)
    assert error_of(calls, "class Given { static void that(int n) { if (n != 1) throw null; } }") == ""


def test_usual_library_is_got_by_the_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_packages._Library, "installed", False)
    usual = error_of(f"import org.javatuples.*;\n{main('assert true;')}")
    assert usual.endswith("org.javatuples, which is not installed. Get it: crosstune doctor java --install")
    other = error_of(f"import com.google.gson.Gson;\n{main('assert true;')}")
    assert other.endswith(
        "com.google.gson, which is not installed. Get it: sudo apt-get install libgoogle-gson-java"
    )


@pytest.mark.skipif(not _packages._LIBRARIES[0].installed, reason="the library is not installed")
def test_library_is_there_for_candidate_and_tests(judge: Judge) -> None:
    candidate = (
        "import org.javatuples.*;\n"
        'class Solution { Pair<Integer, String> f() { return Pair.with(1, "a"); } }\n'
    )
    tests = main('if (!new Solution().f().equals(Pair.with(1, "a"))) throw new AssertionError();')
    right, wrong = judge.run(
        Program("x", "java", code, tests) for code in (candidate, candidate.replace("with(1", "with(2"))
    )
    assert (right.status, wrong.status) == (Status.PASSED, Status.WRONG_ANSWER)
    assert "javatuples" in right.toolchain


def test_error_of_the_tests_is_no_verdict_on_the_candidate(judge: Judge) -> None:
    programs = [Program("x", "java", code, REFUSED["only_print"][0]) for code in ("class A { }", "class {")]
    assert [verdict.status for verdict in judge.run(programs)] == [Status.HARNESS_ERROR] * 2
