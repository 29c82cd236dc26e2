"""What Java's tests see of objects and values that a candidate's process has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.languages.java._apart import why_shared
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
    'of(1).toString().equals("n1") && of(1).equals(of(1)) && !of(1).equals(of(2)) '
    '&& ("" + of(2)).equals("n2") && new HashSet<>(List.of(of(3))).contains(of(3)) '
    '&& of(7).hashCode() == 7 && !of(1).equals("n1")'
)

_TWO = """class Node { %s
    Node(List<Node> given) { %s }
    Leaf leaf(int n) { %s }
    List<Leaf> leaves() { %s }
}
class Leaf { %s Leaf(int n) { %s } int n() { %s } }"""

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
    "objects of two classes": (
        _TWO
        % (
            "private final List<Leaf> all = new ArrayList<>();",
            "given.add(this);",
            "all.add(new Leaf(n)); return all.get(0);",
            "return all;",
            "final int n;",
            "this.n = n;",
            "return n;",
        ),
        "a.leaf(3).n() == 3 && a.leaves().get(0) == a.leaf(4) && new Leaf(5).n() == 5 && list.get(0) == a",
        _TWO % ("", "", "return null;", "return null;", "", "", "return 0;"),
        "Node,Leaf",
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
    "objects of two classes": ("return all.get(0);", "return new Leaf(n);"),
    "the same object": ("return this;", "return new Node();"),
    "a method of an enumeration": ("this == LEFT", "this != LEFT"),
}


def _program(name: str, candidate: str) -> Program:
    _, checks, declaration, entry_point, _ = RIGHT[name]
    made = {
        "Node": "Node a = new Node(), b = new Node();",
        "Node,Leaf": "List<Node> list = new ArrayList<>(); Node a = new Node(list);",
    }.get(entry_point, "")
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
        entry_points=tuple(entry_point.split(",")),
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


_STORE = """class Store {
    Store(List<Integer> first) {}
    void add(int x) {}
    void set(List<Integer> all) {}
    List<Integer> all() { return null; }
    int size() { return 0; }
    static int[][] grid(int n) { return null; }
    static int[] copy(int[] from) { return null; }
}"""
_MADE = "Store s = new Store(x); "
# Statements of the tests, where `x` and `y` are empty lists and `a` is an array, and whether they change what
# is the candidate's.
CHANGES = {
    "int[][] g = Store.grid(2); g[0][0] = 1; check(g[1][0] == 0);": True,
    "int[][] g = Store.grid(2); for (int[] row : g) row[0]++; check(g[1][0] == 1);": True,
    "Store.copy(a)[0] = 5; check(a[0] == 1);": True,
    "int[] b = Store.copy(a); a[0] = 5; check(b[0] == 1);": True,
    "int[] b = Store.copy(a); Arrays.sort(b); check(a[0] == 1);": True,
    "change(Store.copy(a)); check(a[0] == 1);": True,
    "made()[0] = 5; check(made()[0] == 1);": True,
    _MADE + "s.all().add(7); check(s.size() == 0);": True,
    _MADE + "var l = s.all(); l.clear(); check(s.size() == 0);": True,
    _MADE + "((List<Integer>) s.all()).remove(0); check(s.size() == 0);": True,
    _MADE + "s.all().iterator().remove(); check(s.size() == 0);": True,
    _MADE + "x.add(1); check(s.size() == 0);": True,
    _MADE + "List<Integer> l = s.all(); s.add(1); check(l.isEmpty());": True,
    _MADE + "List<Integer> l = s.all(); s.set(y); y.add(1); check(s.size() == 0);": True,
    _MADE
    + "List<Integer> l = s.all(); check(l.isEmpty()); s.add(1); l = s.all(); check(l.size() == 1);": False,
    _MADE + "s.add(1); check(s.size() == 1);": False,
    _MADE + "List<Integer> l = new ArrayList<>(s.all()); Collections.sort(l); l.add(1);": False,
    _MADE + "y.add(s.size()); y.addAll(s.all()); check(y.size() == 1);": False,
    "x.add(1); x.clear(); a[0] = 2; check(new Store(x).size() == 0);": False,
    "int[] b = Store.copy(a); check(b[0] == 1); a[0] = 5; b = Store.copy(a); check(b[0] == 5);": False,
    "int[] b = Store.copy(a).clone(); b[0] = 2; change(a); check(a[0] == 2);": False,
    "int t = 0; for (int each : Store.copy(a)) t += each; int[] b = {t}; b[0] += 1; check(b[0] == 2);": False,
}


@pytest.mark.parametrize("statements", CHANGES)
def test_tests_that_change_a_result_share_a_process(statements: str) -> None:
    tests = (
        "class Main { static void check(boolean b) { if (!b) throw new AssertionError(); }\n"
        "static void change(int[] it) { it[0] = 2; }\n"
        "static int[] made() { return Store.copy(new int[] {1}); }\n"
        "public static void main(String[] args) {\n"
        f"List<Integer> x = new ArrayList<>(), y = new ArrayList<>(); int[] a = {{1}}; {statements} }} }}"
    )
    program = Program("p", "java", "", tests, declaration=_IMPORTS + _STORE, entry_points=("Store",))

    assert ("the tests change" in why_shared(program)) == CHANGES[statements], why_shared(program)
