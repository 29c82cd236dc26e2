"""All fields of an example; `crosstune.corpus.load` reads the file back unchanged."""

import dataclasses

from crosstune.corpus.formats._format import Format, Row
from crosstune.records import Example


def _row(example: Example) -> Row:
    return {**dataclasses.asdict(example), "history": [dataclasses.asdict(turn) for turn in example.history]}


FORMAT = Format("records", _row)
