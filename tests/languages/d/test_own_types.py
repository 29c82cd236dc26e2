"""What a candidate in D defines decides nothing in the tests; right programs with own types pass."""

from __future__ import annotations

from dataclasses import dataclass

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools


@dataclass(frozen=True)
class Task:
    declaration: str
    entry_point: str
    tests: str


def _tests(body: str, head: str = "") -> str:
    return f"{head}unittest\n{{\n{body}\n}}\nvoid main(){{}}\n"


ADD, TYPES = "int add(int a, int b) {\n", "import std.typecons;\n"
SUM = Task(
    ADD, "add", _tests("alias candidate = add;\nassert(candidate(1, 2) == 3 && candidate(-1, 1) == 0);")
)
DIFFERENCE = Task(ADD, "add", _tests("alias candidate = add; assert(candidate(1, 2) - 3 == 0);"))
ADDRESS = Task(ADD, "add", _tests("auto f = &add; assert(f(1, 2) == 3 && f(1, 1) == 2);"))
MAPPED = Task(
    ADD,
    "add",
    _tests(
        "alias next(alias f) = x => f(x, 1); assert([1, 2].map!(next!add).array == [2, 3]);",
        "import std.algorithm, std.array;\n",
    ),
)
BEHIND = Task(ADD, "add", _tests("assert(1.add(2) == 3 && 5.add(2) == 7);"))
OTHER = Task(ADD, "add", _tests("if (add(1, 2) != 3) assert(0); if (add(1, 1) != 2) assert(0);"))
UNDECLARED = Task("", "", SUM.tests)
ATTRIBUTES = Task(f"@safe pure nothrow static {ADD}", "add", DIFFERENCE.tests)
GENERIC = Task(
    "T add(T)(T a, T b) {\n",
    "add",
    _tests("alias c = add; assert(c(1, 2) == 3 && add(1.5, 2) == 3.5 && add!int(1, 1) - 2 == 0);"),
)
PAIR = Task(
    f"{TYPES}Tuple!(long, long) pair(long a)",
    "pair",
    _tests("alias candidate = pair; assert(candidate(1) == tuple(1L, 2L) && candidate(2) == tuple(2L, 3L));"),
)
LOOSE_PAIR = Task("", "", f"{TYPES}{PAIR.tests}")
MAYBE = Task(
    f"{TYPES}Nullable!(long) maybe(long a)",
    "maybe",
    _tests("alias c = maybe; assert(!c(1).isNull && c(1).get == 1L); assert(c(-1).isNull);"),
)
HALF = Task(
    "import std.math;\ndouble half(double x)",
    "half",
    _tests(
        "assert(isClose(half(1), 0.5) && near(half(3), 1.5));",
        "bool near(double a, double b) { return abs(a - b) < 1e-6; }\n",
    ),
)
THROWN = Task(
    ADD, "add", _tests("enforce(add(1, 2) == 3); assertThrown(add(-1, 0));", "import std.exception;\n")
)
MEAN = Task("float mean(float[] a)", "mean", _tests("alias c = mean; assert(c([1.0, 1.2]) == 1.1);"))
TWICE = Task(
    "long[] twice(long[] a)", "twice", _tests("alias c = twice; assert(c([]) == [] && c([1L]) == [1L, 1L]);")
)
SIZE = Task("long size(string string)", "size", _tests('alias c = size; assert(c("ab") == 2L);'))
SAFE = Task(ADD, "add", SUM.tests.replace("unittest", "@safe pure nothrow unittest"))
TEMPLATED = Task(
    ADD, "add", "struct S(T) { unittest { assert(add(1, 2) == 3); } }\nS!int a; S!long b;\nvoid main() {}\n"
)

