"""`crosstune corpus mix`, `convert`, `card` and `push`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosstune.cli._corpus_print import print_table, show_progress, warn_without_plot


def mix(
    mixture: Annotated[
        str, typer.Argument(metavar="MIX", help="octocoder, octogeex, codem-mixed, or a .yaml file.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of the new corpus.")],
    size: Annotated[
        int | None, typer.Option("--size", min=1, help="The total number of rows, for parts with shares.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Decides which rows are drawn, and their order.")
    ] = None,
    controls: Annotated[
        bool, typer.Option("--controls", help="Also make one corpus of each part alone, of the same size.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace existing corpora.")] = False,
) -> None:
    """Mix corpora by shares or numbers of rows.

    The same seed draws the same rows. A mixture can replay earlier training data, and --controls makes
    corpora of equal size to compare with.
    """
    from crosstune.corpus import load_mixture, mix_corpora

    loaded = load_mixture(mixture, size=size, seed=seed)
    with show_progress("mixing", out) as progress:
        corpora = mix_corpora(loaded, out, controls=controls, replace=replace, plot=True, progress=progress)
    for each in corpora:
        print_table(
            ("part", "available", "taken", "times"),
            [(part.name, part.available, part.taken, f"{part.epochs:.2f}") for part in each.parts],
        )
        typer.echo(f"{each.rows:,} rows in {each.out}{'  (nothing new)' if each.reused else ''}")
        warn_without_plot(each.out, each.rows)


def _refuse_form(value: str | None) -> None:
    if value is not None:
        from crosstune.errors import UsageError

        raise UsageError(f"--form is now called --format: give --format {value}")


def convert(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder, or a file of rows.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file of JSON lines.")],
    format_name: Annotated[
        str,
        typer.Option(
            "--format", help="prompt-completion, messages, records, line-diff, or a prompt template."
        ),
    ] = "prompt-completion",
    _form: Annotated[str | None, typer.Option("--form", hidden=True, callback=_refuse_form)] = None,
) -> None:
    """Write a corpus as JSON lines, in another format.

    A prompt template gives its text, split at the prompt boundary.
    """
    from crosstune.corpus import convert as write
    from crosstune.corpus import load
    from crosstune.corpus.formats import load_format
    from crosstune.sources import Quarantine
    from crosstune.storage import shown, writing

    quarantine = Quarantine(None)
    with writing(out) as file, show_progress("writing", out) as progress:
        rows, skipped = write(progress.over(load(corpus, quarantine)), file, format_name)
    if skipped:
        accepted = load_format(format_name).requires
        typer.echo(f"{skipped:,} rows skipped: {format_name} accepts only {accepted}", err=True)
    if quarantine.reasons:
        typer.echo(f"{quarantine.reasons.total():,} unusable rows; first: {quarantine.first_error}", err=True)
    typer.echo(f"{rows:,} rows in {shown(out)}")


def card(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder.")],
) -> None:
    """Rewrite the data card (README.md) of a corpus.

    It has the Hub's metadata, tables, and a plot of the lengths.
    """
    from crosstune.corpus import describe
    from crosstune.storage import check_here

    check_here(corpus)
    summary = describe(corpus)
    typer.echo(f"{corpus / 'README.md'}: {summary.statistics.rows:,} rows, lengths.svg, lengths.png")


def push(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder.")],
    repository: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The data set on the hub.")],
    public: Annotated[bool, typer.Option("--public", help="Make a new data set public.")] = False,
    message: Annotated[str, typer.Option("--message", "-m", help="The commit message.")] = "",
) -> None:
    """Upload a corpus to the Hugging Face Hub.

    A new data set is private, unless --public. After a lost connection run it again to resume. Needs a
    token with write access: `hf auth login`, or HF_TOKEN. HF_ENDPOINT selects another hub.
    """
    from crosstune.corpus import push as upload

    typer.echo(upload(corpus, repository, public=public, message=message))
