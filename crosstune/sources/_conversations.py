"""Read conversations: messages with roles, in the forms in which people publish them.

A message names its role and its text under one of several keys, and both come in several spellings. Roles
decide what a message is used for, never its position, unless no message of a conversation names one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.errors import suggestion
from crosstune.records import Turn
from crosstune.sources._quarantine import BadRow, checked_text
from crosstune.sources._rows import json_type

ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "ai": "assistant",
}
TOOL_ROLES = {
    *("tool", "tools", "tool_call", "tool_calls", "tool_response", "tool_result", "observation", "ipython"),
    *("function", "functions", "function_call", "function_response"),
}
TOOL_KEYS = ("tool_calls", "function_call", "tool_call_id")
ROLE_KEYS, CONTENT_KEYS = ("role", "from", "author", "speaker"), ("content", "value", "text", "parts")
TEXT_PARTS = {"text", "input_text", "output_text"}
REASONING_PARTS = {"thinking", "redacted_thinking", "reasoning"}
TOOL_PARTS = {"tool_use", "tool_result", "tool_call", "tool_response", "function_call", "function_response"}
TOOL_PART_KEYS = {"functionCall", "functionResponse", "function_call", "function_response"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last answer to learn and what came before it; ``prompt`` is what the answer replies to."""

    prompt: str
    completion: str
    system: str = ""
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class _Message:
    role: str
    content: str
    learned: bool


def conversation(location: str, messages: Sequence[Any], keys: tuple[str, str], system: str) -> Conversation:
    """The conversation in ``messages``, as `message_list` returns them.

    ``keys`` are the keys of role and text, tried before the usual ones. ``system`` is a system prompt that
    the row has apart from its messages. Consecutive messages of one role count as one.

    Raises:
        BadRow: a message has no known role or no text, or calls a tool; or no answer follows a question.
    """
    merged = _merged(_read(location, messages, keys))
    while merged and merged[0].role == "system":
        system = "\n\n".join(filter(None, (system, merged.pop(0).content)))
    answer = _last_answer(location, merged)
    context, question = merged[: answer - 1], merged[answer - 1]
    used = [*context, question, merged[answer]]
    if empty := next((each for each in used if not each.content.strip()), None):
        raise BadRow("empty", f"{location}: a message of the {empty.role} is empty")
    history = tuple(Turn(each.role, each.content) for each in context)
    return Conversation(question.content, merged[answer].content, system, history)


def turns(location: str, messages: Sequence[Any], keys: tuple[str, str]) -> list[Turn]:
    """All messages with their roles; see `conversation`."""
    return [Turn(each.role, each.content) for each in _merged(_read(location, messages, keys))]


