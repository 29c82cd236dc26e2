"""`crosstune extract`: an answer in, the candidate that it means out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosstune.cli._benchmark_settings import BenchmarkSet

if TYPE_CHECKING:
    from crosstune.cli._problems import BenchmarkProblems
    from crosstune.languages import Language
    from crosstune.records import Problem


def extract(
    answer: Annotated[
        str, typer.Argument(metavar="ANSWER", help="The file with the model's answer; - reads the input.")
    ],
    *,
    language: Annotated[str, typer.Option("--language", help="The language of the candidate.")],
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", help="The benchmark that was asked.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder with the benchmark's files.")
    ] = None,
    benchmark_set: BenchmarkSet = None,
    problem: Annotated[
        str | None, typer.Option("--problem", metavar="ID", help="The benchmark's problem.")
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", help="The benchmark's task; default: its first.")
    ] = None,
    entry_point: Annotated[
        str | None, typer.Option("--entry-point", help="Without a benchmark: the function to write.")
    ] = None,
    declaration: Annotated[
        Path | None,
        typer.Option(
            "--declaration", metavar="FILE", help="Without one: the code that the answer continues."
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what was taken from where, and what was left out.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the candidate, how it was found, and where its lines are from."),
    ] = False,
) -> None:
    """Print the candidate: the program that a model's answer means, as it is judged.

    It is found for a problem of a benchmark (--benchmark, --problem), or for any function (--entry-point,
    --declaration). An answer without code gives a candidate that does not run, never an error.
    """
    import json

    from crosstune import extraction, scoring
    from crosstune.cli._problems import BenchmarkProblems
    from crosstune.errors import UsageError
    from crosstune.languages import LANGUAGES

    if explain and as_json:
        raise UsageError("expected either --explain or --json")
    target = LANGUAGES.load(language)
    if benchmark is None:
        belonging = {"--problem": problem, "--data": data, "--benchmark-set": benchmark_set, "--task": task}
        _refuse("needs --benchmark", belonging)
        asked = _own_problem(target, entry_point, declaration)
        result = extraction.extract(target, asked, _read(answer))
    else:
        given = {"--entry-point": entry_point, "--declaration": declaration}
        _refuse("is given by the benchmark's problem", given)
        problems = BenchmarkProblems(benchmark, data, changes=benchmark_set or ())
        chosen, found = problems.benchmark, _benchmark_problem(problems, language, task, problem)
        asked = chosen.last_question(found)
        result = scoring.extracted(chosen, found, _read(answer))
    if as_json:
        shown = {"candidate": result.candidate, "how": result.how}
        lines = {"origins": result.origins, "left_out": result.left_out}
        typer.echo(json.dumps({**shown, **lines}, ensure_ascii=False))
    elif explain:
        from crosstune.cli._explain_extraction import print_explanation

        print_explanation(asked, result.answer, result)
    else:
        typer.echo(result.candidate, nl=False)


def _refuse(why: str, given: Mapping[str, object]) -> None:
    from crosstune.errors import UsageError

    for option, value in given.items():
        if value is not None:
            raise UsageError(f"{option} {why}")


def _benchmark_problem(
    problems: BenchmarkProblems, language: str, task: str | None, name: str | None
) -> Problem:
    """The benchmark's problem of this id."""
    from crosstune.cli._problems import UnknownProblem
    from crosstune.errors import UsageError

    if name is None:
        raise UsageError("--benchmark needs --problem, the id of one of its problems")
    try:
        return problems.find(language, task or problems.benchmark.tasks[0], name)
    except UnknownProblem as error:
        raise UsageError(str(error)) from None


def _own_problem(language: Language, entry_point: str | None, declaration: Path | None) -> Problem:
    from crosstune.records import Problem

    return Problem(
        id="",
        benchmark="",
        task="",
        language=language.name,
        instruction="",
        declaration=_read(str(declaration)) if declaration else "",
        entry_point=entry_point or "",
        tests="",
    )


def _read(name: str) -> str:
    """
    Raises:
        DataError: the file is not text in UTF-8.
    """
    import sys

    from crosstune.errors import DataError

    content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: not text in UTF-8 ({error})") from None
