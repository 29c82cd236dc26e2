"""How `crosstune corpus` prints what it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from crosstune.corpus import Reworked
    from crosstune.records import Example

T = TypeVar("T")
FEW = 1000


class Running:
    """A bar that tells how many rows were read."""

    def __init__(self, bars: Bars, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def __call__(self, done: int, total: int) -> None:
        self._bars.update(self._task, completed=done, total=total or None)

    def over(self, items: Iterable[T]) -> Iterator[T]:
        for number, item in enumerate(items, 1):
            if number % FEW == 0:
                self(number, 0)
            yield item


@contextmanager
def running(what: str) -> Iterator[Running]:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TextColumn("rows"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield Running(bars, bars.add_task(what, total=None))


def table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Numbers stand to the right. Nothing is printed where there is no row."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    found = list(rows)
    if not found:
        return
    made = Table(box=None, header_style="bold")
    for name, value in zip(head, found[0], strict=True):
        made.add_column(name, justify="right" if isinstance(value, int) else "left", overflow="fold")
    for cells in found:
        made.add_row(*(Text(f"{each:,}" if isinstance(each, int) else each) for each in cells))
    console = Console()
    console.print(made)
    console.print()


def counts(what: str, found: Mapping[str, int], unit: str = "rows") -> None:
    table((what, unit), found.items())


def done(made: Reworked, out: Path) -> None:
    """The funnel of a step, and where its corpus stands."""
    import typer

    left = made.read
    rows: list[tuple[str, int, int]] = []
    gone = {f"unusable, {reason}": count for reason, count in made.quarantined.items()} | dict(made.dropped)
    for reason, count in gone.items():
        left -= count
        rows.append((reason, count, left))
    typer.echo(f"{made.read:,} rows read")
    table(("reason", "dropped", "left"), rows)
    typer.echo(f"{made.rows:,} rows in {out}{'  (nothing new)' if made.reused else ''}")
    unpictured(out, made.rows)
    if made.rows == 0:
        typer.echo("`datasets.load_dataset` refuses a corpus without rows, but for streaming=True", err=True)


def unpictured(out: Path, rows: int) -> None:
    """A word where the card of a corpus has no picture of the lengths."""
    import typer

    if rows and not (out / "lengths.png").is_file():
        how = "pip install 'crosstune[report]', then: crosstune corpus card"
        typer.echo(f"the card has no picture of the lengths; to draw it: {how} {out}", err=True)


def row(example: Example) -> None:
    """One example with all that is known of it, its code in colours on a terminal."""
    from rich.console import Console
    from rich.rule import Rule
    from rich.text import Text

    console = Console()
    console.print(Rule(Text(example.id), align="left"))
    about = {"language": example.language or "(prose)", "task": example.task, "source": example.source}
    for name, value in (about | dict(example.provenance)).items():
        console.print(Text(f"{name}: {value}", style="dim"), soft_wrap=True)
    for name, text in (("prompt", example.prompt), ("completion", example.completion)):
        console.print(Text(f"\n{name} ({len(text):,} characters)", style="bold"))
        console.print(
            _code(text, example.language) if console.is_terminal else Text(_visible(text)), soft_wrap=True
        )


def _code(text: str, language: str) -> object:
    from rich.syntax import Syntax

    return Syntax(_visible(text), language or "text", theme="ansi_dark", word_wrap=True)


def _visible(text: str) -> str:
    """Without what would move a terminal's cursor or turn its direction of writing."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else f"\\u{ord(sign):04x}" for sign in text)
