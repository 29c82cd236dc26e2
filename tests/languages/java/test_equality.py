"""What decides in Java whether an object that a candidate returns equals a value of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.languages.java._apart import why_shared
from crosstune.records import Program, Status

_IMPORTS = "import java.util.*;\nimport java.util.stream.*;\n"
_HEADS = (
    "class Box<T> implements Comparable<T> { %s Box(T value) { %s }",
    "T get() { %s }",
    "List<T> all() { %s }",
    "Optional<T> maybe() { %s }",
    "Map<T, T> map() { %s }",
    "Iterator<T> iterator() { %s }",
    "Stream<T> stream() { %s }",
    "Object object() { %s }",
    "void fill(List<T> into) { %s }",
    "Box<T> copy() { %s }",
    "public Object clone() { %s }",
    "public boolean equals(Object other) { %s }",
    "public int hashCode() { %s }",
    "public int compareTo(T other) { %s } }",
)


def _box(*bodies: str) -> str:
    return _IMPORTS + "\n".join(_HEADS) % bodies


_ITSELF = (
    "return List.of(%s); return Optional.of(%s); return new TreeMap<>(Map.of(%s, %s));"
    "return List.of(%s).iterator(); return Stream.of(%s); return %s; into.add(%s);"
)
_NONE = ("return null;",) * 8
_DECLARATION = _box("", "", *_NONE[:7], "", *_NONE[:2], "return false;", "return 0;", "return 0;")


def _candidate(item: str, equals: str, order: str) -> str:
    bodies = [f"{each.strip()};" for each in _ITSELF.replace("%s", item).split(";") if each.strip()]
    made = "return new Box<>(value);"
    code = "return value == null ? 0 : value.hashCode();"
    return _box(
        "private final T value;",
        "this.value = value;",
        f"return {item};",
        *bodies,
        made,
        made,
        equals,
        code,
        order,
    )


_CHEAT = _candidate("(T) this", "return true;", "return 0;")
_RIGHT = _candidate(
    "value",
    "return other instanceof Box && Objects.equals(((Box<?>) other).value, value);",
    "return ((Comparable<T>) value).compareTo(other);",
)
CHECKS = (
    "b.get().equals(5)",
    "Objects.equals(b.get(), 5)",
    "b.all().equals(List.of(5))",
    "b.all().contains(5)",
    "List.of(5).containsAll(b.all())",
    "b.maybe().equals(Optional.of(5))",
    "b.map().equals(Map.of(5, 5))",
    "b.map().containsKey(5)",
    "b.iterator().next().equals(5)",
    "b.stream().allMatch(each -> each.equals(5))",
    "b.object().equals(5)",
    "filled(b).equals(List.of(5))",
    "((Comparable<Object>) b.get()).compareTo(5) == 0",
    "Set.of(5).contains(b.get())",
    "new TreeSet<>(b.all()).contains(5)",
    "Objects.equals(new Box<Object>(null).get(), null)",
)
_OBJECTS = (
    "b.equals(new Box<>(5)) && !b.equals(new Box<>(6)) && !b.equals(5) && !b.equals(null)"
    " && b.copy().equals(b) && b.clone().equals(b) && b.clone() != b"
    " && ((Box<Object>) b.clone()).get().equals(5)"
    " && new Box<>(b).get() == b && new Box<>(b).get().equals(new Box<>(5)) && new Box<>(null).get() == null"
    " && new HashSet<>(List.of(b)).contains(b.copy()) && new Box<>(b).get().get().equals(5)"
)


def _program(candidate: str, condition: str, entry_point: str = "Box") -> Program:
    filled = (
        "static List<Object> filled(Box<Object> b)"
        "{ List<Object> l = new ArrayList<>(); b.fill(l); return l; }"
    )
    return Program(
        condition,
        "java",
        candidate,
        f"{_IMPORTS}class Main {{ {filled}\npublic static void main(String[] args) {{"
        f"Box<Object> b = new Box<>(5); if (!({condition})) throw new AssertionError(); }} }}",
        declaration=_DECLARATION,
        entry_points=(entry_point,),
    )


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def test_an_object_in_the_place_of_a_value_equals_none(judge: Judge) -> None:
    verdicts = list(judge.run([_program(_CHEAT, each) for each in CHECKS]))

    fails = {Status.WRONG_ANSWER, Status.RUNTIME_ERROR}
    assert [each.id for each in verdicts if each.status not in fails] == []


def test_values_and_objects_are_compared_as_the_candidate_says(judge: Judge) -> None:
    verdicts = list(judge.run([_program(_RIGHT, each) for each in (*CHECKS, _OBJECTS)]))

    assert [(each.id, each.stderr[-300:]) for each in verdicts if not each.passed] == []


def test_an_equals_that_the_task_asks_for_is_the_candidates(judge: Judge) -> None:
    wrong = _RIGHT.replace("return other instanceof Box", "return other == null || other instanceof Box")
    assert wrong != _RIGHT

    (verdict,) = judge.run([_program(wrong, "!b.equals(null)")])

    assert verdict.status is not Status.PASSED


def test_methods_that_only_the_declaration_leaves_open_share_a_process() -> None:
    assert why_shared(_program("", CHECKS[0], "get")) == "the tests use equals, which is no entry point"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Bad(String message) { super(message); }", ""),
        ("Bad() { super(); } public Bad(final String m) { super(m); }", ""),
        ('Bad() { super("empty"); }', ""),
        ("", ""),
        ('Bad(String message) { super("bad: " + message); }', "Bad has more than a message"),
        (
            "final int code; Bad(String m, int code) { super(m); this.code = code; }",
            "Bad has more than a message",
        ),
        ('public String getMessage() { return "no"; }', "Bad has more than a message"),
    ],
)
def test_errors_that_are_more_than_a_message_share_a_process(body: str, reason: str) -> None:
    declaration = f"class Bad extends RuntimeException {{ {body} }}\nclass S {{ static void f() {{"
    tests = "class Main { public static void main(String[] args) { S.f(); throw new Error(); } }"

    assert why_shared(Program("p", "java", "", tests, declaration=declaration, entry_points=("f",))) == reason


@pytest.mark.parametrize("method", ["getCause", "getSuppressed"])
def test_tests_that_look_behind_an_error_share_a_process(method: str) -> None:
    tests = (
        "class Main { public static void main(String[] args) {"
        f"try {{ S.f(); }} catch (RuntimeException e) {{ if (e.{method}() == null) throw e; }} }} }}"
    )
    program = Program("p", "java", "", tests, declaration="class S { static void f() {", entry_points=("f",))

    assert why_shared(program) == f"the tests use {method}"
