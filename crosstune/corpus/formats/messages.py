"""A chat: system prompt, earlier turns, the user's message and the answer; raw text has only the answer."""

from crosstune.corpus.formats._format import Format, Row
from crosstune.prompts import earlier_messages
from crosstune.records import Example


def _row(example: Example) -> Row:
    user = [{"role": "user", "content": example.prompt}] if example.prompt else []
    answer = {"role": "assistant", "content": example.completion}
    return {"messages": [*earlier_messages(example), *user, answer]}


FORMAT = Format("messages", _row)