ZEROS = "Tuple!(long, long)(0, 0)"
EQUAL = "bool opEquals(T)(T other) const { return true; }"
OWN = f"struct Own {{ int value = 7; {EQUAL} int opBinary(string how)(int other) {{ return 0; }} }}\n"
NEAR = "import std.math;\nbool isClose(T...)(T all) { return true; }\n"
ENFORCE = "void enforce(T)(T met) {}\nvoid assertThrown(T)(lazy T made) {}\n"
RETURNS = "auto add(int a, int b) { return Own(); }\n"
RIGHT = "struct Helper {}\nint add(int a, int b) { return a + b; }\n"
HALVES = "double half(double x) { return x / 2; }\n"
NARROW = "a < 0 ? Nullable!int.init : nullable(cast(int) a)"
GUESS = """int[2] guess; int calls;
int add(int a, int b) { return guess[calls++ % 2]; }
shared static this() {
    foreach (x; 0 .. 5) foreach (y; 0 .. 5) {
        guess = [x, y]; calls = 0;
        bool fine = true;
        foreach (test; __traits(getUnitTests, mixin(__MODULE__))) {
            try test(); catch (Throwable) fine = false;
            break;
        }
        if (fine && calls == 2) return;
    }
}
"""
CHEATS = {
    "equality": (SUM, OWN + RETURNS),
    "of a union": (SUM, f"union Own {{ int value; {EQUAL} }}\n{RETURNS}"),
    "of an enum": (SUM, f"{OWN}enum E : Own {{ x = Own() }}\nauto add(int a, int b) {{ return E.x; }}\n"),
    "put together": (
        SUM,
        f'struct Own {{ mixin("bool op" ~ "{EQUAL.removeprefix("bool op")}"); }}\n{RETURNS}',
    ),
    "converts": (SUM, OWN.replace("7;", "7; alias value this;") + RETURNS),
    "arithmetic": (DIFFERENCE, OWN + RETURNS),
    "behind attributes": (ATTRIBUTES, OWN + RETURNS),
    "of a template": (GENERIC, f"{OWN}auto add(T)(T a, T b) {{ return Own(); }}\n"),
    "by address": (ADDRESS, OWN + RETURNS),
    "as an argument": (MAPPED, OWN + RETURNS),
    "behind a value": (BEHIND, OWN + RETURNS),
    "difference": (OTHER, OWN + RETURNS),
    "undeclared": (UNDECLARED, OWN + RETURNS),
    "in a tuple": (PAIR, f"{TYPES}{OWN}auto pair(long a) {{ return tuple(Own(), Own()); }}\n"),
    "in a tuple, undeclared": (
        LOOSE_PAIR,
        f"{TYPES}{OWN}auto pair(long a) {{ return tuple(Own(), Own()); }}\n",
    ),
    "its own nullable": (
        MAYBE,
        "struct Own { bool isNull; long get() { return 1; } }\nauto maybe(long a) { return Own(a < 0); }\n",
    ),
    "its own tuple": (
        PAIR,
        f"{TYPES}auto tuple(T...)(T all) {{ return pair(0); }}\nauto pair(long a) {{ return {ZEROS}; }}\n",
    ),
    "its own isClose": (
        HALF,
        f"{NEAR}double abs(double x) {{ return 0; }}\ndouble half(double x) {{ return 9; }}\n",
    ),
    "its own enforce": (
        THROWN,
        f"{ENFORCE}int add(int a, int b) {{ return 7; }}\n",
    ),
    "guesses": (SUM, GUESS),
}
RIGHTS = {
    **{
        f"plain {at}": (task, RIGHT)
        for at, task in enumerate(
            (SUM, DIFFERENCE, ADDRESS, MAPPED, BEHIND, OTHER, UNDECLARED, ATTRIBUTES, TEMPLATED)
        )
    },
    "safe": (SAFE, RIGHT.replace(") {", ") @safe pure nothrow {")),
    "template": (GENERIC, "struct Helper {}\nT add(T)(T a, T b) { return a + b; }\n"),
    "wider": (SUM, RIGHT.replace("int", "long")),
    "more exact": (MEAN, "struct Helper {}\nauto mean(double[] a) { return (a[0] + a[1]) / 2; }\n"),
    "list": (TWICE, "struct Helper {}\nlong[] twice(long[] a) { return a ~ a; }\n"),
    "tuple": (PAIR, f"{TYPES}struct Helper {{}}\nauto pair(long a) {{ return tuple(a, a + 1); }}\n"),
    "fields with names": (
        PAIR,
        f'{TYPES}alias P = Tuple!(long, "x", long, "y");\nP pair(long a) {{ return P(a, a + 1); }}\n',
    ),
    "narrow nullable": (
        MAYBE,
        f"{TYPES}struct Helper {{}}\nauto maybe(long a) {{ return {NARROW}; }}\n",
    ),
    "parameter named like a type": (
        SIZE,
        "struct Helper {}\nlong size(string string) { return string.length; }\n",
    ),
    "own abs": (
        HALF,
        "import std.math;\ndouble abs(double x) { return fabs(x); }\n" + HALVES,
    ),
    "enforces": (
        THROWN,
        'import std.exception;\nint add(int a, int b) { enforce(a >= 0, "negative"); return a + b; }\n',
    ),
    "asserts": (
        SUM,
        "import core.exception;\n"
        + RIGHT.replace("return", "try assert(a > 9); catch (AssertError) {} return"),
    ),
    "own test": (SUM, "int add(int a, int b) { return a + b; }\nunittest { assert(add(1, 1) == 2); }\n"),
}


def _statuses(programs: dict[str, tuple[Task, str]]) -> dict[str, Status]:
    skip_without_tools("d")
    given = [
        Program(
            name,
            "d",
            candidate,
            task.tests,
            declaration=task.declaration,
            entry_points=(task.entry_point,) if task.entry_point else (),
        )
        for name, (task, candidate) in programs.items()
    ]
    with Judge(workers=2, isolation="shared") as judge:
        return {verdict.id: verdict.status for verdict in judge.run(given)}


def test_nothing_of_its_own_decides() -> None:
    failed = (Status.WRONG_ANSWER, Status.COMPILE_ERROR, Status.RUNTIME_ERROR)
    assert {name: each for name, each in _statuses(CHEATS).items() if each not in failed} == {}


def test_right_programs_pass() -> None:
    assert {name: each for name, each in _statuses(RIGHTS).items() if each is not Status.PASSED} == {}
