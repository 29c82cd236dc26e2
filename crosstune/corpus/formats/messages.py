"""A chat with one user and one assistant message; raw text has only the assistant's."""

from crosstune.corpus.formats._format import Format, Row
from crosstune.records import Example


def _row(example: Example) -> Row:
    user = [{"role": "user", "content": example.prompt}] if example.prompt else []
    return {"messages": [*user, {"role": "assistant", "content": example.completion}]}


FORMAT = Format("messages", _row)
