"""`crosstune corpus`: inspect corpora and make new ones from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosstune.cli import _corpus_filter, _corpus_make, _corpus_prove, _corpus_translate
from crosstune.cli._corpus_print import print_counts, print_row, print_table, show_progress

app = typer.Typer(
    name="corpus",
    help="Inspect instruction corpora and make new ones from them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def stats(corpora: _corpus_filter.Corpora) -> None:
    """Count rows and measure their lengths.

    Rows are counted by language, task, source and licence; unusable rows by reason.
    """
    from crosstune.corpus import contents, load
    from crosstune.sources import Quarantine

    quarantine = Quarantine(None)
    with show_progress("reading") as progress:
        summary = contents(progress.over(each for path in corpora for each in load(path, quarantine)))
    numbers = summary.statistics
    counts = [(each.language or "(prose)", each.task, each.rows) for each in numbers.cells]
    print_table(("language", "task", "rows"), counts)
    print_table(("source", "licence", "rows"), [(*origin, rows) for origin, rows in summary.origins.items()])
    lengths = [("prompt", numbers.prompts), ("completion", numbers.completions)]
    print_table(
        ("characters", "least", "median", "90 %", "most", "total"),
        [(name, x.least, x.median, x.ninetieth, x.most, x.total) for name, x in lengths],
    )
    print_counts("not used", quarantine.reasons)
    typer.echo(f"{numbers.rows:,} rows")


def show(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder, or a file of rows.")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="The ids of rows.")] = None,
    sample: Annotated[int, typer.Option("--sample", min=0, help="The number of rows to draw.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Decides which rows are drawn.")] = 0,
) -> None:
    """Print rows by id, or a random sample.

    Without ids and --sample, three rows are drawn.
    """
    from crosstune.corpus import load
    from crosstune.corpus import sample as draw
    from crosstune.errors import UsageError, suggestion
    from crosstune.sources import Quarantine

    examples = load(corpus, Quarantine(None))
    if not ids:
        for example in draw(examples, sample or 3, seed):
            print_row(example)
        return
    by_id = {example.id: example for example in examples if not sample or example.id in ids}
    for name in ids:
        if name not in by_id:
            near = suggestion(name, by_id).rpartition("; ")[2]
            hint = f"; {near}" if near.startswith("did you mean") else ""
            raise UsageError(f"{corpus}: no row {name!r} among {len(by_id):,}{hint}")
        print_row(by_id[name])


app.command("stats")(stats)
app.command("show")(show)
app.command("filter")(_corpus_filter.filter_)
app.command("dedup")(_corpus_filter.dedup)
app.command("decontaminate")(_corpus_filter.decontaminate)
app.command("prove")(_corpus_prove.prove)
app.command("translate")(_corpus_translate.translate)
app.command("mix")(_corpus_make.mix)
app.command("convert")(_corpus_make.convert)
app.command("card")(_corpus_make.card)
app.command("push")(_corpus_make.push)
