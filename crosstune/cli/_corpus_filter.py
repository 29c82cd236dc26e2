"""`crosstune corpus filter`, `dedup` and `decontaminate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crosstune.cli._corpus_print import print_counts, print_result, print_table, show_progress

if TYPE_CHECKING:
    from crosstune.records import Problem

Corpora = Annotated[
    list[Path], typer.Argument(metavar="DIR...", help="Corpus folders, or files of rows (.jsonl, .parquet).")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="The folder of the new corpus.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace an existing corpus.")]


def filter_(
    corpora: Corpora,
    *,
    out: Out,
    languages: Annotated[str, typer.Option("--languages", help="Keep these, separated by commas.")] = "",
    tasks: Annotated[str, typer.Option("--tasks", help="Keep these.")] = "",
    sources: Annotated[str, typer.Option("--sources", help="Keep these.")] = "",
    licences: Annotated[
        str, typer.Option("--licences", help="Keep rows whose licences are all among these.")
    ] = "",
    least: Annotated[int, typer.Option("--least", min=0, help="The least number of characters.")] = 0,
    most: Annotated[
        int, typer.Option("--most", min=0, help="The greatest number of characters; 0: no limit.")
    ] = 0,
    private: Annotated[
        Literal["replace", "drop", "keep"],
        typer.Option("--private", help="What to do with keys, e-mail and IP addresses."),
    ] = "keep",
    replace: Replace = False,
) -> None:
    """Select rows, and remove private data.

    Rows are selected by language, task, source, licence and length; --private replaces private data, or
    drops the rows that have any.
    """
    from crosstune.corpus import Filter, Privacy, Scrubber, Selection, Selector, Transformation, transform

    selection = Selection(
        languages=_split(languages),
        tasks=_split(tasks),
        sources=_split(sources),
        licences=_split(licences),
        least=least,
        most=most,
    )
    settings: dict[str, object] = {"selection": selection.model_dump(mode="json"), "private": private}
    scrubber = None
    if private != "keep":
        scrubber = Scrubber(Privacy.model_validate(dict.fromkeys(("keys", "emails", "addresses"), private)))
    selector = Selector(selection)

    def report() -> dict[str, object]:
        counts = {"private": dict(sorted(scrubber.counts.items()))} if scrubber else {}
        return {"notes": selector.unmatched(), **counts}

    filters: list[Filter] = [selector, *([scrubber] if scrubber else [])]
    step = Transformation("filter", settings, filters, report=report)
    with show_progress("filtering", out) as progress:
        result = transform(corpora, out, step, replace=replace, plot=True, progress=progress)
    print_counts("private", result.record["report"].get("private", {}), "times")
    for note in result.record["report"].get("notes", []):
        typer.echo(note, err=True)
    print_result(result, out)


def dedup(
    corpora: Corpora,
    *,
    out: Out,
    near: Annotated[
        bool, typer.Option("--near/--exact", help="Drop near duplicates too, or only equal rows.")
    ] = True,
    similarity: Annotated[
        float, typer.Option("--similarity", help="The Jaccard similarity from which rows are duplicates.")
    ] = 0.7,
    width: Annotated[int, typer.Option("--width", help="The length of the word n-grams compared.")] = 5,
    replace: Replace = False,
) -> None:
    """Keep the first of equal and nearly equal rows.

    Rows are compared within and across corpora, in the given order.
    """
    import pydantic

    from crosstune.corpus import ExactDedup, NearDedup, NearDuplicates, Transformation, transform
    from crosstune.errors import UsageError

    try:
        settings = NearDuplicates(similarity=similarity, width=width)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{first['loc'][0]} {first['input']}: {first['msg']}") from None
    near_dedup = NearDedup(settings) if near else None
    step = Transformation(
        "dedup",
        {"near": settings.model_dump(mode="json") if near else None},
        [ExactDedup(), *([near_dedup] if near_dedup else [])],
        report=lambda: {"clusters": near_dedup.clusters} if near_dedup else {},
    )
    with show_progress("comparing", out) as progress:
        result = transform(corpora, out, step, replace=replace, plot=True, progress=progress)
    if near:
        clusters = result.record["report"]["clusters"]
        largest = max((len(each["dropped"]) + 1 for each in clusters), default=0)
        typer.echo(f"{len(clusters):,} groups of near duplicates, the largest of {largest:,} rows")
    print_result(result, out)


def decontaminate(
    corpora: Corpora,
    *,
    out: Out,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data", metavar="BENCHMARK=DIR", help="The folder of a benchmark's files; repeatable."
        ),
    ] = None,
    fail: Annotated[
        bool, typer.Option("--fail", help="Exit with status 5 if a row contained a problem.")
    ] = False,
    replace: Replace = False,
) -> None:
    """Drop rows that contain a benchmark problem.

    That is its question, solution or tests, whole or in large part. Benchmarks without data on this machine
    are listed; rows are not compared with them.
    """
    from crosstune.corpus import ContaminationIndex, Transformation, known_problems, transform
    from crosstune.errors import GateFailed

    known = known_problems(benchmark_settings(data or []))
    index = ContaminationIndex(known.problems)
    step = Transformation(
        "decontaminate",
        {"problems": _problems_digest(known.problems)},
        [index],
        report=lambda: {
            "guarded": index.report(),
            "lacking": dict(known.missing),
            "notes": list(index.notes),
        },
    )
    with show_progress("searching", out) as progress:
        result = transform(corpora, out, step, replace=replace, plot=True, progress=progress)
    contaminated = _print_contamination(result.record["report"])
    print_result(result, out)
    if fail and contaminated:
        raise GateFailed(f"{sum(result.dropped.values())} rows contained problems; {out} is without them")


def benchmark_settings(pairs: Sequence[str]) -> dict[str, dict[str, str]]:
    from crosstune.errors import UsageError

    settings: dict[str, dict[str, str]] = {}
    for pair in pairs:
        name, sign, folder = pair.partition("=")
        if not sign or not folder:
            raise UsageError(f"--data {pair}: expected BENCHMARK=DIR, as in humanevalpack=data/humanevalpack")
        settings[name] = {"data": folder}
    return settings


def _problems_digest(problems: Sequence[Problem]) -> str:
    from crosstune.settings import digest

    return digest([[p.benchmark, p.language, p.id, p.instruction, p.canonical, p.tests] for p in problems])


def _print_contamination(report: Mapping[str, Any]) -> bool:
    """Print the contaminated benchmarks and the ids of their problems. Returns whether there are any."""
    contaminated = [each for each in report["guarded"] if each["flagged"]]
    print_table(
        ("benchmark", "language", "problems found", "of", "rows"),
        [
            (x["benchmark"], x["language"], len(x["flagged"]), x["problems"], x["examples"])
            for x in contaminated
        ],
    )
    for each in contaminated:
        typer.echo(f"{each['benchmark']} {each['language']}: {', '.join(each['flagged'])}")
    for name, why in report["lacking"].items():
        typer.echo(f"not searched for: {name}: {why}", err=True)
    for note in report["notes"]:
        typer.echo(note, err=True)
    return bool(contaminated)


def _split(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
