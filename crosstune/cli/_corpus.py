"""`crosstune corpus`: look at corpora, and make new ones of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from crosstune.cli import _corpus_make
from crosstune.cli._corpus_print import counts, done, row, running, table

app = typer.Typer(
    name="corpus",
    help="Look at instruction corpora, and make new ones of them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Corpora = Annotated[
    list[Path], typer.Argument(metavar="DIR...", help="Corpus folders, or files of rows (.jsonl, .parquet).")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="The folder of the new corpus.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace the corpus that stands there.")]


def stats(corpora: Corpora) -> None:
    """Count the rows and measure their lengths.

    Counted by language, task, source and licence; rows that cannot be used, by reason.
    """
    from crosstune.corpus import contents, load
    from crosstune.sources import Quarantine

    quarantine = Quarantine(None)
    with running("reading") as progress:
        found = contents(progress.over(each for path in corpora for each in load(path, quarantine)))
    numbers = found.statistics
    table(("language", "task", "rows"), [(c.language or "(prose)", c.task, c.rows) for c in numbers.cells])
    table(("source", "licence", "rows"), [(*origin, rows) for origin, rows in found.origins.items()])
    lengths = [("prompt", numbers.prompts), ("completion", numbers.completions)]
    table(
        ("characters", "least", "median", "90 %", "most", "total"),
        [(name, x.least, x.median, x.ninetieth, x.most, x.total) for name, x in lengths],
    )
    counts("not used", quarantine.reasons)
    typer.echo(f"{numbers.rows:,} rows")


def show(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder, or a file of rows.")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Rows by their id.")] = None,
    sample: Annotated[int, typer.Option("--sample", min=0, help="So many rows, drawn.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Which ones.")] = 0,
) -> None:
    """Print rows: some by id, or some drawn at random.

    Without ids and --sample, three are drawn.
    """
    from crosstune.corpus import load
    from crosstune.corpus import sample as draw
    from crosstune.errors import UsageError, suggestion
    from crosstune.sources import Quarantine

    every = load(corpus, Quarantine(None))
    if not ids:
        for example in draw(every, sample or 3, seed):
            row(example)
        return
    found = {example.id: example for example in every if not sample or example.id in ids}
    for name in ids:
        if name not in found:
            near = suggestion(name, found).rpartition("; ")[2]
            hint = f"; {near}" if near.startswith("did you mean") else ""
            raise UsageError(f"{corpus}: no row {name!r} among {len(found):,}{hint}")
        row(found[name])


def filter_(
    corpora: Corpora,
    *,
    out: Out,
    languages: Annotated[str, typer.Option("--languages", help="Keep these, with commas between.")] = "",
    tasks: Annotated[str, typer.Option("--tasks", help="Keep these.")] = "",
    sources: Annotated[str, typer.Option("--sources", help="Keep these.")] = "",
    licences: Annotated[
        str, typer.Option("--licences", help="Keep rows all of whose licences are these.")
    ] = "",
    least: Annotated[int, typer.Option("--least", min=0, help="Characters at least.")] = 0,
    most: Annotated[int, typer.Option("--most", min=0, help="Characters at most; 0 is no limit.")] = 0,
    private: Annotated[
        Literal["replace", "drop", "keep"],
        typer.Option("--private", help="Keys, e-mail and IP addresses."),
    ] = "keep",
    replace: Replace = False,
) -> None:
    """Choose rows, and take out private data.

    By language, task, source, licence and length; private data go where --private says so.
    """
    from crosstune.corpus import Privacy, Scrubber, Selection, Selector, Work, rework

    selection = Selection(
        languages=_names(languages),
        tasks=_names(tasks),
        sources=_names(sources),
        licences=_names(licences),
        least=least,
        most=most,
    )
    settings: dict[str, object] = {"selection": selection.model_dump(mode="json"), "private": private}
    scrubber = None
    if private != "keep":
        scrubber = Scrubber(Privacy.model_validate(dict.fromkeys(("keys", "emails", "addresses"), private)))
    selector = Selector(selection)

    def told() -> dict[str, object]:
        found = {"private": dict(sorted(scrubber.found.items()))} if scrubber else {}
        return {"notes": selector.unmet(), **found}

    work = Work("filter", settings, [selector, *([scrubber] if scrubber else [])], report=told)
    with running("filtering") as progress:
        made = rework(corpora, out, work, replace=replace, plot=True, progress=progress)
    counts("private", made.told["report"].get("private", {}), "times")
    for note in made.told["report"].get("notes", []):
        typer.echo(note, err=True)
    done(made, out)


def dedup(
    corpora: Corpora,
    *,
    out: Out,
    near: Annotated[
        bool, typer.Option("--near/--exact", help="Near duplicates too, or equal ones alone.")
    ] = True,
    similarity: Annotated[
        float, typer.Option("--similarity", help="From which two rows are one (Jaccard).")
    ] = 0.7,
    width: Annotated[int, typer.Option("--width", help="How many words in a row are compared.")] = 5,
    replace: Replace = False,
) -> None:
    """Keep the first of equal and nearly equal rows.

    Within and across corpora, in the order given.
    """
    import pydantic

    from crosstune.corpus import Near, NearDuplicates, Seen, Work, rework
    from crosstune.errors import UsageError

    try:
        settings = NearDuplicates(similarity=similarity, width=width)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{first['loc'][0]} {first['input']}: {first['msg']}") from None
    similar = Near(settings) if near else None
    work = Work(
        "dedup",
        {"near": settings.model_dump(mode="json") if near else None},
        [Seen(), *([similar] if similar else [])],
        report=lambda: {"clusters": similar.clusters} if similar else {},
    )
    with running("comparing") as progress:
        made = rework(corpora, out, work, replace=replace, plot=True, progress=progress)
    if near:
        clusters = made.told["report"]["clusters"]
        largest = max((len(each["dropped"]) + 1 for each in clusters), default=0)
        typer.echo(f"{len(clusters):,} groups of near duplicates, the largest of {largest:,} rows")
    done(made, out)


def decontaminate(
    corpora: Corpora,
    *,
    out: Out,
    data: Annotated[
        list[str] | None,
        typer.Option("--data", metavar="BENCHMARK=DIR", help="Where a benchmark's files stand; repeatable."),
    ] = None,
    fail: Annotated[
        bool, typer.Option("--fail", help="End with status 5 when a row held a problem.")
    ] = False,
    replace: Replace = False,
) -> None:
    """Take out the rows that hold a benchmark's problem.

    Its question, solution or tests, whole or in large part. Benchmarks whose data are not here are
    named: nothing was searched for them.
    """
    from crosstune.corpus import Gate, Work, known_problems, rework
    from crosstune.errors import GateFailed, UsageError
    from crosstune.settings import digest

    given: dict[str, dict[str, str]] = {}
    for pair in data or []:
        name, sign, folder = pair.partition("=")
        if not sign or not folder:
            raise UsageError(f"--data {pair}: expected BENCHMARK=DIR, as in humanevalpack=data/humanevalpack")
        given[name] = {"data": folder}
    known = known_problems(given)
    gate = Gate(known.problems)
    searched = digest(
        [[p.benchmark, p.language, p.id, p.instruction, p.canonical, p.tests] for p in known.problems]
    )
    work = Work(
        "decontaminate",
        {"problems": searched},
        [gate],
        report=lambda: {"guarded": gate.report(), "lacking": dict(known.lacking), "notes": list(gate.notes)},
    )
    with running("searching") as progress:
        made = rework(corpora, out, work, replace=replace, plot=True, progress=progress)
    report = made.told["report"]
    met = [each for each in report["guarded"] if each["flagged"]]
    table(
        ("benchmark", "language", "problems met", "of", "rows"),
        [(x["benchmark"], x["language"], len(x["flagged"]), x["problems"], x["examples"]) for x in met],
    )
    for each in met:
        typer.echo(f"{each['benchmark']} {each['language']}: {', '.join(each['flagged'])}")
    for name, why in report["lacking"].items():
        typer.echo(f"not searched for: {name}: {why}", err=True)
    for note in report["notes"]:
        typer.echo(note, err=True)
    done(made, out)
    if fail and met:
        raise GateFailed(f"{sum(made.dropped.values())} rows held problems; {out} is without them")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


app.command("stats")(stats)
app.command("show")(show)
app.command("filter")(filter_)
app.command("dedup")(dedup)
app.command("decontaminate")(decontaminate)
app.command("mix")(_corpus_make.mix)
app.command("convert")(_corpus_make.convert)
app.command("card")(_corpus_make.card)
app.command("push")(_corpus_make.push)
