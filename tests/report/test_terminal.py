from __future__ import annotations

import io
from dataclasses import replace

import pytest
import rich.cells
from rich.console import Console

from crosstune.analysis import Run, analyse
from crosstune.records import Status
from crosstune.report import transfer_table
from tests.analysis import synthetic

RUN = synthetic.run()


def printed(run: Run, width: int = 80, encoding: str = "utf-8", *, allow_partial: bool = False) -> str:
    bytes_ = io.BytesIO()
    file = io.TextIOWrapper(bytes_, encoding=encoding, write_through=True)
    Console(file=file, width=width, force_terminal=False).print(
        transfer_table(analyse(run, allow_partial=allow_partial))
    )
    return bytes_.getvalue().decode(encoding)


def test_eighty_columns_hold_four_cells() -> None:
    text = printed(RUN)
    assert max(map(rich.cells.cell_len, text.splitlines())) <= 80
    assert text.count("JavaScript") == 4
    assert "…" not in text


def test_the_table_shows_rates_gains_intervals_and_marks() -> None:
    lines = printed(RUN).splitlines()
    (python,) = [at for at, line in enumerate(lines) if line.startswith("python ") and "97.8" in line]
    assert lines[python].split() == [
        "python",
        "97.8",
        "▪",
        "+92.8**",
        "11.1",
        "+8.9*",
        "52.8",
        "+49.4*",
        "2.8",
        "+2.8",
    ]
    assert "[24.1, 72.8]" in lines[python + 1]
    text = " ".join(" ".join(lines).split())
    assert "over 60 problems and 3 seeds; in brackets the 95 % interval, of base's rate and of" in text
    assert "▪ tuned on this language and task" in text


def test_a_partial_table_states_how_much_was_judged() -> None:
    lost = [replace(row, status=Status.HARNESS_ERROR) for row in RUN.judged[:5]]
    run = replace(RUN, judged=[*lost, *RUN.judged[5:]])
    assert "4,315 of 4,320 programs judged" in " ".join(printed(run, allow_partial=True).split())
    assert "programs judged" not in printed(RUN)


def test_cut_answers_are_a_warning() -> None:
    cut = [replace(row, finish_reason="length") for row in RUN.judged[:60]]
    text = " ".join(printed(replace(RUN, judged=[*cut, *RUN.judged[60:]])).split())
    assert "Warning: 60 of 4,320 answers were cut at the length limit" in text
    assert "cut at" not in printed(RUN)


def test_the_difference_to_the_control_follows() -> None:
    text = printed(RUN)
    assert "difference to control, in points" in text
    assert "difference to" not in printed(replace(RUN, control=""))


@pytest.mark.parametrize("width", [40, 60, 79])
def test_narrow_terminals_get_several_tables(width: int) -> None:
    text = printed(RUN, width)
    assert max(map(rich.cells.cell_len, text.splitlines())) <= width
    for number in ("97.8", "11.1", "52.8", "2.8", "32.2"):
        assert number in text


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    text = printed(RUN, encoding="ascii")
    assert "97.8 #" in text
    assert "-1.7" in text


def test_brackets_in_names_are_not_styles() -> None:
    model = replace(RUN.models[0], name="[bold]x[/bold]")
    judged = [replace(row, model=model.name) for row in RUN.judged if row.model == "base"]
    run = replace(RUN, baseline=model.name, control="", models=(model,), judged=judged)
    assert "[bold]x[/bold]" in printed(run)


def test_one_seed_or_no_verdicts_still_print() -> None:
    run = replace(RUN, judged=[row for row in RUN.judged if row.seed == 0])
    assert "over 60 problems, with one seed" in printed(run).replace("\n", " ")
    assert printed(replace(RUN, judged=[])).strip()
