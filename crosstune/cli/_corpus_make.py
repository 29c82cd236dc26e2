"""`crosstune corpus mix`, `convert`, `card` and `push`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosstune.cli._corpus_print import running, table, unpictured


def mix(
    recipe: Annotated[
        str, typer.Argument(metavar="MIX", help="octocoder, octogeex, codem-mixed, or a .yaml file.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of the new corpus.")],
    size: Annotated[
        int | None, typer.Option("--size", min=1, help="Rows in all, for parts with shares.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Which rows, and in which order.")] = None,
    controls: Annotated[
        bool, typer.Option("--controls", help="Also one corpus of each part alone, of the same size.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the corpora that stand there.")] = False,
) -> None:
    """Mix corpora by shares or numbers.

    The same rows every time, with replay and with controls of equal size where asked for.
    """
    from crosstune.corpus import blend, load_mix

    wanted = load_mix(recipe, size=size, seed=seed)
    with running("mixing") as progress:
        made = blend(wanted, out, controls=controls, replace=replace, plot=True, progress=progress)
    for each in made:
        table(
            ("part", "available", "taken", "times"),
            [(x.name, x.available, x.taken, f"{x.epochs:.2f}") for x in each.taken],
        )
        typer.echo(f"{each.rows:,} rows in {each.out}{'  (nothing new)' if each.reused else ''}")
        unpictured(each.out, each.rows)


def convert(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder, or a file of rows.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file of JSON lines.")],
    form: Annotated[
        str,
        typer.Option("--form", help="prompt-completion, messages, records, line-diff, or a prompt template."),
    ] = "prompt-completion",
) -> None:
    """Write a corpus as JSON lines, in a form of others.

    Or as the text of a prompt template, split where the answer begins.
    """
    from crosstune.corpus import convert as write
    from crosstune.corpus import load
    from crosstune.sources import Quarantine

    quarantine = Quarantine(None)
    with running("writing") as progress:
        rows, left_out = write(progress.over(load(corpus, quarantine)), out, form)
    if left_out:
        typer.echo(f"{left_out:,} rows have no such form: they are no commits", err=True)
    if quarantine.reasons:
        typer.echo(f"{quarantine.reasons.total():,} rows cannot be used; first: {quarantine.first}", err=True)
    typer.echo(f"{rows:,} rows in {out}")


def card(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder.")],
) -> None:
    """Write a corpus's data card (README.md) anew.

    With the Hub's head, tables, and the lengths as a picture.
    """
    from crosstune.corpus import describe

    found = describe(corpus)
    typer.echo(f"{corpus / 'README.md'}: {found.statistics.rows:,} rows, lengths.svg, lengths.png")


def push(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus folder.")],
    repository: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The data set on the hub.")],
    public: Annotated[bool, typer.Option("--public", help="Make it public if it is new.")] = False,
    message: Annotated[str, typer.Option("--message", "-m", help="What the commit says.")] = "",
) -> None:
    """Send a corpus to the Hugging Face hub.

    As a private data set, unless --public; run again after a break, it goes on. Needs a token that may
    write: `hf auth login`, or HF_TOKEN. HF_ENDPOINT names another hub.
    """
    from crosstune.corpus import push as send

    typer.echo(send(corpus, repository, public=public, message=message))
