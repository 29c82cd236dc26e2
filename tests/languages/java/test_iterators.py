"""Iterators and streams that a candidate in Java returns: the tests read them as far as they need."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.languages.java import LANGUAGE
from crosstune.languages.java._apart import why_shared
from crosstune.records import Limits, Program, Status

_IMPORTS = "import java.math.BigInteger;\nimport java.util.*;\nimport java.util.stream.*;\n"
_METHODS = {
    "Stream<BigInteger> fib()": (
        "return Stream.iterate(new BigInteger[] {BigInteger.ZERO, BigInteger.ONE},"
        "p -> new BigInteger[] {p[1], p[0].add(p[1])}).map(p -> p[0]);"
    ),
    "IntStream below(int n)": "return IntStream.range(0, n);",
    "Stream<Integer> fails()": (
        'return Stream.iterate(1, x -> {if (x > 5) throw new IllegalStateException("end"); return x + 1; });'
    ),
    "IntStream hangs()": "return IntStream.iterate(1, x -> { while (x > 9); return x + 1; });",
    "Iterator<Integer> odd()": (
        "return new Iterator<>() { int at = -1; public boolean hasNext() { return true; }"
        "public Integer next() { return at += 2; } };"
    ),
    "Iterator<String> of(String... all)": "return Arrays.asList(all).iterator();",
    "Iterable<Integer> upTo(int n)": "return () -> IntStream.range(0, n).iterator();",
    "Collection<Integer> pair()": (
        "return new AbstractCollection<>() { public int size() { return 2; }"
        "public Iterator<Integer> iterator() { return List.of(1, 2).iterator(); } };"
    ),
}
RIGHT = {
    "endless, of values that grow": "S.fib().limit(10).mapToInt(BigInteger::intValue).sum() == 88",
    "many": "S.below(300000).count() == 300000 && S.below(200000).mapToLong(x -> x).sum() == 19999900000L",
    "many, one by one": "S.below(5000).limit(3000).sum() == 4498500",
    "an error later on": (
        'S.fails().limit(5).count() == 5 && message(S.fails()).equals("[1, 2, 3, 4, 5, 6] end")'
    ),
    "no end later on": "S.hangs().limit(9).sum() == 45 && S.hangs().anyMatch(x -> x == 4)",
    "an endless iterator": "sum(S.odd(), 4) == 16",
    "the end of an iterator": (
        'S.of("a").hasNext() && S.of("a").next().equals("a") && !S.of().hasNext() && ends(S.of())'
    ),
    "twice": "sum(S.upTo(4).iterator(), 4) == 6 && sum(twice(S.upTo(3)), 6) == 6",
    "a collection": "S.pair().size() == 2 && S.pair().contains(2)",
}
_HELPERS = """
static String message(Stream<Integer> all) {
    List<Integer> seen = new ArrayList<>();
    try { all.forEach(seen::add); return ""; }
    catch (IllegalStateException error) { return seen + " " + error.getMessage(); }
}
static int sum(Iterator<Integer> all, int n) { int t = 0; while (n-- > 0) t += all.next(); return t; }
static boolean ends(Iterator<String> all) {
    try { all.next(); return false; } catch (NoSuchElementException error) { return true; }
}
static Iterator<Integer> twice(Iterable<Integer> all) {
    List<Integer> seen = new ArrayList<>();
    for (int k = 0; k < 2; k++) for (int each : all) seen.add(each);
    return seen.iterator();
}
"""


_WRONG = {
    "an exit": (
        "System.exit(0); return null;",
        "System.exit(0); return null;",
        Status.INCOMPLETE,
    ),
    "another type": (
        'return (Stream) Stream.of("1");',
        'return (Iterator) List.of("1").iterator();',
        Status.RUNTIME_ERROR,
    ),
    "no end": (
        "return Stream.generate(() -> 1);",
        "return Stream.generate(() -> 1).iterator();",
        Status.TIMEOUT,
    ),
    "an error": (
        "return Stream.of(1, 2).map(x -> 1 / (x - 1));",
        "return Stream.of(1).map(x -> 1 / 0).iterator();",
        Status.RUNTIME_ERROR,
    ),
    "too long": (
        'return (Stream) Stream.of("x".repeat(20 << 20));',
        'return (Iterator) List.of("x".repeat(20 << 20)).iterator();',
        Status.OUTPUT_LIMIT,
    ),
}


def _class(bodies: dict[str, str]) -> str:
    methods = "\n".join(f"static {head} {{ {body} }}" for head, body in bodies.items())
    return f"{_IMPORTS}class S {{ {methods} }}"


def _program(name: str, condition: str, bodies: dict[str, str], limits: Limits | None = None) -> Program:
    return Program(
        name,
        "java",
        _class(bodies),
        f"{_IMPORTS}class Main {{ {_HELPERS}\npublic static void main(String[] args) {{"
        f"if (!({condition})) throw new AssertionError(); }} }}",
        limits=limits,
        declaration=_class(dict.fromkeys(bodies, "return null;")),
        entry_points=("S",),
    )


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def test_items_are_read_as_the_tests_need_them(judge: Judge) -> None:
    verdicts = list(judge.run([_program(name, each, _METHODS) for name, each in RIGHT.items()]))

    assert {each.id: each.status for each in verdicts} == dict.fromkeys(RIGHT, Status.PASSED), [
        each.stderr[-400:] for each in verdicts if not each.passed
    ]


@pytest.mark.parametrize("name", _WRONG)
def test_wrong_items_fail_as_they_would_in_one_process(judge: Judge, name: str) -> None:
    stream, items, status = _WRONG[name]
    limits = dataclasses.replace(LANGUAGE.judging.limits, cpu_seconds=2)  # type: ignore[union-attr]
    heads = {"Stream<Integer> all()": stream, "Iterator<Integer> each()": items}
    checks = ("S.all().mapToInt(x -> x).sum() == 3", "S.each().next() + 1 == 3 | sum(S.each(), 1 << 30) == 0")

    verdicts = list(judge.run([_program(each, each, heads, limits) for each in checks]))

    assert [each.status for each in verdicts] == [status, status], [each.stderr[-400:] for each in verdicts]


def test_a_stream_without_end_can_be_passed_on(judge: Judge) -> None:
    bodies = {
        "Stream<Integer> naturals()": "return Stream.iterate(1, x -> x + 1);",
        "int first(Stream<Integer> all, int n)": "return all.limit(n).mapToInt(x -> x).sum();",
        "int next(Iterator<Integer> all)": "return all.next() + all.next();",
        "Iterator<Integer> odd()": _METHODS["Iterator<Integer> odd()"],
    }
    declared = {head: "return 0;" if head.startswith("int") else "return null;" for head in bodies}
    program = _program("passed on", "S.first(S.naturals(), 3) == 6 && S.next(S.odd()) == 4", bodies)
    tests = program.tests.replace(_HELPERS, "")
    program = dataclasses.replace(program, tests=tests, declaration=_class(declared))

    (verdict,) = judge.run([program])

    assert (verdict.status, verdict.isolation) == (Status.PASSED, "separate"), verdict.stderr


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("Stream.iterate(1, x -> x + 1)", "iterate"),
        ("new Random().ints().boxed()", "boxed"),
        ("S.naturals().map(x -> x)", "map"),
        ("S.naturals()", ""),
        ("List.of(1).stream()", ""),
    ],
)
def test_tests_that_may_pass_what_has_no_end_share_a_process(argument: str, reason: str) -> None:
    bodies = {"Stream<Integer> naturals()": "return null;", "int first(Stream<Integer> all)": "return 0;"}
    program = dataclasses.replace(
        _program("p", f"S.first({argument}) == 1", bodies), declaration=_class(bodies)
    )
    program = dataclasses.replace(program, tests=program.tests.replace(_HELPERS, ""))

    assert why_shared(program) == (reason and f"the tests may pass what has no end ({reason})")
