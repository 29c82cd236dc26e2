"""The programs that are judged: HumanEvalPack's own solutions, or McEval's (in the folder beside).

Languages that these benchmarks lack have programs of our own (in the folder `own`); TypeScript has
JavaScript's.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crosstune.benchmarks import BENCHMARKS
from crosstune.languages import LANGUAGES
from crosstune.records import Program

_C_INCLUDES = "".join(
    f"#include <{name}.h>\n" for name in ("assert", "ctype", "math", "stdbool", "stdio", "stdlib", "string")
)
# Functions and, after a line of dashes, their tests; an empty line ends each program.
_OWN = Path(__file__).with_name("own")


def programs(language: str, data: Path) -> list[Program]:
    """All programs of a language; TypeScript takes JavaScript's, some of which may not type-check."""
    own = _OWN / f"{language}.txt"
    if own.exists():
        texts = own.read_text("utf-8").strip().split("\n\n")
        return [_own_program(language, number, text) for number, text in enumerate(texts)]
    benchmark = BENCHMARKS.load("humanevalpack")
    if language not in (*benchmark.languages, "typescript"):
        return _from_mceval(language, data.parent / "mceval")
    source = "javascript" if language == "typescript" else language
    settings = benchmark.settings.model_validate({"data": str(data)}, context={"base": Path.cwd()})
    rows = benchmark.problems(settings, source, benchmark.tasks[0])
    solutions = [benchmark.program(row, row.canonical) for row in rows if not row.defect]
    return [replace(program, language=language, limits=None) for program in solutions]


def _from_mceval(language: str, data: Path) -> list[Program]:
    benchmark = BENCHMARKS.load("mceval")
    settings = benchmark.settings.model_validate({"data": str(data)}, context={"base": Path.cwd()})
    rows = benchmark.problems(settings, language, benchmark.tasks[0])
    return [benchmark.program(row, row.canonical) for row in rows if not row.defect]


def _own_program(language: str, number: int, text: str) -> Program:
    code, _, tests = text.partition("\n---\n")
    return Program(f"{language}/{number}", language, code, tests, _C_INCLUDES if language == "c" else "")


def spread(programs: list[Program], count: int) -> list[Program]:
    """``count`` of the programs, evenly spread; 0: all."""
    if not count or count >= len(programs):
        return programs
    return [programs[number * len(programs) // count] for number in range(count)]


def again(program: Program, number: int) -> Program:
    """The same program with a different text, so that no cache has its verdict."""
    comment = LANGUAGES.load(program.language).comment(str(number))
    return replace(program, candidate=f"{program.candidate}\n{comment}")
