"""Cases that call methods in C#, by the types that are declared."""

from __future__ import annotations

import math

import pytest

from crosstune.errors import DataError
from crosstune.languages.csharp._calls import plan
from crosstune.records import CallCase, Limits, Program, Status
from tests.languages.called import unlike, verdict

DECLARATION = """using System;
using System.Collections.Generic;
using System.Numerics;

public class Solution
{
    public static int Whole(int x) { return x; }
    public static long Long(long x) { return x; }
    public static ulong Unsigned(ulong x) { return x; }
    public static BigInteger Big(BigInteger x) { return x; }
    public static double Number(double x) { return x; }
    public static decimal Money(decimal x) { return x; }
    public static string Text(string x) { return x; }
    public static char Character(char x) { return x; }
    public static bool Truth(bool x) { return x; }
    public static int? Maybe(int? x) { return x; }
    public static object Any(object x) { return x; }
    public static List<List<int>> Lists(List<List<int>> x) { return x; }
    public static double[][] Arrays(double[][] x) { return x; }
    public static IEnumerable<string> Words(IEnumerable<string> x) { foreach (var w in x) yield return w; }
    public static HashSet<string> Set(ISet<string> x) { return new HashSet<string>(x); }
    public static Dictionary<string, List<int>> Map(Dictionary<string, List<int>> x) { return x; }
    public static SortedDictionary<int, bool> Sorted(SortedDictionary<int, bool> x) { return x; }
    public static (int, (string, double?)) Pair((int, (string, double?)) x) { return x; }
    public static Tuple<int, string> OldPair(Tuple<int, string> x) { return x; }
    public static KeyValuePair<string, int> Entry(KeyValuePair<string, int> x) { return x; }
    public static Queue<int> Queued(Queue<int> x) { return x; }
    public static void Fill(int[] xs, List<int> ys, int x)
    {
        for (int i = 0; i < xs.Length; i++) xs[i] = x;
        ys.Add(x);
    }
    public static bool Swap(ref int a, ref string b) { a++; b += "!"; return true; }
    public static int Fails(int x) { if (x == 0) throw new ArgumentNullException("x"); return 1 / (x - 1); }
    public static int OwnError(int x) { throw new Own(); }
    public static object Odd(int x)
    {
        if (x == 0) return new Own();
        var inside = new List<object>();
        inside.Add(inside);
        if (x == 1) return inside;
        if (x == 2) return new string('x', 20000000);
        return Endless();
    }
    static IEnumerable<int> Endless() { for (int i = 0; ; i++) yield return i; }
    public static bool Shout(int x) { Console.WriteLine("hello"); return true; }
    class Own : FormatException { public override string Message { get { throw new Exception(); } } }
}

public class Counter
{
    int at = 1;
    public int Next(int by) { at += by; return at; }
}
"""
VALUES: list[tuple[str, list[object]]] = [
    ("Whole", [0, -5, 2**31 - 1, -(2**31)]),
    ("Long", [2**63 - 1, -(2**63)]),
    ("Unsigned", [0, 2**64 - 1]),
    ("Big", [0, 2**63, -(2**200), 2**2000 + 1]),
    ("Number", [0.1, -0.0, 5e-324, math.inf, -math.inf, math.nan]),
    ("Text", ["", "a\0b", "日本 😀", "\ud800", "\udfff\ud800", None, '"\\\n']),
    ("Character", ["a", "é", "\uffff"]),
    ("Truth", [True, False]),
    ("Maybe", [None, 3]),
    ("Any", [None, 3, 2**40, 2.5, "a", True, [], [1, "a", [None]], {"a": {"b": []}}]),
    ("Lists", [[], [[], [1, 2]], None]),
    ("Arrays", [[], [[], [1.5, math.inf]]]),
    ("Words", [[], ["a", ""]]),
    ("Set", [set(), {"a", "b"}]),
    ("Map", [{}, {"a": [], "b": [1]}]),
    ("Sorted", [{2: True, 1: False}]),
    ("Pair", [(1, ("a", None)), (1, ("a", -0.0))]),
    ("OldPair", [(1, "a")]),
    ("Entry", [("a", 1)]),
    ("Queued", [[1, 2]]),
]
RIGHT = [
    *(CallCase(name, [value], value) for name, values in VALUES for value in values),
    CallCase("Money", [1.5], 1.5),
    CallCase("Fill", [[1, 2], [], 7], None, changed=[[7, 7], [7], 7]),
    CallCase("Swap", [1, "a"], True, changed=[2, "a!"]),
    CallCase("Solution.Whole", [3], 3),
    CallCase("Counter().Next", [3], 4),
    CallCase("Fails", [0], error="ArgumentException"),
    CallCase("Fails", [1], error="DivideByZeroException"),
    CallCase("OwnError", [1], error="FormatException"),
    CallCase("Shout", [1], True),
]
WRONG = [
    *(CallCase("Whole", [1], other) for other in (2, 1.5, "1", None, [1])),
    *(CallCase("Text", [given], other) for given, other in (("a", "b"), (None, ""), ("", None), ("1", 1))),
    CallCase("Number", [0.1], math.nextafter(0.1, 1)),
    CallCase("Big", [2**64], 2**64 + 1),
    CallCase("Lists", [[[1], []]], [[1]]),
    CallCase("Lists", [[]], None),
    CallCase("Map", [{"a": [1]}], {"a": [2]}),
    CallCase("Set", [{"a"}], {"b"}),
    CallCase("Pair", [(1, ("a", None))], (1, ("a", 0.0))),
    CallCase("Fill", [[1, 2], [], 7], None, changed=[[7, 8], [7], 7]),
    CallCase("Fails", [0], error="FormatException"),
    CallCase("Odd", [0], {}),
    CallCase("Odd", [1], [[]]),
    CallCase("Odd", [3], []),
]


