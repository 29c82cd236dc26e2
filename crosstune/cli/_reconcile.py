"""`crosstune reconcile`: why two logs of one model on one benchmark differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli._benchmark_settings import BenchmarkSet
from crosstune.cli._log_options import Common, First, Metric, Second, about, read_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crosstune.cli._problems import BenchmarkProblems
    from crosstune.logs import Difference, Find, Paired, Reconciliation

SHOWN = 40
"""Differences in the terminal; --json has all."""


def reconcile(
    before: Annotated[str, typer.Argument(metavar="LOG", help="A log, or a run here.")],
    after: Annotated[str, typer.Argument(metavar="LOG", help="Another log of the same model and benchmark.")],
    *,
    benchmark: Annotated[
        str | None,
        typer.Option("--benchmark", "-b", help="Judge with this benchmark's tests, not with the logs' own."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder with the benchmark's files.")
    ] = None,
    benchmark_set: BenchmarkSet = None,
    language: Annotated[str | None, typer.Option("--language", help="The benchmark's language.")] = None,
    task: Annotated[str | None, typer.Option("--task", help="The benchmark's task.")] = None,
    first: First = None,
    second: Second = None,
    metric: Metric = None,
    common: Common = False,
    to: Annotated[
        Path | None, typer.Option("--json", "-o", metavar="FILE", help="Also write everything to this file.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE.html", help="Also write a page with both answers.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs at the same time; 0 means one for each core.")
    ] = 0,
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache", metavar="FILE", help="Keep verdicts in this file: a second run judges nothing."
        ),
    ] = None,
) -> None:
    """List each answer on which two logs differ, and why: prompt, sampling, extraction, time-out or verdict.

    Both answers are extracted and judged here, in the sandbox, by the tests that the logs bring along or by
    those of --benchmark. A log whose verdict is not the one that its answer gets here made the difference.
    Logs are those that `crosstune compare` reads.
    """
    from rich.console import Console

    from crosstune import files, hardware
    from crosstune.cli._measured import Measured
    from crosstune.execution import Judge
    from crosstune.logs import reconcile as find_out

    pairs = read_pairs(before, after, first, second, common=common)
    find = _finder(pairs, _benchmark_of(benchmark, data, benchmark_set or (), language, task), language, task)
    with Judge(workers or hardware.cores(), cache=cache) as judge, Measured("judging", "answers") as progress:
        results = [find_out(pair, find, judge.run, metric=metric, progress=progress) for pair in pairs]
    if to:
        files.write_json(to, {"reconciliations": [_json(each) for each in results]})
    if page:
        from crosstune.logs import page_of

        files.write_text(page, page_of(results))
    console = Console()
    for result in results:
        _print(console, result)
    if text := about(pairs, metric):
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _benchmark_of(
    name: str | None, data: Path | None, changes: Sequence[str], language: str | None, task: str | None
) -> BenchmarkProblems | None:
    """The benchmark whose tests judge; None: the logs' own do.

    Raises:
        UsageError: an option needs ``--benchmark``, or the benchmark needs another one.
    """
    from crosstune.cli._problems import BenchmarkProblems
    from crosstune.errors import UsageError

    if name is not None:
        return BenchmarkProblems(name, data, changes=changes)
    given = {"--data": data, "--benchmark-set": changes, "--language": language, "--task": task}
    if unused := [option for option, value in given.items() if value]:
        raise UsageError(f"{unused[0]} belongs to --benchmark")
    return None


def _finder(
    pairs: list[Paired], problems: BenchmarkProblems | None, language: str | None, task: str | None
) -> Find | None:
    """How the problem of a sample is found: in the benchmark; None: by the logs' own tests.

    Raises:
        UsageError: the benchmark needs another option.
        DataError: the benchmark does not have a problem of the log.
    """
    from crosstune.cli._problems import UnknownProblem
    from crosstune.errors import UsageError
    from crosstune.logs import problem_finder

    if problems is None:
        return None
    known = problems.benchmark
    log = pairs[0].logs[0]
    language = language or (log.language if log.language in known.languages else None)
    language = language or (known.languages[0] if len(known.languages) == 1 else None)
    task = task or (log.task if log.task in known.tasks else known.tasks[0])
    if language is None:
        raise UsageError(f"{known.name} has {', '.join(known.languages)}: choose with --language")
    try:
        return problem_finder(known, problems.all(language, task), log)
    except UnknownProblem as error:
        raise UsageError(str(error)) from None


def _print(console: Any, result: Reconciliation) -> None:
    from rich.text import Text

    from crosstune.tables import PROSE, TEXT, listed, print_table

    total = len(result.differences)
    console.print(Text(result.pair.name, style="bold"))
    for side, log in enumerate(result.pair.logs):
        console.print(
            f"  {('first', 'second')[side]}: {log.format}, {log.path}", markup=False, highlight=False
        )
    if total:
        rows = [
            (each.name, each.sample, *map(_value, each.sides), str(each.reasons[0].cause), _sentence(each))
            for each in result.differences[:SHOWN]
        ]
        columns = [
            ("problem", TEXT),
            ("sample", TEXT),
            ("first", TEXT),
            ("second", TEXT),
            ("cause", TEXT),
            ("why", PROSE),
        ]
        print_table(listed(columns, rows), console)
    if total > SHOWN:
        console.print(f"and {total - SHOWN} more: --json and --page have all")
    causes = ", ".join(f"{cause} {count}" for cause, count in result.causes.most_common())
    console.print(
        f"{total} of {result.compared} answers differ{f': {causes}' if causes else ''}.", highlight=False
    )
    if result.unpaired:
        console.print(
            f"{result.unpaired} answers are not paired: their problems have fewer in the other log."
        )
    for message, count in result.not_judged.items():
        console.print(f"{count} programs could not be judged here: {message}", markup=False)


def _value(side: Any) -> str:
    return "none" if side.value is None else f"{side.value:.3g}"


def _sentence(one: Difference) -> str:
    return "; ".join(each.text for each in one.reasons)


def _json(result: Reconciliation) -> dict[str, Any]:
    return {
        "name": result.pair.name,
        "logs": [
            {"format": log.format, "path": log.path, "model": log.model, "metric": metric}
            for log, metric in zip(result.pair.logs, result.metrics, strict=True)
        ],
        "compared": result.compared,
        "unpaired": result.unpaired,
        "only": [list(each) for each in result.pair.only],
        "causes": dict(result.causes),
        "not_judged": dict(result.not_judged),
        "differences": [_difference(each, result) for each in result.differences],
    }


def _difference(one: Difference, result: Reconciliation) -> dict[str, Any]:
    from crosstune.logs import code_of

    return {
        "problem": one.problem[0],
        "problem_in_second": one.problem[1],
        "sample": one.sample,
        "cause": str(one.reasons[0].cause),
        "reasons": [
            {
                "cause": str(each.cause),
                "log": None if each.side is None else ("first", "second")[each.side],
                "text": each.text,
            }
            for each in one.reasons
        ],
        "logs": [
            {
                "value": side.value,
                "outcome": str(side.sample.outcome),
                "message": side.sample.message,
                "where": side.sample.where,
                "prompt": side.sample.prompt,
                "answer": side.sample.answer,
                "code": code_of(side.sample, metric),
                "finish_reason": side.sample.finish_reason,
                "settings": dict(side.sample.settings),
                "code_here": _verdict(side.code),
                "answer_here": _verdict(side.answer),
            }
            for side, metric in zip(one.sides, result.metrics, strict=True)
        ],
    }


def _verdict(verdict: Any) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "status": str(verdict.status),
        "cpu_seconds": verdict.cpu_seconds,
        "wall_seconds": verdict.wall_seconds,
        "stderr": verdict.stderr,
    }
