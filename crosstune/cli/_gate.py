"""`crosstune gate`: a benchmark's own solutions, judged."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from crosstune.benchmarks import Benchmark
    from crosstune.scoring import Gate


def gate(
    benchmark: Annotated[
        str, typer.Argument(metavar="BENCHMARK", help="As humanevalpack, humaneval-x, or exercises.")
    ],
    data: Annotated[Path | None, typer.Option("--data", help="The folder of the benchmark's files.")] = None,
    languages: Annotated[
        str | None, typer.Option("--languages", help="Names with commas between; all that it has by default.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs at the same time; 0 means one for each core.")
    ] = 0,
    to: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures there too.")
    ] = None,
) -> None:
    """Judge a benchmark's canonical and buggy solutions: the first must pass, the second must not.

    Known defects of the data are counted apart. Exit status 5 says that the gate does not hold.
    """
    from rich.console import Console
    from rich.progress import Progress

    from crosstune.benchmarks import BENCHMARKS
    from crosstune.scoring import gate as run_gate

    found = BENCHMARKS.load(benchmark)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("judging", total=None)
        result = run_gate(
            found,
            _settings(found, data),
            languages=languages.split(",") if languages else None,
            workers=workers or len(os.sched_getaffinity(0)),
            progress=lambda done, total: bars.update(bar, completed=done, total=total),
        )
    if to:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(json.dumps(result.rows(), indent=1) + "\n", "utf-8")
    _print(result)
    result.check()


def _settings(benchmark: Benchmark, data: Path | None) -> Any:
    from pydantic import ValidationError

    from crosstune.errors import UsageError

    given = {} if data is None else {"data": str(data)}
    try:
        return benchmark.settings.model_validate(given, context={"base": Path.cwd()})
    except ValidationError:
        what = "takes no --data" if data else "needs --data DIR, the folder of its files"
        raise UsageError(f"{benchmark.name} {what}") from None


def _print(result: Gate) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    table.add_column("language")
    for name in ("canonical passed", "buggy passed", "known defects", "seconds"):
        table.add_column(name, justify="right")
    for language, tried in result.languages.items():
        canonical, buggy = tried["canonical"], tried["buggy"]
        table.add_row(
            language,
            f"{canonical.passed}/{canonical.total}",
            f"{buggy.passed}/{buggy.total}",
            ", ".join(sorted({*canonical.excused, *buggy.excused})) or "none met",
            f"{canonical.seconds + buggy.seconds:.1f}",
        )
    Console().print(table)
