"""No answer makes extraction slow: its parsing stops after a fixed amount of work."""

import pytest

from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.parsing import MOST_BYTES, CodeParser
from crosstune.records import Problem

HEADERS = {
    "python": "def f(x):\n",
    "javascript": "const f = (x) => {\n",
    "typescript": "const f = (x: number): number => {\n",
    "java": "class Solution {\n    public int f(int x) {\n",
    "go": "func f(x int) int {\n",
    "c": "int f(int x) {\n",
    "cpp": "int f(int x) {\n",
    "rust": "fn f(x: i32) -> i32 {\n",
    "elixir": "defmodule F do\n  def f(x) do\n",
}
UNITS = (
    "{",
    "(",
    "f(",
    "[",
    '"',
    "`",
    "a<",
    "a*&",
    "'a ",
    "```\n",
    "> ",
    "<think>",
    "</think>",
    "<<<<<<< SEARCH\n",
    "*** Begin Patch\n",
    "{\n",
    "def f(x) do\n",
    "end\n",
    "defmodule F do\nend\n",
    '[{"f":\n',
    "cat > f <<A\n",
    "\\begin{minted}{c}\n",
)


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("unit", UNITS)
def test_hostile_repetition_ends(name: str, unit: str) -> None:
    asked = Problem(
        id="1",
        benchmark="none",
        task="synthesize",
        language=name,
        instruction="",
        declaration=HEADERS[name],
        entry_point="f",
        tests="",
        buggy=HEADERS[name],
    )
    language = LANGUAGES.load(name)
    text = unit * (20_000 // len(unit))
    for answer in (text, f"```{language.fences[0]}\n{text}\n```\n"):
        assert extract(language, asked, answer).candidate


def test_parsing_stops_when_the_time_of_an_answer_is_spent() -> None:
    parser = CodeParser("python", cpu_seconds=0.0)
    assert parser.parse("x = 1") is None
    assert CodeParser("python").parse("x" * (MOST_BYTES + 1)) is None
    assert CodeParser("java").parse("a<" * 500) is None
    assert CodeParser("java").parse("boolean b = 1 < 2;" * 500) is not None
