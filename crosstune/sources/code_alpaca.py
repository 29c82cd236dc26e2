"""CodeAlpaca (Stanford Alpaca's form, code tasks): instruction, input and output, answered by a model.

Its 20K rows are under CC BY-NC 4.0 or CC BY 4.0: its pages disagree. Nothing of it comes with this project.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import InputPath, Settings
from crosstune.sources._columns import column_text
from crosstune.sources._quarantine import BadRow, Quarantine
from crosstune.sources._rows import BATCH, kind, rows
from crosstune.sources._seeds import NO_INPUT, is_about_python
from crosstune.sources._source import Source


class CodeAlpacaSettings(Settings):
    path: InputPath
    """The file: code_alpaca_20k.json, or another of the same columns."""
    select: Literal["python", "all"] = "python"
    """`python`: rows about Python (their instruction names only Python, or no language and their output
    is Python); `all`: every row, those about Python marked as such, the others without a language."""


def _examples(settings: CodeAlpacaSettings, work: Path, progress: Progress) -> Iterator[Example]:
    quarantine = Quarantine(work)
    number = used = 0
    for place, row in rows(settings.path, quarantine):
        try:
            example = _example(place, row, number)
        except BadRow as error:
            quarantine.put(place, error, row)
        else:
            used += 1
            if example.language or settings.select == "all":
                yield example
        number += 1
        if number % BATCH == 0:
            progress(number, 0)
    quarantine.close(used)
    progress(number, number)


def _example(place: str, row: Any, number: int) -> Example:
    if not isinstance(row, dict):
        raise BadRow("wrong type", f"{place}: expected an object with 'instruction', found {kind(row)}")
    instruction, output = column_text(place, row, "instruction").strip(), column_text(place, row, "output")
    given = column_text(place, row, "input").strip() if "input" in row else ""
    if not output.strip():
        raise BadRow("empty", f"{place}: column 'output' is empty: there is nothing to learn")
    return Example(
        id=f"code-alpaca:{number}",
        prompt=instruction if not given or NO_INPUT.fullmatch(given) else f"{instruction}\n{given}",
        completion=output,
        language="python" if is_about_python(row) else "",
        task="synthesize",
        source="code-alpaca",
        provenance={"place": Path(place).name, "licence": "cc-by-nc-4.0"},
    )


def _requirements(settings: CodeAlpacaSettings) -> Sequence[Requirement]:
    how = "get the file from its project, or correct `path`"
    return [Requirement(f"CodeAlpaca's rows {settings.path}", settings.path.is_file(), how)]


SOURCE = Source(
    name="code-alpaca", version=1, settings=CodeAlpacaSettings, examples=_examples, requirements=_requirements
)
