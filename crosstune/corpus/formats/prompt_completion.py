"""``prompt`` and ``completion``, without the other fields."""

from crosstune.corpus.formats._format import Format, Row
from crosstune.records import Example


def _row(example: Example) -> Row:
    return {"prompt": example.prompt, "completion": example.completion}


FORMAT = Format("prompt-completion", _row)
