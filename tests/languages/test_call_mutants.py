"""Cases that call a function find the same mutants as a program that the language's own commands run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.plain_tools import SCRIPTS, WAYS
from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

CASES: tuple[tuple[list[object], dict[str, float]], ...] = (
    ([[], 0], {}),
    ([["a", "bb", "odd", "bb", "bbb"], 2], {"odd": 1 / 3, "bbb": 0.2}),
    ([["bb", "odd", "bb"], 2], {"bb": 1 + 1 / 3, "odd": 0.5}),
    ([["日本 😀", "", ""], 0], {"日本 😀": 1.0, "": 1 / 3}),
)
"""The values that the programs below expect, too."""
SAME = (("== 0", "<= 0"),)
"""A remainder is never negative here."""
CHANGES = (
    *((">= limit", "> limit"), (">= limit", "== limit"), (">= limit", "< limit"), ("&&", "||"), ("||", "&&")),
    *(
        ("== 0", "!= 0"),
        ("== 0", "> 0"),
        ('== "odd"', '!= "odd"'),
        ("at + 1", "at - 1"),
        ("at + 1", "at * 1"),
    ),
    *((") + 1.0", ") - 1.0"), (") + 1.0", ") * 1.0"), ("1.0 / ", "1.0 * "), ('"odd"', '"even"')),
    *SAME,
)
"""Each exchanges one operator or constant."""
REMAINDERS = (("% 2", "* 2"), ("% 2", "- 2"))


@dataclass(frozen=True)
class Sample:
    """``program`` prints the number of each function that raises or gives other values than `CASES`.

    FUNCTIONS are the right ``function`` and its mutants, in ``program`` and in the ``candidate`` that is
    called; CHECKS is ``check`` for each. ``name`` is that of the function, to which a number is added.
    """

    name: str
    function: str
    candidate: str
    program: str
    check: str
    remainders: Sequence[tuple[str, str]] = REMAINDERS

    def mutants(self) -> dict[tuple[str, str], str]:
        changes = [*CHANGES, *self.remainders]
        assert all(self.function.count(old) == 1 for old, _ in changes), changes
        return {change: self.function.replace(*change) for change in changes}

    def numbered(self, functions: Sequence[str]) -> list[str]:
        """The functions, each with its number in its name."""
        old = f" {self.name}("
        return [text.replace(old, f" {self.name}{at}(", 1) for at, text in enumerate(functions)]

    def plain(self, functions: Sequence[str]) -> str:
        checks = [self.check.replace("NUMBER", str(at)) for at in range(len(functions))]
        return self.program.replace("FUNCTIONS", "\n".join(functions)).replace("CHECKS", "\n".join(checks))

    def called(self, language: str, functions: Sequence[str]) -> Program:
        code = self.candidate.replace("FUNCTIONS", "\n".join(functions))
        cases = tuple(
            CallCase(f"{self.name}{at}", arguments, result)
            for at in range(len(functions))
            for arguments, result in CASES
        )
        return Program("mutants", language, code, cases=cases, declaration=code)


CSHARP = Sample(
    name="Find",
    function="""\
    public static Dictionary<string, double> Find(List<string> words, int limit) {
        var found = new Dictionary<string, double>();
        for (int at = 0; at < words.Count; at++) {
            var word = words[at];
            if (word.Length >= limit && at % 2 == 0 || word == "odd")
                found[word] = (found.ContainsKey(word) ? found[word] : 0.0) + 1.0 / (at + 1);
        }
        return found;
    }
""",
    candidate="using System;\nusing System.Collections.Generic;\nclass Solution {\nFUNCTIONS}\n",
    program="""\
using System;
using System.Collections.Generic;
using System.Linq;
using Counts = System.Collections.Generic.Dictionary<string, double>;
class Solution {
FUNCTIONS
    static bool Same(Counts one, Counts other) {
        return one.Count == other.Count
            && other.All(each => one.ContainsKey(each.Key) && one[each.Key] == each.Value);
    }
    static void Check(int number, Func<List<string>, int, Counts> find) {
        try {
            if (Same(find(new List<string>(), 0), new Counts())
                && Same(find(new List<string> { "a", "bb", "odd", "bb", "bbb" }, 2),
                        new Counts { { "odd", 1.0 / 3 }, { "bbb", 0.2 } })
                && Same(find(new List<string> { "bb", "odd", "bb" }, 2),
                        new Counts { { "bb", 1 + 1.0 / 3 }, { "odd", 0.5 } })
                && Same(find(new List<string> { "日本 😀", "", "" }, 0),
                        new Counts { { "日本 😀", 1.0 }, { "", 1.0 / 3 } }))
                return;
        } catch (Exception) { }
        Console.WriteLine(number);
    }
    static void Main() {
CHECKS
    }
}
""",
    check="        Check(NUMBER, FindNUMBER);",
)
KOTLIN = Sample(
    name="find",
    function="""\
fun find(words: List<String>, limit: Int): Map<String, Double> {
    val found = HashMap<String, Double>()
    for ((at, word) in words.withIndex()) {
        if (word.length >= limit && at % 2 == 0 || word == "odd")
            found[word] = (found[word] ?: 0.0) + 1.0 / (at + 1)
    }
    return found
}
""",
    candidate="FUNCTIONS",
    program="""\
