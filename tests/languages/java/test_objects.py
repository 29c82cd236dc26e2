"""What Java's tests see of objects and values that a candidate's process has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_IMPORTS = "import java.util.*;\nimport java.util.stream.*;\n"
_STREAMS = """class Made {
    static Stream<Integer> boxed(int n) { %s }
    static Stream<String> texts(int n) { %s }
    static DoubleStream halves(int n) { %s }
}"""
_NODE = "class Node { %s }"
_SIDE = """enum Side { LEFT, RIGHT; Side other() { %s } }
class Sides { static Side turn(Side side) { %s } }"""
_OBJECTS = (
    'of(1).toString().equals("n1") && ("" + of(2)).equals("n2") && of(1).equals(of(1)) && !of(1).equals(of(2))'
    '&& new HashSet<>(List.of(of(3))).contains(of(3)) && of(7).hashCode() == 7 && !of(1).equals("n1")'
)

# Candidate, checks, declaration and entry point; where they are judged.
RIGHT = {
    "streams": (
        _STREAMS
        % (
            "return IntStream.range(0, n).boxed();",
            'return IntStream.range(0, n).mapToObj(i -> "t" + i);',
            "return IntStream.range(0, n).mapToDouble(i -> i / 2.0);",
        ),
        'Made.boxed(3).count() == 3 && Made.texts(2).toList().contains("t1") && Made.halves(3).sum() == 1.5',
        _STREAMS % (("return null;",) * 3),
        "Made",
        "separate",
    ),
    "what every object has": (
        _NODE % 'private int n; void next() { n++; } public String toString() { return "n" + n; }'
        "public int hashCode() { return n; }"
        "public boolean equals(Object o) { return o instanceof Node && ((Node) o).n == n; }",
        _OBJECTS,
        _NODE % "void next() {}",
        "Node",
        "separate",
    ),
    "the same object": (
        _NODE
        % "private final List<Node> kids = new ArrayList<>(); Node add(Node n) { kids.add(n); return this; }"
        "List<Node> kids() { return kids; }",
        "a.add(b) == a && a.kids().get(0) == b && a.kids().contains(b) && a != b && !a.equals(b)",
        _NODE % "Node add(Node n) { return null; } List<Node> kids() { return null; }",
        "Node",
        "separate",
    ),
    "a method of an enumeration": (
        _SIDE % ("return this == LEFT ? RIGHT : LEFT;", "return side.other();"),
        "Side.LEFT.other() == Side.RIGHT && Sides.turn(Side.RIGHT) == Side.LEFT",
        _SIDE % ("return null;", "return null;"),
        "Sides",
        "shared",
    ),
    "an enumeration whose methods are given": (
        _SIDE % ("return values()[1 - ordinal()];", "return side.other();"),
        "Side.LEFT.other() == Side.RIGHT && Sides.turn(Side.RIGHT) == Side.LEFT",
        _SIDE % ("return values()[1 - ordinal()];", "return null;"),
        "Sides",
        "separate",
    ),
    "an enumeration that is asked for": (
        _SIDE % ("return this == LEFT ? RIGHT : LEFT;", "return side.other();"),
        'Side.valueOf("LEFT").other() == Side.RIGHT',
        _SIDE % ("return null;", "return null;"),
        "Side",
        "shared",
    ),
}
# A candidate's change, and what must not pass then.
WRONG = {
    "streams": ("i / 2.0", "i * 2.0"),
    "what every object has": ("return n;", "return 0;"),
    "the same object": ("return this;", "return new Node();"),
    "a method of an enumeration": ("this == LEFT", "this != LEFT"),
}


def _program(name: str, candidate: str) -> Program:
    _, checks, declaration, entry_point, _ = RIGHT[name]
    made = "Node a = new Node(), b = new Node();" if entry_point == "Node" else ""
    of = "static Node of(int n) { Node made = new Node(); while (n-- > 0) made.next(); return made; }"
    tests = (
        f"class Main {{ {of if 'of(' in checks.replace('valueOf(', '') else ''}\n"
        f"public static void main(String[] args) {{ {made} if (!({checks})) throw new AssertionError(); }} }}"
    )
    return Program(
        id=name,
        language="java",
        candidate=_IMPORTS + candidate,
        tests=_IMPORTS + tests,
        declaration=_IMPORTS + declaration,
        entry_points=(entry_point,),
    )


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1) as judge:
        yield judge


def test_right_programs_pass_where_they_can_be_judged(judge: Judge) -> None:
    verdicts = list(judge.run([_program(name, right[0]) for name, right in RIGHT.items()]))

    assert {each.id: (each.status, each.isolation) for each in verdicts} == {
        name: (Status.PASSED, right[-1]) for name, right in RIGHT.items()
    }, [each.stderr[-500:] for each in verdicts if not each.passed]


def test_wrong_programs_fail(judge: Judge) -> None:
    changed = {name: RIGHT[name][0].replace(*change) for name, change in WRONG.items()}
    assert all(text != RIGHT[name][0] for name, text in changed.items())

    verdicts = list(judge.run([_program(name, text) for name, text in changed.items()]))

    assert {each.id: each.status for each in verdicts} == dict.fromkeys(WRONG, Status.WRONG_ANSWER)