def test_values_go_there_and_back() -> None:
    found = verdict("csharp", DECLARATION, DECLARATION, RIGHT)
    assert unlike(found, RIGHT, Status.PASSED) == []


def test_other_values_are_wrong() -> None:
    found = verdict("csharp", DECLARATION, DECLARATION, WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


def test_floats_keep_their_bits() -> None:
    declaration = "public class Solution { public static float F(float x) { return x; } }"
    cases = [CallCase("F", [0.5], 0.5), CallCase("F", [0.1], 0.10000000149011612), CallCase("F", [0.1], 0.1)]
    found = verdict("csharp", declaration, declaration, cases)
    assert [each.status for each in found.cases] == [Status.PASSED, Status.PASSED, Status.WRONG_ANSWER]


def test_large_results_and_endings() -> None:
    found = verdict("csharp", DECLARATION, DECLARATION, [CallCase("Odd", [2], "x")])
    assert found.status is Status.OUTPUT_LIMIT
    leaves = DECLARATION.replace("{ return x; }", "{ Environment.Exit(0); return x; }")
    assert verdict("csharp", leaves, DECLARATION, [CallCase("Whole", [1], 1)]).status is Status.INCOMPLETE
    endless = DECLARATION.replace("{ return x; }", "{ while (true) x++; }", 1)
    limits = Limits(
        cpu_seconds=2,
        wall_seconds=60,
        memory_bytes=512 << 20,
        processes=128,
        file_bytes=1 << 20,
        output_bytes=1 << 20,
        disk_bytes=1 << 24,
    )
    found = verdict("csharp", endless, DECLARATION, [CallCase("Whole", [1], 1)], limits=limits)
    assert found.status is Status.TIMEOUT


def test_a_candidate_with_other_types_does_not_compile() -> None:
    other = DECLARATION.replace("int Whole(int x)", "string Whole(int x)").replace("return x", 'return ""', 1)
    found = verdict("csharp", other, DECLARATION, [CallCase("Whole", [1], 1)])
    assert found.status is Status.COMPILE_ERROR


@pytest.mark.parametrize(
    ("declaration", "call", "message"),
    [
        ("class S { public static int F(Func<int> x) {", "F", "type Func<int> cannot be given"),
        ("class S { public static int F(out int x) {", "F", "is a result"),
        ("class S { public static int F(int[,] x) {", "F", r"type int\[,\] cannot be given"),
        ("class S { public static int G(int x) { return F(x); }", "F", "F, which is not declared"),
        ("class S { public static int F(int x) {", "T.F", "F is declared in S"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(declaration: str, call: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        plan(Program("p", "csharp", "", declaration=declaration), (call,))