FUNCTIONS
fun check(number: Int, find: (List<String>, Int) -> Map<String, Double>) {
    try {
        if (find(listOf(), 0) == mapOf<String, Double>()
            && find(listOf("a", "bb", "odd", "bb", "bbb"), 2) == mapOf("odd" to 1.0 / 3, "bbb" to 0.2)
            && find(listOf("bb", "odd", "bb"), 2) == mapOf("bb" to 1 + 1.0 / 3, "odd" to 0.5)
            && find(listOf("日本 😀", "", ""), 0) == mapOf("日本 😀" to 1.0, "" to 1.0 / 3))
            return
    } catch (problem: Exception) { }
    println(number)
}
fun main() {
CHECKS
}
""",
    check="    check(NUMBER, ::findNUMBER)",
)
SCALA = Sample(
    name="find",
    function="""\
  def find(words: List[String], limit: Int): Map[String, Double] =
    words.zipWithIndex.foldLeft(Map[String, Double]()) { case (found, (word, at)) =>
      if (word.length >= limit && at % 2 == 0 || word == "odd")
        found + (word -> (found.getOrElse(word, 0.0) + 1.0 / (at + 1)))
      else found
    }
""",
    candidate="object Solution {\nFUNCTIONS}\n",
    program="""\
object Main {
FUNCTIONS
  def check(number: Int, find: (List[String], Int) => Map[String, Double]): Unit = {
    val same =
      try {
        find(List(), 0) == Map() &&
        find(List("a", "bb", "odd", "bb", "bbb"), 2) == Map("odd" -> 1.0 / 3, "bbb" -> 0.2) &&
        find(List("bb", "odd", "bb"), 2) == Map("bb" -> (1 + 1.0 / 3), "odd" -> 0.5) &&
        find(List("日本 😀", "", ""), 0) == Map("日本 😀" -> 1.0, "" -> 1.0 / 3)
      } catch { case problem: Exception => false }
    if (!same) println(number)
  }
  def main(words: Array[String]): Unit = {
CHECKS
  }
}
""",
    check="    check(NUMBER, findNUMBER _)",
)
ELIXIR = Sample(
    name="find",
    function="""\
  def find(words, limit) do
    Enum.reduce(Enum.with_index(words), %{}, fn {word, at}, found ->
      if String.length(word) >= limit && rem(at, 2) == 0 || word == "odd" do
        Map.put(found, word, Map.get(found, word, 0.0) + 1.0 / (at + 1))
      else
        found
      end
    end)
  end
""",
    candidate="defmodule Solution do\nFUNCTIONSend\n",
    program="""\
defmodule Solution do
FUNCTIONS
end

check = fn number, find ->
  same =
    try do
      find.([], 0) == %{} and
        find.(["a", "bb", "odd", "bb", "bbb"], 2) == %{"odd" => 1 / 3, "bbb" => 0.2} and
        find.(["bb", "odd", "bb"], 2) == %{"bb" => 1 + 1 / 3, "odd" => 0.5} and
        find.(["日本 😀", "", ""], 0) == %{"日本 😀" => 1.0, "" => 1 / 3}
    rescue
      _ -> false
    end

  unless same, do: IO.puts(number)
end

CHECKS
""",
    check="check.(NUMBER, &Solution.findNUMBER/2)",
    remainders=(("rem(at", "div(at"), ("rem(at", "max(at")),
)
SAMPLES = {"csharp": CSHARP, "kotlin": KOTLIN, "scala": SCALA, "elixir": ELIXIR}


def printed_plainly(language: str, text: str, folder: Path) -> str:
    """What the program prints when the language's own commands build and run it."""
    printed = [""]

    def do(folder: Path, *words: str) -> bool:
        environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        printed[:] = [done.stdout]
        assert done.returncode == 0, done.stderr
        return True

    if language in WAYS:
        WAYS[language](text, folder, do)
    else:
        extension, command = SCRIPTS[language]
        (folder / f"program{extension}").write_text(text)
        do(folder, *command, f"program{extension}")
    return printed[0]


@pytest.mark.slow
@pytest.mark.parametrize("language", SAMPLES)
def test_calls_find_the_mutants_that_the_plain_command_finds(language: str, tmp_path: Path) -> None:
    skip_without_tools(language)
    sample = SAMPLES[language]
    mutants = sample.mutants()
    functions = sample.numbered([sample.function, *mutants.values()])
    wrong_plainly = set(map(int, printed_plainly(language, sample.plain(functions), tmp_path).split()))
    wrong_by_calls = numbers_of_wrong(sample.called(language, functions))
    assert 0 not in wrong_by_calls
    assert wrong_by_calls == wrong_plainly
    survivors = [mutant for number, mutant in enumerate(mutants, 1) if number not in wrong_by_calls]
    assert survivors == list(SAME)


def numbers_of_wrong(program: Program) -> set[int]:
    """The functions of which a case fails."""
    with Judge(workers=1) as judge:
        (verdict,) = judge.run([program])
    assert len(verdict.cases) == len(program.cases), verdict
    return {at // len(CASES) for at, found in enumerate(verdict.cases) if found.status is not Status.PASSED}
