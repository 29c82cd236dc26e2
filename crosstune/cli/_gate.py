"""`crosstune gate`: judge a benchmark's own solutions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosstune.cli._benchmark_settings import BenchmarkSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crosstune.scoring import Gate, GateTask

Languages = Annotated[
    str | None, typer.Option("--languages", help="Separated by commas; default: all of the benchmark's.")
]
Workers = Annotated[
    int, typer.Option("--workers", min=0, help="Programs to judge at the same time; 0: one per core.")
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", metavar="FILE", help="Store verdicts in this file: a stopped gate continues."),
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures to this file.")
]


def gate(
    benchmark: Annotated[
        str, typer.Argument(metavar="BENCHMARK", help="Its name (`crosstune benchmarks list`), or a form.")
    ],
    *,
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder with the benchmark's files.")
    ] = None,
    task: Annotated[
        str, typer.Option("--task", help="Whose solutions to judge; default: the benchmark's first.")
    ] = "",
    languages: Languages = None,
    workers: Workers = 0,
    isolation: Annotated[
        str | None,
        typer.Option(
            "--isolation",
            help="auto (the default), separate or shared: whether tests and candidate have processes of "
            "their own. If given, also list the problems that share one, with the reasons.",
        ),
    ] = None,
    solutions: Annotated[
        str | None,
        typer.Option(
            "--solutions",
            metavar="SOURCE",
            help="Where the rows have none: ANSWERS.jsonl (language, problem, answer), or BENCHMARK=DIR, "
            "another benchmark with the same problems.",
        ),
    ] = None,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Leave out rows that make no problem, and list them.")
    ] = False,
    benchmark_set: BenchmarkSet = None,
    cache: Cache = None,
    json_file: JsonFile = None,
) -> None:
    """Judge a benchmark's canonical and buggy solutions: the former must pass, the latter must fail.

    Known defects of the data are counted separately and listed by reason. Exit status 5: the gate failed.
    """
    from crosstune.benchmarks import BENCHMARKS
    from crosstune.cli._benchmark_settings import settings_of
    from crosstune.cli._gate_solutions import with_solutions
    from crosstune.cli._problems import print_left_out
    from crosstune.errors import UsageError
    from crosstune.files import check_target, write_json
    from crosstune.scoring import GateTask

    chosen = BENCHMARKS.load(benchmark)
    settings = settings_of(chosen, data, allow_partial=allow_partial, changes=benchmark_set or ())
    names = named(languages) if languages else list(chosen.languages)
    print_left_out(chosen, settings, names)
    if solutions:
        chosen, names = with_solutions(chosen, settings, names, solutions)
    if json_file:
        check_target(json_file)
    own = GateTask(benchmark=chosen, settings=settings, languages=names, task=task)
    (result,) = judge_with_progress([own], workers, cache, isolation)
    if json_file:
        write_json(json_file, result.rows())
    _print(result)
    _print_defects(own)
    if isolation:
        _print_shared(result)
    result.check()
    if not result.judged:
        raise UsageError(
            f"{chosen.name} has no solutions in {', '.join(names)}, so nothing was judged; --solutions takes "
            "them from elsewhere"
        )


def named(languages: str) -> list[str]:
    """The names in a list with commas, each once."""
    return list(dict.fromkeys(each.strip() for each in languages.split(",")))


def judge_with_progress(
    tasks: Sequence[GateTask], workers: int, cache: Path | None, isolation: str | None = None
) -> list[Gate]:
    """Judge the solutions, and show how many of them are done."""
    from crosstune import hardware, stopping
    from crosstune.cli._isolation import isolation_of
    from crosstune.cli._measured import Measured
    from crosstune.scoring import gates

    kept = f"its verdicts are in {cache}; the same command judges only the other solutions"
    with (
        stopping.keeps(kept if cache else "nothing is kept. With --cache FILE, a stopped gate continues"),
        Measured("judging", "solutions") as progress,
    ):
        return gates(
            tasks,
            workers=workers or hardware.cores(),
            cache=cache,
            progress=progress,
            isolation=isolation_of(isolation),
        )


def _print(result: Gate) -> None:
    from crosstune.tables import NUMBERS, PROSE, TEXT, listed, number, print_table

    columns = [
        ("language", TEXT),
        ("canonical passed", NUMBERS),
        ("buggy passed", NUMBERS),
        ("separate", NUMBERS),
        ("seconds", number(1)),
        ("known defects", PROSE),
        ("unstable", PROSE),
    ]
    rows = [
        (
            language,
            f"{canonical.passed}/{canonical.total}",
            f"{buggy.passed}/{buggy.total}",
            f"{canonical.total - len(result.shared.get(language, {}))}/{canonical.total}",
            canonical.seconds + buggy.seconds,
            _named({*canonical.excused, *buggy.excused}) or "none found",
            _named({*canonical.unstable, *buggy.unstable}) or "none",
        )
        for language, solutions in result.languages.items()
        for canonical, buggy in [(solutions["canonical"], solutions["buggy"])]
    ]
    print_table(listed(columns, rows))


def _print_defects(task: GateTask) -> None:
    """List the rows with a known defect by reason, also those that have no solution. What a reason quotes
    from its row is left out."""
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    reasons: dict[str, dict[str, set[str]]] = {}
    for language, problems in task.problems().items():
        for each in filter(lambda problem: problem.defect, problems):
            reason = each.defect.partition(": '")[0].partition(': "')[0]
            reasons.setdefault(reason, {}).setdefault(each.id, set()).add(language)
    for reason, rows in reasons.items():
        names = ", ".join(dict.fromkeys(language for each in rows.values() for language in sorted(each)))
        console.print(f"known defect of {len(rows)} ({names}): {reason}: {', '.join(rows)}", markup=False)


def _named(ids: set[str], most: int = 20) -> str:
    """The ids, or their number and the first of them if they are many."""
    names = sorted(ids)
    return ", ".join(names) if len(names) <= most else f"{len(names)}: {', '.join(names[:3])}, …"


def _print_shared(result: Gate) -> None:
    """List the problems whose tests share a process with the candidate, by reason."""
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    for language, reasons in result.shared.items():
        by_reason: dict[str, list[str]] = {}
        for problem, reason in reasons.items():
            by_reason.setdefault(reason, []).append(problem)
        for reason, problems in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
            console.print(f"{language}, shared: {reason}: {', '.join(problems)}", markup=False)
