"""The transfer table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crosstune.analysis import Findings, Gain, TaskKey
from crosstune.report._coverage import coverage, faulty
from crosstune.report._words import basis, bounds, count, language_title, percent, points

CELL_WIDTH = 17
"""What a column takes: ``[-10.0, 72.4]`` and some space to the next."""
NAME_WIDTH = 20


@dataclass(frozen=True)
class TransferTable:
    """Models down, cells across; broken into several tables where the terminal is too narrow."""

    findings: Findings

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        found = self.findings
        marks = _Marks.of(options)
        longest = max(map(len, found.models), default=0)
        across = max(1, (options.max_width - min(longest, NAME_WIDTH)) // CELL_WIDTH)
        for start in range(0, len(found.task_keys), across):
            yield _rates(found, found.task_keys[start : start + across], marks)
        if found.against_control:
            yield ""
            for start in range(0, len(found.task_keys), across):
                yield _control(found, found.task_keys[start : start + across], marks)
        yield Padding(Text(" ".join(_legend(found, marks)), style="dim"), (1, 0, 0, 0))


def transfer_table(findings: Findings) -> RenderableType:
    """pass@1 of every model on every cell, what it gained and how sure that is; for `rich`."""
    return TransferTable(findings)


@dataclass(frozen=True)
class _Marks:
    trained: str
    minus: str

    @classmethod
    def of(cls, options: ConsoleOptions) -> _Marks:
        return cls("#", "-") if options.ascii_only else cls("▪", "\u2212")

    def plain(self, text: str) -> str:
        return text.replace("\u2212", self.minus)


def _rates(found: Findings, task_keys: Sequence[TaskKey], marks: _Marks) -> Table:
    table = _frame(found, task_keys, f"pass@1 and gain over {found.run.baseline}, in points")
    for model in found.models:
        gains = [found.gains.get((model, task_key)) for task_key in task_keys]
        columns = [
            _rate(found, model, task_key, gain, marks)
            for task_key, gain in zip(task_keys, gains, strict=True)
        ]
        table.add_row(Text(model, overflow="ellipsis", no_wrap=True), *columns)
    return table


def _rate(found: Findings, model: str, task_key: TaskKey, gain: Gain | None, marks: _Marks) -> RenderableType:
    rate = found.rates.get((model, task_key))
    if rate is None:
        return Text("not judged", style="dim")
    first = Text(percent(rate.value), style="bold")
    if found.trained(model, task_key):
        first.append(f" {marks.trained}", style="cyan")
    if gain is None:
        return Group(first, Text(bounds(100 * rate.low, 100 * rate.high), style="dim"))
    first.append("  ")
    return Group(first.append_text(_gain(gain, marks)), _bounds(gain, marks))


def _gain(gain: Gain, marks: _Marks) -> Text:
    style = ("green" if gain.value > 0 else "red") if gain.beyond else "dim"
    return Text(marks.plain(points(gain.value)) + gain.stars, style=style)


def _bounds(gain: Gain, marks: _Marks) -> Text:
    return Text(marks.plain(bounds(gain.low, gain.high)), style="dim")


def _control(found: Findings, task_keys: Sequence[TaskKey], marks: _Marks) -> Table:
    table = _frame(found, task_keys, f"difference to {found.run.control}, in points")
    for model in dict.fromkeys(model for model, _ in found.against_control):
        pairs = [found.against_control.get((model, task_key)) for task_key in task_keys]
        columns = [Group(_gain(pair, marks), _bounds(pair, marks)) if pair else Text("") for pair in pairs]
        table.add_row(Text(model, overflow="ellipsis", no_wrap=True), *columns)
    return table


def _frame(found: Findings, task_keys: Sequence[TaskKey], title: str) -> Table:
    table = Table(
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
        title=Text(title),
        title_style="bold",
        title_justify="left",
    )
    table.add_column("", max_width=NAME_WIDTH, vertical="top")
    several = len({task_key.benchmark for task_key in found.task_keys}) > 1
    for task_key in task_keys:
        lines = [*([task_key.benchmark] if several else []), language_title(task_key.language), task_key.task]
        table.add_column(Text("\n".join(lines)), vertical="top", min_width=CELL_WIDTH - 2)
    return table


def _legend(found: Findings, marks: _Marks) -> Iterator[str]:
    whose = f", of {found.run.baseline}'s rate and of the others' gain in points" if found.gains else ""
    yield f"In percent, over {basis(found)}; in brackets the 95 % interval{whose}."
    if found.gains:
        yield "* the interval leaves out 0 and p < 0.05,"
        yield f"** also after Holm's correction over {_compared(found.gains)}."
    if any(found.trained(model, task_key) for model in found.models for task_key in found.task_keys):
        yield f"{marks.trained} tuned on this language and task."
    yield from filter(None, (coverage(found), faulty(found)))


def _compared(gains: Mapping[tuple[str, TaskKey], Gain]) -> str:
    return count(len(gains), "comparison")
