"""Java: the compile server decides like javac, and no program affects the next; equality in the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages.java import _prepared
from crosstune.records import Program, Status
from tests.languages.compile_server import equal_except_cost, judge_with_and_without_server

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("java")), reason="Java cannot be run here"
)


def main(body: str) -> str:
    return (
        "public class Main { public static void main(String[] args) throws Exception"
        f" {{ {body} assert true; }} }}\n"
    )


CASES = {
    "passes": ("class A { static int f() { return 3; } }", "if (A.f() != 3) throw new AssertionError();"),
    "wrong": ("class A { static int f() { return 2; } }", "if (A.f() != 3) throw new AssertionError();"),
    "syntax": ("class A { int f( { } }", ""),
    "types": ('class A { static int f() { return "3"; } }', "A.f();"),
    "many_errors": ("class A { " + " ".join(f"int f{n}() {{ return x{n}; }}" for n in range(120)) + "}", ""),
    "unchecked": ("class A { static List f() { return new ArrayList(); } }", "A.f().add(1);"),
    "public_elsewhere": ("public class Other { }", ""),
    "no_end": ("class A {", ""),
    "unicode": ('class Ä { static String é() { return "ü€𝄞"; } }', 'if (!Ä.é().equals("ü€𝄞")) throw null;'),
    "broken_text": ('class A { static String f() { return "\ud800"; } }', "A.f();"),
    "nul": ('class A { String a = "\0"; }', ""),
    "long_name": (f"class {'A' * 300} {{ }}", ""),
    "other_module": ("class A { java.sql.Timestamp t; javax.swing.JFrame f; }", "new A();"),
    "no_such_package": ("class A { com.missing.Thing t; }", ""),
    "nested": ("class A { class B { class C { } } interface D { } enum E { ONE } record F(int a) { } }", ""),
    "lambda": (
        "class A { static int f() { java.util.function.IntSupplier s = () -> 3; return s.getAsInt(); } }",
        "if (A.f() != 3) throw new AssertionError();",
    ),
    "looks_for_its_source": (
        'class A { static boolean f() { return new java.io.File("Main.java").exists(); } }',
        "if (A.f()) throw new AssertionError();",
    ),
    "deep": ("class A { int a = " + "(" * 3000 + "1" + ")" * 3000 + "; }", "new A();"),
}


def program(name: str, candidate: str, body: str) -> Program:
    return Program(name, "java", f"{candidate}\n", main(body), setup="import java.util.*;")


@pytest.mark.slow
def test_compile_server_decides_like_javac(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {name: program(name, *case) for name, case in CASES.items()}
    cases["packaged"] = Program("packaged", "java", "package a.b;\nclass A { }\n", main(""))
    cases["module"] = Program("module", "java", "module m { }\n", main(""))
    served, plain, started = judge_with_and_without_server(cases.values(), monkeypatch)
    pairs = zip(served, plain, strict=True)
    assert [pair for pair in pairs if not equal_except_cost(*pair)] == []
    assert 1 <= started["java"] <= 3
    statuses = {verdict.id: verdict.status for verdict in served}
    assert statuses["passes"] is Status.PASSED
    assert statuses["wrong"] is Status.WRONG_ANSWER
    refused = {name for name, status in statuses.items() if status is Status.COMPILE_ERROR}
    assert {"syntax", "types", "no_end", "no_such_package", "broken_text"} <= refused
    assert (
        statuses["unicode"]
        is statuses["nested"]
        is statuses["lambda"]
        is statuses["other_module"]
        is statuses["public_elsewhere"]
        is statuses["packaged"]
        is Status.PASSED
    )


def judged(judge: Judge, candidate: str, body: str) -> Status:
    (verdict,) = judge.run([program("x", candidate, body)])
    return verdict.status


def test_next_program_sees_no_class_of_the_previous_one(judge: Judge) -> None:
    helper = "class Helper { static int three() { return 3; } }"
    call = "if (Helper.three() != 3) throw new AssertionError();"
    assert judged(judge, "class None { }", call) is Status.COMPILE_ERROR
    assert judged(judge, helper, call) is Status.PASSED
    assert judged(judge, "class None { int other; }", call) is Status.COMPILE_ERROR
    assert judged(judge, helper.replace("3", "4"), call) is Status.WRONG_ANSWER
    hidden = "class List { static int three() { return 3; } }"
    assert judged(judge, hidden, "if (List.three() != 3) throw new AssertionError();") is Status.PASSED
    assert (
        judged(judge, "class None { }", "List<Integer> all = new ArrayList<>(); all.add(1);") is Status.PASSED
    )
    assert judge._compile_servers.started == {"java": 1}


def test_unusable_class_archive_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    intact = _prepared.folder()
    spoiled = tmp_path / "spoiled"
    shutil.copytree(intact, spoiled)
    archive = spoiled / "compiler.jsa"
    if not archive.is_file():
        pytest.skip("this JDK makes no archive")
    content = archive.read_bytes()
    archive.chmod(0o644)
    archive.write_bytes(bytes(4096) + content[4096:])
    monkeypatch.setattr(_prepared, "folder", lambda: spoiled)
    with Judge() as other:
        assert judged(other, *CASES["passes"]) is Status.PASSED
        assert judged(other, *CASES["types"]) is Status.COMPILE_ERROR
        assert other._compile_servers.started == {"java": 1}


ANY = "class Any { public boolean equals(Object other) { return true; } }"
EQUALITY = {
    "always_equal": (
        f"{ANY} class A {{ static Any f() {{ return new Any(); }} }}",
        "A.f().equals(List.of(3))",
    ),
    "element": (
        f"{ANY} class A {{ static List<Any> f() {{ return List.of(new Any()); }} }}",
        "A.f().equals(List.of(3))",
    ),
    "through_objects": (
        f"{ANY} class A {{ static Any f() {{ return new Any(); }} }}",
        "Objects.equals(A.f(), 3)",
    ),
    "in_a_lambda": (
        f"{ANY} class A {{ static Any f() {{ return new Any(); }} }}",
        "((java.util.function.BooleanSupplier) () -> A.f().equals(3)).getAsBoolean()",
    ),
    "null": (f"{ANY} class A {{ static Any f() {{ return new Any(); }} }}", "A.f().equals(null)"),
}
HONEST = {
    "anonymous_list": (
        "class A { static List<Integer> f() { return new ArrayList<>() {{ add(3); }}; } }",
        "A.f().equals(List.of(3)) && List.of(3).equals(A.f())",
    ),
    "arrays_and_nulls": (
        "class A { static Integer f() { return null; } static int[] g() { return new int[] {1}; } }",
        "Objects.equals(A.f(), null) && !A.g().equals(A.g()) && Arrays.equals(A.g(), A.g())",
    ),
    "switches": (
        'class A { static String f(int n) { switch(n) { case 1: return "a"; case 9: } return ""; }}',
        'A.f(1).equals("a") && switchOf("b") == 2',
    ),
    "own_record": (
        "record Point(int x) { } class A { static Point f() { return new Point(1); } }",
        "A.f().equals(new Point(1)) && !A.f().equals(new Point(2))",
    ),
}
SWITCH = """
    static int switchOf(String word) {
        long wide = 1L << 40; double half = 0.5;
        switch (word) { case "a": return 1; case "b": wide += 1; return wide > half ? 2 : 0; }
        return 3;
    }
