"""Java's tests and candidates in processes of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.languages.java._apart import why_shared
from crosstune.records import Program, Status, Verdict

_DECLARATION = """
import java.util.*;
class Solution {
    public List<Integer> sorted(List<Integer> values) { return null; }
    /** The sum. */
    public int add(int a, int b) {
"""

_TESTS = """
public class Main {
    public static void main(String[] args) {
        Solution s = new Solution();
        if (!s.sorted(new ArrayList<>(List.of(3, 1, 2))).equals(List.of(1, 2, 3))) throw new AssertionError();
        if (s.add(1, 2) != 3 || s.add(-1, 1) != 0) throw new AssertionError();
    }
}
"""

# The beginning of a candidate that writes to the tests itself.
_FRAMES = r"""
import java.util.*;
import java.io.*;
class Frames {
    static void raw(int... some) {
        try (FileOutputStream out = new FileOutputStream("/dev/fd/6")) {
            for (int each : some) out.write(each);
        } catch (IOException error) { throw new UncheckedIOException(error); }
    }
    static void send(String text) {
        int length = text.length();
        raw(length >>> 24, length >>> 16 & 255, length >>> 8 & 255, length & 255);
        raw(text.chars().toArray());
    }
}
"""
_SUM = "public int add(int a, int b) { return a + b; }"


def _sends(text: str) -> str:
    """A candidate that sends a frame in a call, its escapes as in Java."""
    return _solution(f'Frames.send("{text}"); return values;', before=_FRAMES)


def _solution(body: str, before: str = "import java.util.*;\n", more: str = _SUM) -> str:
    method = f"public List<Integer> sorted(List<Integer> values) {{ {body} }}"
    return f"{before}class Solution {{ {method} {more} }}\n"


_EQUAL = "public boolean equals(Object o) { return true; } public int hashCode() { return 0; }"

CHEATS = {
    "equals is always true": "import java.util.*;\nclass Any extends ArrayList<Integer> {"
    + _EQUAL
    + "}\nclass Solution { public Any sorted(List<Integer> v) { return new Any(); }"
    + _SUM
    + "}",
    "takes what it is compared with": "import java.util.*;\nclass Any extends AbstractList<Integer> {\n"
    "List<Integer> held = new ArrayList<>(); public Integer get(int i) { return held.get(i); }\n"
    "public int size() { return held.size(); }\n"
    "public boolean equals(Object o) { held = (List<Integer>) o; return true; } }\n"
    + _solution("return new Any();", before=""),
    "another type": "class Any {"
    + _EQUAL
    + "}\nclass Solution { public Any sorted(java.util.List<Integer> v) { return new Any(); }"
    + _SUM
    + "}",
    "list in itself": _solution("List own = new ArrayList(); own.add(own); own.add(own); return own;"),
    "endless list": "import java.util.*;\nclass Any extends AbstractList<Integer> {"
    "public int size() { return 1 << 30; }"
    " public Integer get(int i) { return i; } }\n" + _solution("return new Any();", before=""),
    "private": "import java.util.*;\nclass Solution { private List<Integer> sorted(List<Integer> v) {"
    "Collections.sort(v); return v; }" + _SUM + "}",
    "calls the tests": _solution("Main.main(null); return values;"),
    "exit": _solution("System.exit(0); return values;"),
    "halt while loading": _solution("return values;", more=_SUM + "static { Runtime.getRuntime().halt(0); }"),
    "report": _solution(
        'try (FileOutputStream out = new FileOutputStream("/dev/fd/4")) { out.write("passed".getBytes()); }'
        "catch (IOException error) {} Runtime.getRuntime().halt(0); return values;",
        before="import java.util.*;\nimport java.io.*;\n",
    ),
    "report as a frame": _sends("passed"),
    "answer of the process": _sends("!passed"),
    "hello again": _sends("H\\1"),
    "empty frame": _sends(""),
    "unknown tag": _sends("Rz"),
    "long list announced": _sends("Rl\\177\\377\\377\\377"),
    "negative length": _sends("Rl\\377\\377\\377\\377"),
    "long array announced": _sends("RK\\0\\0\\0\\2[Jl\\177\\377\\377\\377"),
    "long text announced": _sends("Rs\\177\\377\\377\\377"),
    "unknown class": _sends("RK\\0\\0\\0\\4EvilN"),
    "unknown handle": _sends("Rh\\0\\0\\0\\7\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"),
    "change of another argument": _sends("RN\\0\\0\\0\\1\\0\\0\\0\\7N"),
    "change of an argument's type": _sends("RN\\0\\0\\0\\1\\0\\0\\0\\0s\\0\\0\\0\\0"),
    "error of the tests' process": _sends(
        "E\\0\\0\\0\\25crosstune.Tests$Ended\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"
    ),
    "frame too long": _solution("Frames.raw(127, 255, 255, 255); return values;", before=_FRAMES),
    "deep frame": _solution(
        'Frames.send("R" + "l\\0\\0\\0\\1".repeat(20000)); return values;', before=_FRAMES
    ),
    "answers of a thread": _solution(
        'new Thread(() -> { while (true) Frames.send("RT\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); }).start();'
        "return values;",
        before=_FRAMES,
    ),
    "number of its own": "import java.util.*;\nclass Any extends Number { public int intValue() { return 3; }"
    "public long longValue() { return 3; } public float floatValue() { return 3; }"
    "public double doubleValue() { return 3; } }\n"
    + _solution("return new ArrayList(List.of(new Any()));", before=""),
    "out of range": _solution(
        "Collections.sort(values); return values;",
        more="public long add(int a, int b) { return (1L << 32) + a + b; }",
    ),
}

RIGHT = {
    "as declared": _solution("Collections.sort(values); return values;"),
    "wider parameters": _solution(
        "Collections.sort(values); return values;", more="public long add(long a, long b) { return a + b; }"
    ),
    "narrower list": "import java.util.*;\nclass Solution {"
    "public ArrayList<Integer> sorted(ArrayList<Integer> v)"
    "{ Collections.sort(v); return v; }" + _SUM + "}",
    "boxed": _solution(
        "return new LinkedList<>(new TreeSet<>(values));",
        more="public Integer add(Integer a, Integer b) { return a + b; }",
    ),
    "static": "import java.util.*;\nclass Solution { public static List<Integer> sorted(List<Integer> v)"
    "{ return List.of(1, 2, 3); }" + _SUM + "}",
    "package, main and print": "package own.one;\nimport java.util.*;\npublic class Solution {"
    "public List<Integer> sorted(List<Integer> v) { System.out.println(v); Collections.sort(v); return v; }"
    + _SUM
    + "public static void main(String[] args) { System.exit(3); } }\nclass Main {}\n",
    "overloads": _solution(
        "return sorted(values, true);",
        more=_SUM
        + "public List<Integer> sorted(List<Integer> v, boolean up) { Collections.sort(v); return v; }"
        "public double add(double a, double b) { return 0; }",
    ),
    "list of its own": "import java.util.*;\nclass Own extends AbstractList<Integer> {"
    "final List<Integer> held;"
    "Own(List<Integer> held) { this.held = held; } public Integer get(int i) { return held.get(i); }"
    "public int size() { return held.size(); } }\n"
    + _solution("Collections.sort(values); return new Own(values);", before=""),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def _program(
    candidate: str,
    tests: str = _TESTS,
    declaration: str = _DECLARATION,
    entry_points: tuple[str, ...] = ("sorted", "add"),
) -> Program:
    return Program(
        id="p",
        language="java",
        candidate=candidate,
        tests=tests,
        declaration=declaration,
        entry_points=entry_points,
    )


def _judged(judge: Judge, program: Program) -> Verdict:
    (verdict,) = judge.run([program])
    return verdict


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_passes(judge: Judge, name: str) -> None:
    verdict = _judged(judge, _program(CHEATS[name]))

    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR)
    assert (verdict.status is Status.COMPILE_ERROR) == (name in ("private", "calls the tests")), (
        verdict.stderr
    )
    assert verdict.isolation == "separate"


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_form_passes(judge: Judge, name: str) -> None:
    verdict = _judged(judge, _program(RIGHT[name]))

    assert (verdict.status, verdict.isolation) == (Status.PASSED, "separate"), verdict.stderr


VALUES = (
    "null",
    "true",
    "1",
    "Integer.MIN_VALUE",
    "Long.MAX_VALUE",
    "(short) 3",
    "(byte) -3",
    "1.5f",
    "-0.0",
    "Double.NaN",
    "Double.NEGATIVE_INFINITY",
    "'\\ud800'",
    '"a\\ud83d\\ude00\\ud800b\\u00e9"',
    'new java.math.BigInteger("-123456789012345678901234567890")',
    'new java.math.BigDecimal("1.50")',
    "new ArrayList<>(Arrays.asList(1, null, List.of()))",
    "new LinkedList<>(List.of(1L))",
    "new ArrayDeque<>(List.of(1, 2)).peekLast()",
    "new HashSet<>(List.of(1, 2))",
    "new TreeSet<>(List.of(2, 1))",
    "new LinkedHashMap<>(Map.of(1, List.of('a')))",
    "new TreeMap<>(Map.of(1, 2.0))",
    "new HashMap<>()",
    "Optional.of(3)",
    "Optional.empty()",
    "OptionalInt.of(3)",
    "OptionalDouble.empty()",
    "Map.entry(1, 2)",
    "new AbstractMap.SimpleEntry<>(null, 2)",
    "java.time.LocalDate.of(2024, 2, 29)",
    "java.util.concurrent.TimeUnit.DAYS",
    "Arrays.asList(1, 2)",
    "Collections.nCopies(3, 1)",
    "new Point(1, new ArrayList<>(List.of(2)))",
    "Colour.RED",
)
ARRAYS = (
    "new int[] {1, 2}",
    "new long[][] {{1}, {}}",
    "new double[] {-0.0, Double.NaN}",
    "new char[] {'a'}",
    "new boolean[] {true}",
    "new byte[] {-1}",
    'new String[] {null, "a"}',
    "new Integer[][][] {{{1}}, {}}",
    "new Point[] {new Point(1, null)}",
    "new List[] {List.of()}",
)
_COMPARES = """
public class Main {
    static void same(Object v) {
        Object w = new Solution().back(v);
        boolean any = v == null || v instanceof Collection || v instanceof Map.Entry;
        if (!Objects.equals(v, w) || !any && v.getClass() != w.getClass()) throw new AssertionError(v);
    }
    static void equal(Object v) {
        Object w = new Solution().back(v);
        boolean same = Arrays.deepEquals(new Object[] {v}, new Object[] {w});
        if (!same || v.getClass() != w.getClass()) throw new AssertionError(v.toString());
    }
    public static void main(String[] args) {
        CHECKS
    }
}
"""
_GIVEN = """
import java.util.*;
record Point(int x, List<Integer> y) {}
enum Colour { RED, GREEN }
"""


def test_values_come_back_as_they_were(judge: Judge) -> None:
    checks = "".join(f"same({value});\n" for value in VALUES) + "".join(
        f"equal({each});\n" for each in ARRAYS
    )
    tests = _COMPARES.replace("CHECKS", checks)
    method = "class Solution { public Object back(Object value) { return value; } }"

    verdict = _judged(judge, _program(_GIVEN + method, tests, _GIVEN + method, ("back",)))

    assert verdict.passed, verdict.stderr


_CHANGES = """
import java.util.*;
class Solution {
    static void change(int[][] a, List<List<Integer>> l, Map<String, Integer> m, StringBuilder s)"""
_CHANGED = """
class Main {
    public static void main(String[] args) {
        int[] row = {1};
        int[][] a = {{}, row};
        List<Integer> inner = new ArrayList<>();
        List<List<Integer>> l = new ArrayList<>(List.of(inner));
        Map<String, Integer> m = new TreeMap<>(Map.of("a", 1, "b", 2));
        StringBuilder s = new StringBuilder("xy");
        Solution.change(a, l, m, s);
        assert row[0] == 7 && inner.equals(List.of(5)) && l.size() == 2 && m.size() == 1;
        assert s.toString().equals("yx");
    }
}
"""


def test_changed_arguments_are_changed_for_the_tests(judge: Judge) -> None:
    candidate = (
        _CHANGES
        + """ {
        a[1][0] = 7; l.get(0).add(5); l.add(null); m.remove("a"); s.reverse(); } }"""
    )

    verdict = _judged(judge, _program(candidate, _CHANGED, f"{_CHANGES} {{", ("change",)))

    assert verdict.passed, verdict.stderr


@pytest.mark.parametrize(
    ("raised", "caught"),
    [
        ('new IllegalArgumentException("no")', "IllegalArgumentException"),
        ('new Own("no")', "RuntimeException"),
        ('new java.io.FileNotFoundException("no")', "java.io.IOException"),
    ],
)
def test_errors_are_raised_by_kind(judge: Judge, raised: str, caught: str) -> None:
    declaration = "class Solution { static void fail() throws Exception {"
    own = "class Own extends RuntimeException { Own(String message) { super(message); } }\n"
    tests = (
        "class Main { public static void main(String[] args) throws Exception {"
        f"try {{ Solution.fail(); }} catch ({caught} error) {{"
        'if (error.getMessage().equals("no")) return; }'
        "throw new AssertionError(); } }"
    )

    verdict = _judged(
        judge, _program(f"{own}{declaration} throw {raised}; }} }}", tests, declaration, ("fail",))
    )

    assert verdict.passed, verdict.stderr


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("return sorted(values);", Status.RUNTIME_ERROR),
        (
            "List<long[]> all = new ArrayList<>(); while (true) all.add(new long[1 << 20]);",
            Status.MEMORY_LIMIT,
        ),
        ("return values;", Status.WRONG_ANSWER),
        ("return null;", Status.RUNTIME_ERROR),
        ('return "";', Status.COMPILE_ERROR),
    ],
)
def test_failures_have_their_status(judge: Judge, body: str, status: Status) -> None:
    assert _judged(judge, _program(_solution(body))).status is status


def test_tests_may_leave(judge: Judge) -> None:
    tests = _TESTS.replace("if (s.add", "if (s.add(1, 1) == 2) System.exit(0);\nif (s.add")
    right, wrong = _solution("return List.of(1, 2, 3);"), _solution("return values;")

    assert _judged(judge, _program(right, tests)).passed
    assert _judged(judge, _program(wrong, tests)).status is Status.WRONG_ANSWER


def test_another_release_is_built_by_commands(judge: Judge) -> None:
    tests = _TESTS.replace("List.of", "Arrays.asList")
    right, wrong = _solution("Collections.sort(values); return values;"), _solution("return values;")

    statuses = [
        _judged(judge, dataclasses.replace(_program(each, tests), standard="8")).status
        for each in (right, wrong)
    ]

    assert statuses == [Status.PASSED, Status.WRONG_ANSWER]


def test_what_tests_set_does_not_last(judge: Judge) -> None:
    right = _solution("return List.of(1, 2, 3);")
    changes = 'System.setProperty("own", "1"); java.util.Locale.setDefault(new java.util.Locale("tr"));'
    looks = (
        'if (System.getProperty("own") != null || java.util.Locale.getDefault().getLanguage().equals("tr"))'
        "throw new Error();"
    )
    first, second = (_TESTS.replace("Solution s =", f"{more} Solution s =") for more in (changes, looks))

    assert _judged(judge, _program(right, first)).passed
    assert _judged(judge, _program(right, second)).passed


def test_texts_are_the_literals_that_they_equal(judge: Judge) -> None:
    declaration = "class Solution { static String same(String text) {"
    tests = 'class Main { public static void main(String[] args) { assert Solution.same("one") == "two"; } }'
    candidate = f'{declaration} return text == "one" ? "two" : null; }} }}'

    assert _judged(judge, _program(candidate, tests, declaration, ("same",))).passed


def test_objects_stay_in_the_candidates_process(judge: Judge) -> None:
    declaration = (
        "class Counter { Counter(int start) {} int next() { return 0; } Counter copy() { return null; } }"
    )
    candidate = (
        "class Counter { int at; Counter(int start) { at = start; } int next() { return at++; }"
        "Counter copy() { return new Counter(at); } }"
    )
    tests = (
        "class Main { public static void main(String[] args) { Counter c = new Counter(5), d = c.copy();"
        "assert c.next() == 5 && c.next() == 6 && d.next() == 5 && c.copy().next() == 7; } }"
    )

    verdict = _judged(judge, _program(candidate, tests, declaration, ("Counter",)))

    assert (verdict.status, verdict.isolation) == (Status.PASSED, "separate"), verdict.stderr


@pytest.mark.parametrize(
    ("declaration", "tests", "reason"),
    [
        ("class Solution { int add(java.util.function.IntSupplier a) {", _TESTS, "IntSupplier"),
        ("class Solution { int sub(int a) {", _TESTS, "does not declare add"),
        ("class Solution { int add(int a", _TESTS, "does not parse"),
        ("class Solution { int add(int a) {", "} int x; }", "no complete classes"),
        ("class Solution { int add(int a) {", "class Main { void m() { System.setOut(null); } }", "setOut"),
    ],
)
def test_why_shared(declaration: str, tests: str, reason: str) -> None:
    assert reason in why_shared(_program("", tests, declaration, ("add",)))


_PASSING = """
import java.util.*;
class Solution {
    public String text(String given) { return null; }
    public List<Object> deep(List<Object> given) { return null; }
}
"""
_NESTED = """
static List<Object> nested(List<Object> inner, int more) {
    for (; more > 0; more--) inner = new ArrayList<>(List.of(inner));
    return inner;
}
"""
# Statements of the tests, and the status of a candidate that returns long texts and deep lists.
EXCESSES = {
    "long": ('s.text(s.text("") + s.text("")).isEmpty()', Status.OUTPUT_LIMIT),
    "deep": ("s.deep(nested(s.deep(null), 100)).isEmpty()", Status.RUNTIME_ERROR),
    "long of the tests": ('s.text("x".repeat(20000000)).isEmpty()', Status.HARNESS_ERROR),
    "deep of the tests": ("s.deep(nested(List.of(), 300)).isEmpty()", Status.HARNESS_ERROR),
}


def test_what_no_value_can_hold_is_the_failure_of_whoever_it_comes_from(judge: Judge) -> None:
    candidate = (
        "import java.util.*;\nclass Solution {\n"
        + _NESTED.replace("nested", "made")
        + "    public String text"
        '(String given) { return "x".repeat(9000000); }\n'
        "    public List<Object> deep(List<Object> given) { return made(List.of(), 150); }\n}\n"
    )
    tests = "class Main {\npublic static void main(String[] a) {\nSolution s = new Solution();\n"
    programs = [
        Program(
            name,
            "java",
            candidate,
            f"{tests}if ({condition}) throw new AssertionError();\n}}\n{_NESTED}}}\n",
            declaration=_PASSING,
            entry_points=("text", "deep"),
        )
        for name, (condition, _) in EXCESSES.items()
    ]
    verdicts = list(judge.run(programs))
    assert {each.id: each.status for each in verdicts} == {
        name: status for name, (_, status) in EXCESSES.items()
    }, [each.stderr[-300:] for each in verdicts]
