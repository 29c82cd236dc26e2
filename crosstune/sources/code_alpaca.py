"""CodeAlpaca (Stanford Alpaca's format, code tasks): instruction, input, and output by a model.

Its 20K rows are under CC BY-NC 4.0 or CC BY 4.0 (its pages disagree). crosstune does not contain them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import InputPath, Settings
from crosstune.sources._alpaca import is_about_python, join_input
from crosstune.sources._columns import column_text, empty_column, json_object
from crosstune.sources._conversion import convert
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._rows import file_requirement, rows
from crosstune.sources._source import Source


class CodeAlpacaSettings(Settings):
    path: InputPath
    """The file: code_alpaca_20k.json, or another with the same columns."""
    select: Literal["python", "all"] = "python"
    """`python`: rows about Python (the instruction names only Python, or names no language and the output
    is Python); `all`: every row. Rows about Python get that language, all other rows none."""


def _examples(settings: CodeAlpacaSettings, work: Path, progress: Progress) -> Iterator[Example]:
    def to_example(location: str, row: Any, index: int) -> Example | None:
        example = _example(location, row, index)
        return example if example.language or settings.select == "all" else None

    quarantine = Quarantine(work)
    return convert(rows(settings.path, quarantine), to_example, quarantine, progress)


def _example(location: str, row: Any, index: int) -> Example:
    row = json_object(location, row)
    instruction = column_text(location, row, "instruction").strip()
    output = column_text(location, row, "output")
    given = column_text(location, row, "input").strip() if "input" in row else ""
    if not output.strip():
        raise empty_column(location, "output")
    return Example(
        id=f"code-alpaca:{index}",
        prompt=join_input(instruction, given, "\n"),
        completion=output,
        language="python" if is_about_python(row) else "",
        task="synthesize",
        source="code-alpaca",
        provenance={"place": Path(location).name, "licence": "cc-by-nc-4.0"},
    )


def _requirements(settings: CodeAlpacaSettings) -> Sequence[Requirement]:
    advice = "get the file from its project, or correct `path`"
    return [file_requirement("CodeAlpaca's rows", settings.path, advice)]


SOURCE = Source(
    name="code-alpaca", version=1, settings=CodeAlpacaSettings, examples=_examples, requirements=_requirements
)