"""


@pytest.mark.parametrize("name", [*EQUALITY, *HONEST])
def test_equals_must_hold_from_both_sides(judge: Judge, name: str) -> None:
    candidate, condition = (EQUALITY | HONEST)[name]
    tests = main(f"if (!({condition})) throw new AssertionError();")
    tests = tests[: tests.rindex("}")] + SWITCH + "}\n"
    (verdict,) = judge.run([Program(name, "java", f"{candidate}\n", tests, setup="import java.util.*;")])
    assert (Status.PASSED if name in HONEST else Status.WRONG_ANSWER) is verdict.status, verdict


def test_full_disk_is_a_disk_limit(judge: Judge) -> None:
    write = (
        "class A { static void f() throws java.io.IOException {"
        ' try (var out = new java.io.FileOutputStream("x")) { byte[] part = new byte[1 << 20];'
        " for (;;) out.write(part); } } }"
    )
    assert judged(judge, write, "A.f();") is Status.DISK_LIMIT


@pytest.mark.parametrize("method", ["void main(String[] args)", "private static void main(String[] args)"])
def test_tests_without_a_main_method_that_can_be_called_do_not_compile(judge: Judge, method: str) -> None:
    (verdict,) = judge.run(
        [Program("x", "java", "class A { }", f"class Main {{ {method} {{ assert true; }} }}")]
    )
    assert verdict.status is Status.COMPILE_ERROR, verdict


def test_error_in_the_static_initialiser_of_the_tests_is_a_runtime_error(judge: Judge) -> None:
    linked = "class Main { static { A.f(); } public static void main(String[] args) { assert true; } }"
    for body, expected in (("throw new NoClassDefFoundError();", Status.RUNTIME_ERROR), ("", Status.PASSED)):
        (verdict,) = judge.run(
            [Program("x", "java", f"class A {{ static void f() {{ {body} }} }}\n", linked)]
        )
        assert verdict.status is expected, verdict
