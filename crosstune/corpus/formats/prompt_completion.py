"""``prompt`` and ``completion``, without the other fields; longer conversations need `messages`."""

from crosstune.corpus.formats._format import Format, Row
from crosstune.records import Example


def _row(example: Example) -> Row | None:
    if example.system or example.history:
        return None
    return {"prompt": example.prompt, "completion": example.completion}


FORMAT = Format(
    "prompt-completion",
    _row,
    requires="rows without a system prompt and earlier turns; --format messages has all",
)
