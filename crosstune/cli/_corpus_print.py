"""How `crosstune corpus` prints rows, tables and progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosstune.cli._measured import Measured
    from crosstune.corpus import TransformResult
    from crosstune.records import Example


@contextmanager
def show_progress(what: str, out: Path | None = None) -> Iterator[Measured]:
    """Progress in rows; ``out`` is written at the end: nothing of it is there if the command is stopped."""
    from crosstune import stopping
    from crosstune.cli._measured import Measured

    unchanged = f"{out} is as it was; run the command again" if out else "nothing was written"
    with stopping.keeps(unchanged), Measured(what, "rows") as progress:
        yield progress


def print_table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Print a table and a blank line; nothing if it has no rows."""
    import typer

    from crosstune import tables

    all_rows = list(rows)
    if all_rows:
        kinds = [tables.COUNT if isinstance(value, int) else tables.TEXT for value in all_rows[0]]
        tables.print_table(tables.listed(list(zip(head, kinds, strict=True)), all_rows))
        typer.echo()


def print_counts(what: str, counts: Mapping[str, int], unit: str = "rows") -> None:
    print_table((what, unit), counts.items())


def print_result(result: TransformResult, out: Path) -> None:
    """Print the funnel of a step, and the folder of its corpus."""
    import typer

    from crosstune.storage import shown

    left = result.read
    rows: list[tuple[str, int, int]] = []
    quarantined = {f"unusable, {reason}": count for reason, count in result.quarantined.items()}
    for reason, count in (quarantined | dict(result.dropped)).items():
        left -= count
        rows.append((reason, count, left))
    typer.echo(f"{result.read:,} rows read")
    print_table(("reason", "dropped", "left"), rows)
    typer.echo(f"{result.rows:,} rows in {shown(out)}{'  (nothing new)' if result.reused else ''}")
    warn_without_plot(out, result.rows)
    if result.rows == 0:
        message = "`datasets.load_dataset` refuses a corpus without rows, except with streaming=True"
        typer.echo(message, err=True)


def warn_without_plot(out: Path, rows: int) -> None:
    """Print how to get the plot of the lengths, if the card of a corpus has none."""
    import typer

    from crosstune.storage import is_remote, staging

    if rows and not ((staging(out) if is_remote(out) else out) / "lengths.png").is_file():
        how = "pip install 'crosstune[report]', then: crosstune corpus card"
        typer.echo(f"the card has no plot of the lengths; to draw it: {how} {out}", err=True)


def print_row(example: Example) -> None:
    """Print one example with all its fields; on a terminal its code is highlighted."""
    from rich.console import Console
    from rich.rule import Rule
    from rich.text import Text

    console = Console()
    console.print(Rule(Text(example.id), align="left"))
    fields = {"language": example.language or "(prose)", "task": example.task, "source": example.source}
    for name, value in (fields | dict(example.provenance)).items():
        console.print(Text(f"{name}: {value}", style="dim"), soft_wrap=True)
    before = [("system", example.system)] if example.system else []
    before += [(turn.role, turn.content) for turn in example.history]
    for name, text in (*before, ("prompt", example.prompt), ("completion", example.completion)):
        console.print(Text(f"\n{name} ({len(text):,} characters)", style="bold"))
        code = _highlighted(text, example.language) if console.is_terminal else Text(printable(text))
        console.print(code, soft_wrap=True)


def _highlighted(text: str, language: str) -> object:
    from rich.syntax import Syntax

    return Syntax(printable(text), language or "text", theme="ansi_dark", word_wrap=True)


def printable(text: str) -> str:
    """Escape characters that move a terminal's cursor or change the writing direction."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else f"\\u{ord(sign):04x}" for sign in text)
