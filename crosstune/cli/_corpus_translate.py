"""`crosstune corpus translate`: tested Python rows in another language, by a teacher model, proven."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from crosstune.cli._corpus_filter import Out, Replace


def translate(
    rows: Annotated[
        Path,
        typer.Argument(
            metavar="ROWS", help="Python rows with tests: a corpus folder, or a file (.jsonl, .parquet)."
        ),
    ],
    *,
    to: Annotated[str, typer.Option("--to", metavar="LANGUAGE", help="The language to translate into.")],
    teacher: Annotated[str, typer.Option("--teacher", metavar="URL", help="An OpenAI-compatible server.")],
    model: Annotated[str, typer.Option("--model", "-m", help="The teacher's name on the server.")],
    out: Out,
    answers: Annotated[
        int, typer.Option("--answers", min=1, help="Translations of a row at most, until one passes.")
    ] = 1,
    mutants: Annotated[
        int, typer.Option("--mutants", min=0, help="Mutants of each translation; 0: keep weak tests, too.")
    ] = 6,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Use only the first rows.")] = None,
    key_variable: Annotated[
        str, typer.Option("--key-variable", metavar="NAME", help="The environment variable with the key.")
    ] = "",
    prices: Annotated[
        str | None,
        typer.Option("--prices", metavar="IN,OUT", help="Of a million prompt and a million answer tokens."),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option("--budget", min=0.0, help="The most to spend, over all runs; needs --prices."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="The folder of the teacher's answers; else DIR.answers."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs to run at the same time; 0: one per core.")
    ] = 0,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="BENCHMARK=DIR",
            help="A benchmark whose problems must not be in the corpus; repeatable.",
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A setting of the source: killed=0.8, columns.tests=checks, temperature=0.2, "
            "reasoning_tokens=4000, server.concurrency=64.",
        ),
    ] = None,
    replace: Replace = False,
) -> None:
    """Translate tested Python rows, and prove them.

    Each row has an exercise, Python code, and tests: assertions that the results of calls equal literals, as
    in MBPP (assert f(1, 2) == 3). The tests become calls in the language, without a model; the teacher
    translates the code. A row is kept if its translation passes the tests, and if these find most of its
    mutants wrong, in each of which one operator, constant or bound is changed.

    Rows without tests, or whose tests have no meaning in the language, are dropped with the reason before
    the teacher is asked. How far the rows came is printed, and is in the data card and in funnel.json.

    Every answer and every verdict is stored when it arrives: a stopped run continues when it is started
    again, and nothing is asked, paid for or run twice. Exit status 4: the budget is spent, or requests
    failed; the same command continues.

      crosstune corpus translate mbpp.jsonl --to rust --teacher http://localhost:8000/v1 -m NAME -o rust
    """
    from crosstune.cli._teaching import Teaching
    from crosstune.sources.translate import TranslateSettings

    with Teaching(
        source="translate",
        language=to,
        language_option="--to",
        out=out,
        keep=keep,
        data=data,
        replace=replace,
    ).here() as teaching:
        own: dict[str, Any] = {"rows": str(rows), "language": to, "model": model, "answers": answers}
        own |= {"mutants": mutants, "limit": limit, "workers": workers}
        own |= {"server": teaching.server(teacher, key_variable, budget, prices)}
        settings = teaching.settings(TranslateSettings, own, changes, "killed=0.8")
        result = teaching.make(settings, "translating", "rows", "answers and verdicts")
    _print(result, out)


def _print(result: Any, out: Path) -> None:
    from crosstune.cli._corpus_print import print_counts, print_result, print_table
    from crosstune.corpus import yield_rows

    report: Mapping[str, Any] = result.record["report"]["source"]
    print_counts("assertion left out", report["untranslated"], "times")
    print_counts("answer not used", report["answers"], "times")
    head = ("stage", "rows", "of the stage before", "of all")
    print_table(head, yield_rows(report["yield"], result.rows))
    print_result(result, out)
    typer.echo(f"{report['used']}")
