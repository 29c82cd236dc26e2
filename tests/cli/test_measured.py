"""Progress where the output is no terminal: a line now and then, with the time left."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from crosstune.cli import _measured


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setattr(_measured, "LINE_SECONDS", 0.0)
    return Console(file=io.StringIO(), soft_wrap=True)


def text(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_lines_say_what_is_done_and_left(console: Console) -> None:
    with _measured.Measured("judging", "programs", console) as progress:
        progress(1000, 4000)
        progress(2000, 4000)
    assert text(console) == [
        "judging: 1,000 of 4,000 programs · 0:00 spent",
        "judging: 2,000 of 4,000 programs · 0:00 spent, about 0:00 left",
    ]


def test_items_are_counted_where_nobody_knows_how_many_there_are(console: Console) -> None:
    with _measured.Measured("reading", "rows", console) as progress:
        assert list(progress.over(range(2500))) == list(range(2500))
    assert text(console) == ["reading: 1,000 rows · 0:00 spent", "reading: 2,000 rows · 0:00 spent"]


def test_nothing_is_printed_before_the_first_half_minute() -> None:
    console = Console(file=io.StringIO())
    with _measured.Measured("judging", "programs", console) as progress:
        progress(1, 2)
    assert text(console) == []
