"""Messages of a chat as one text, the same for every harness, so that prompts can be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def text_of(messages: Sequence[Any], content: Callable[[Any], str] = str) -> str:
    """``role: text`` of each message, in paragraphs; the text alone of a single message of the user.

    ``content`` is the text of a message's content.
    """
    given = [each for each in messages if isinstance(each, dict)]
    if len(given) == 1 and given[0].get("role") == "user":
        return content(given[0].get("content"))
    return "\n\n".join(f"{each.get('role')}: {content(each.get('content'))}" for each in given)
