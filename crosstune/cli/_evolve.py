"""`crosstune evolve`: a corpus for one language, made by a teacher model from seed instructions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer


def evolve(
    *,
    seeds: Annotated[
        Path,
        typer.Option("--seeds", metavar="FILE", help="Rows with instruction, input and output (CodeAlpaca)."),
    ],
    language: Annotated[str, typer.Option("--language", help="The language of the new exercises.")],
    teacher: Annotated[str, typer.Option("--teacher", metavar="URL", help="An OpenAI-compatible server.")],
    model: Annotated[str, typer.Option("--model", "-m", help="The teacher's name on the server.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder of the corpus.")],
    count: Annotated[int, typer.Option("--count", min=1, help="The number of examples.")] = 9000,
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
            help="A setting of the source: judge=false, steps=3, reasoning_tokens=4000, "
            "server.concurrency=64, options.temperature=null (leaves the field out).",
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an existing corpus.")] = False,
) -> None:
    """Make a corpus of exercises and solutions in one language.

    The teacher turns Python instructions into harder exercises for the language, judges them and answers
    them (CodeM's method; docs/teachers.md). Every answer is stored when it arrives: a stopped run continues
    when it is started again, and nothing is asked or paid for twice, also with a greater --count.

    Rows that contain a problem of a known benchmark are dropped. Exit status 4: the budget is spent, or
    requests failed; the same command continues.

      crosstune evolve --seeds seeds.json --language go --teacher http://localhost:8000/v1 -m NAME -o go
    """
    from crosstune.cli._corpus_print import print_counts, print_result
    from crosstune.cli._teaching import Teaching
    from crosstune.sources.teacher import TeacherSettings

    with Teaching(
        source="teacher",
        language=language,
        language_option="--language",
        out=out,
        keep=keep,
        data=data,
        replace=replace,
    ).here() as teaching:
        server = teaching.server(teacher, key_variable, budget, prices)
        own = {"seeds": str(seeds), "language": language, "model": model, "count": count, "server": server}
        settings = teaching.settings(TeacherSettings, own, changes, "judge=false")
        result = teaching.make(settings, "evolving", "examples", "the teacher's answers")
    report: Mapping[str, Any] = result.record["report"]["source"] or {}
    print_counts("reason for a failed draw", report.get("failed", {}), "draws")
    print_result(result, out)
    if report:
        typer.echo(f"{report['draws']:,} draws of {report['seeds']:,} seeds; {report['used']}")