def message_list(location: str, what: str, value: Any) -> list[Any]:
    """The messages in ``value``: a list, also as JSON text; lists of questions and answers; or one list for
    each key, as `datasets` stores lists of objects.

    Raises:
        BadRow: it is none of these.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise BadRow("wrong type", f"{location}: {what}: expected messages, found text") from None
    if isinstance(value, Mapping):
        value = _zipped(value)
    if not isinstance(value, list):
        problem = f"expected a list of messages, found {json_type(value)}"
        raise BadRow("wrong type", f"{location}: {what}: {problem}")
    if not value:
        raise BadRow("empty", f"{location}: {what}: no messages")
    if all(_is_exchange(each) for each in value):
        return [text for exchange in value for text in exchange]
    return value


def _zipped(lists: Mapping[str, Any]) -> Any:
    """One object for each position in the ``lists``, if all have the same length."""
    if not lists or not all(isinstance(each, list) for each in lists.values()):
        return lists
    if len({len(each) for each in lists.values()}) > 1:
        return lists
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


def _is_exchange(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)


def _read(location: str, messages: Sequence[Any], keys: tuple[str, str]) -> Iterator[_Message]:
    role_keys = dict.fromkeys((keys[0], *ROLE_KEYS))
    roles = [_first(each, role_keys) if isinstance(each, Mapping) else None for each in messages]
    if not any(roles):  # questions and answers in turn
        roles = ["assistant" if number % 2 else "user" for number in range(len(messages))]
    for number, (message, role) in enumerate(zip(messages, roles, strict=True), start=1):
        at = f"{location}: message {number}"
        name = _role(at, role)
        if isinstance(message, str):
            yield _Message(name, checked_text(at, "its text", message), learned=True)
            continue
        if not isinstance(message, Mapping):
            raise BadRow("wrong type", f"{at}: expected an object, found {json_type(message)}")
        if called := next((key for key in TOOL_KEYS if message.get(key)), None):
            raise BadRow("tools", f"{at}: has {called!r}; conversations with tools are not used")
        content = _text(at, _first(message, dict.fromkeys((keys[1], *CONTENT_KEYS))))
        learned = message.get("weight", 1) != 0 and message.get("train", True) is not False
        yield _Message(name, checked_text(at, "its text", content), learned)


def _first(message: Mapping[str, Any], keys: Mapping[str, None]) -> Any:
    return next((message[key] for key in keys if message.get(key) is not None), None)


def _role(at: str, role: Any) -> str:
    if isinstance(role, Mapping):  # ``author``: {"role": …}
        role = role.get("role")
    if not isinstance(role, str):
        raise BadRow("unknown role", f"{at}: expected a role, found {json_type(role)}")
    name = role.strip().lower().replace("-", "_").replace(" ", "_")
    if name in TOOL_ROLES:
        raise BadRow("tools", f"{at}: has the role {role!r}; conversations with tools are not used")
    if name not in ROLES:
        raise BadRow("unknown role", f"{at}: unknown role {role!r}; {suggestion(name, ROLES)}")
    return ROLES[name]


def _text(at: str, content: Any) -> str:
    """The text of a message: a string, or parts whose texts are joined by newlines. Reasoning is left out."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(filter(None, (_text(at, part) for part in content)))
    if not isinstance(content, Mapping):
        raise BadRow("wrong type", f"{at}: expected text, found {json_type(content)}")
    kind = content.get("type") or next(iter(TOOL_PART_KEYS & content.keys()), None)
    if kind in REASONING_PARTS:
        return ""
    if kind in TOOL_PARTS | TOOL_PART_KEYS:
        raise BadRow("tools", f"{at}: a part is a {kind!r}; conversations with tools are not used")
    text = _first(content, dict.fromkeys(("text", "value", "parts")))
    if text is None or (kind is not None and kind not in TEXT_PARTS):
        raise BadRow("not text", f"{at}: a part is {kind or sorted(content)!r}; only text is used")
    return _text(at, text)


def _merged(messages: Iterator[_Message]) -> list[_Message]:
    """Join consecutive messages of one role by an empty line."""
    merged: list[_Message] = []
    for each in messages:
        if merged and merged[-1].role == each.role:
            before = merged.pop()
            content = "\n\n".join(filter(None, (before.content, each.content)))
            merged.append(_Message(each.role, content, before.learned and each.learned))
        else:
            merged.append(each)
    return merged


def _last_answer(location: str, messages: Sequence[_Message]) -> int:
    """The index of the last message of the assistant that follows one of the user and is to be learned."""
    roles = [each.role for each in messages]
    answers = [at for at in range(1, len(roles)) if roles[at - 1 : at + 1] == ["user", "assistant"]]
    learned = [at for at in answers if messages[at].learned]
    if learned:
        return learned[-1]
    if answers:
        raise BadRow("no answer", f"{location}: all answers have a weight of 0: there is nothing to learn")
    if "user" not in roles:
        raise BadRow("no question", f"{location}: no message of the user")
    raise BadRow("no answer", f"{location}: no answer of the assistant follows a message of the user")
