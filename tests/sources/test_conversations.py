"""Conversations: roles decide what is prompt and completion; what cannot be used is quarantined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.corpus import load
from crosstune.records import Example, Turn
from crosstune.sources import SOURCES, BadRow, Columns, Quarantine, read_conversation

Q, A, R, B, S = ("user", "Q"), ("assistant", "A"), ("user", "R"), ("assistant", "B"), ("system", "S")


def read(row: Any, **columns: str) -> tuple[str, str, str, list[tuple[str, str]]]:
    talk = read_conversation("f:1", row, Columns.model_validate(columns))
    return talk.prompt, talk.completion, talk.system, [(each.role, each.content) for each in talk.history]


def said(*pairs: tuple[Any, Any], role: str = "role", content: str = "content") -> list[dict[str, Any]]:
    return [{role: who, content: what} for who, what in pairs]


@pytest.mark.parametrize(
    "row",
    [
        {"messages": said(Q, A)},
        {"conversations": said(("human", "Q"), ("gpt", "A"), role="from", content="value")},
        {"conversation": said(("User", "Q"), ("Assistant", "A"), content="text")},
        {"messages": said(Q, ("model", "A"), content="parts")},
        {"messages": said(("user", ["Q"]), ("model", [{"text": "A"}]), content="parts")},
        {"messages": said(("prompter", "Q"), A, content="text")},
        {"messages": said(("USER", "Q"), ("CHATBOT", "A"))},
        {"messages": said(("human", "Q"), ("ai", "A"))},
        {"messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Q"]}},
                      *said(A)]},
        {"messages": said(("user", [{"type": "text", "text": "Q"}]), ("assistant", [{"text": "A"}]))},
        {"messages": said(("user", [{"type": "input_text", "text": "Q"}]), ("assistant", {"text": "A"}))},
        {"messages": said(Q, ("assistant", [{"type": "thinking", "thinking": "hm"}, "A"]))},
        {"messages": [{"role": "user", "content": "Q", "tool_calls": None}, *said(A)]},
        {"messages": json.dumps(said(Q, A))},
        {"messages": {"role": ["user", "assistant"], "content": ["Q", "A"]}},
        {"messages": [["Q", "A"]]},
        {"messages": ["Q", "A"]},
        {"messages": [{"text": "Q"}, {"text": "A"}]},
        {"prompt": said(Q), "completion": said(A)},
        {"prompt": "Q", "completion": said(A)},
        {"prompt": "Q", "messages": said(Q, A)},
        {"messages": said(Q, A, ("user", "Thanks."))},
        {"messages": said(Q, A), "tools": []},
        {"prompt": "Q", "completion": "A", "system": None, "history": []},
        {"prompt": None, "completion": None, "messages": said(Q, A)},
        {"prompt": "Other", "completion": None, "messages": None, "conversations": said(Q, A)},
        {"prompt": "Q", "completion": "A", "messages": None},
        {"prompt": "Q", "completion": "A", "messages": said(R, B)},
        {"instruction": "Q", "input": "", "output": "A"},
        {"instruction": "Q", "output": "A"},
        {"instruction": "Q", "input": "<noinput>", "output": "A", "prompt": "Below is: Q"},
        {"instruction": "Q", "response": "A", "category": "qa"},
    ],
)  # fmt: skip
def test_a_question_and_its_answer_in_every_form(row: dict[str, Any]) -> None:
    assert read(row) == ("Q", "A", "", [])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"messages": said(S, Q, A)}, ("Q", "A", "S", [])),
        (
            {"instruction": "Sort:", "input": "[2, 1]", "output": "[1, 2]",
             "system": "S", "history": [["Q", "A"]]},
            ("Sort:\n[2, 1]", "[1, 2]", "S", [Q, A]),
        ),
        ({"messages": said(("developer", "S"), Q, A)}, ("Q", "A", "S", [])),
        (
            {"system": "S", "conversations": said(("system", "T"), Q, A, role="from")},
            ("Q", "A", "S\n\nT", []),
        ),
        ({"prompt": "Q", "completion": "A", "system": "S"}, ("Q", "A", "S", [])),
        ({"prompt": said(S, Q), "completion": said(A)},
         ("Q", "A", "S", [])),
        ({"messages": said(("system", ""), Q, A)}, ("Q", "A", "", [])),
        (
            {"messages": said(Q, A, R, B)},
            ("R", "B", "", [Q, A]),
        ),
        (
            {"messages": said(("assistant", "Hello."), Q, A)},
            ("Q", "A", "", [("assistant", "Hello.")]),
        ),
        (
            {"messages": said(Q, A, S, R, B)},
            ("R", "B", "", [Q, A, S]),
        ),
        ({"messages": said(Q, ("user", "More."), A, B)},
         ("Q\n\nMore.", "A\n\nB", "", [])),
        (
            {"messages": [*said(Q, A, R),
                          {"role": "assistant", "content": "B", "weight": 0}]},
            ("Q", "A", "", []),
        ),
        (
            {"prompt": "R", "completion": "B", "history": [["Q", "A"]]},
            ("R", "B", "", [Q, A]),
        ),
        (
            {"prompt": "R", "completion": "B", "history": json.dumps(said(Q, A))},
            ("R", "B", "", [Q, A]),
        ),
    ],
)  # fmt: skip
def test_system_prompts_and_earlier_turns_are_kept_apart(row: dict[str, Any], expected: Any) -> None:
    assert read(row) == expected


IMAGE = [{"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "Q"}]


@pytest.mark.parametrize(
    ("messages", "reason", "message"),
    [
        ([], "empty", "no messages"),
        ("hello", "wrong type", "expected messages, found text"),
        (7, "wrong type", "expected a list of messages, found a number"),
        ({"role": ["user"], "content": []}, "wrong type", "expected a list of messages, found an object"),
        ([7, 8], "wrong type", "message 1: expected an object, found a number"),
        (said(Q), "no answer", "no answer of the assistant"),
        (said(A, Q), "no answer", "no answer of the assistant"),
        (said(S, Q), "no answer", "no answer of the assistant"),
        (said(S, A), "no question", "no message of the user"),
        (said(("user", ""), A), "empty", "a message of the user is empty"),
        (said(Q, ("assistant", None)), "empty", "a message of the assistant is empty"),
        (said(Q, ("assistant", [])), "empty", "a message of the assistant is empty"),
        (said(Q, ("critic", "A")), "unknown role", "message 2: unknown role 'critic'; known: ai,"),
        (said(Q, (None, "A")), "unknown role", "message 2: expected a role, found null"),
        (said(Q, (3, "A")), "unknown role", "message 2: expected a role, found a number"),
        (said(("user", 3), A), "wrong type", "message 1: expected text, found a number"),
        (said(Q, ("tool", "3"), A), "tools", "message 2: has the role 'tool'"),
        (said(Q, ("function", "3"), A), "tools", "has the role 'function'"),
        (said(("human", "Q"), ("function-call", "3"), ("gpt", "A")), "tools", "has the role 'function-call'"),
        ([*said(Q), {"role": "assistant", "content": "", "tool_calls": [{}]}], "tools", "'tool_calls'"),
        (said(Q, ("assistant", [{"type": "tool_use", "name": "f"}])), "tools", "a part is a 'tool_use'"),
        (said(Q, ("model", [{"functionCall": {}}]), content="parts"), "tools", "a 'functionCall'"),
        (said(("user", IMAGE), A), "not text", "a part is 'image_url'; only text is used"),
        (said(("user", "\ud800"), A), "lone surrogate", "message 1: its text: not text"),
        (said(Q, ("assistant", "A\0")), "NUL", "message 2: its text: contains a NUL"),
        ([{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A", "weight": 0}], "no answer",
         "a weight of 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_has_a_reason(messages: Any, reason: str, message: str) -> None:
    with pytest.raises(BadRow, match="f:1: ") as caught:
        read({"messages": messages})
    assert caught.value.reason == reason
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("row", "reason", "message"),
    [
        ({"instruction": "Q", "output": ""}, "empty", "column 'output' is empty"),
        ({"instruction": "Q", "output": 3}, "wrong type", "column 'output': expected text, found a number"),
        ({"instruction": None, "output": "A"}, "missing column", "no column 'completion'"),
        ({"instruction": "Q", "output": None}, "missing column", "no column 'completion'"),
        ({"prompt": "Q", "completion": None, "messages": None}, "wrong type", "'completion': expected text"),
        ({"messages": None}, "wrong type", "column 'messages': expected a list of messages, found null"),
    ],
)  # fmt: skip
def test_missing_answers_have_a_reason(row: dict[str, Any], reason: str, message: str) -> None:
    with pytest.raises(BadRow, match="f:1: ") as caught:
        read(row)
    assert (caught.value.reason, message in str(caught.value)) == (reason, True)


def test_ids_are_texts_and_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    ids = ["x", 7, 8.0, "", None, True, 1.5, [1]]
    path.write_text(
        "".join(json.dumps({"id": each, "prompt": "Q", "completion": "A"}) + "\n" for each in ids)
    )
    numbered = [f"a.jsonl:{number}" for number in range(3, 8)]
    assert [each.id for each in load(path)] == ["x", "7", "8", *numbered]


def test_offered_tools_have_a_reason() -> None:
    row = {"messages": said(Q, A), "tools": '[{"name": "f"}]'}
    with pytest.raises(BadRow, match="column 'tools' is not empty") as caught:
        read(row)
    assert caught.value.reason == "tools"


def test_columns_and_keys_can_be_named() -> None:
    row = {"talk": said(Q, A, role="who", content="words"), "rules": "S"}
    assert read(row, messages="talk", role="who", content="words", system="rules") == ("Q", "A", "S", [])


def test_files_and_sources_read_the_same(tmp_path: Path) -> None:
    rows = [
        {"messages": said(S, Q, A, R, B)},
        {"messages": said(Q, ("tool", "3"))},
        {"prompt": "Q", "completion": "A"},
    ]  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    quarantine = Quarantine(tmp_path / "q")
    loaded = list(load(path, quarantine))
    source = SOURCES.load("jsonl")
    settings = source.settings.model_validate({"path": str(path)})
    read_by_source = list(source.examples(settings, tmp_path / "work", lambda *_: None))

    def texts(example: Example) -> tuple[Any, ...]:
        return example.prompt, example.completion, example.system, example.history

    assert [*map(texts, loaded)] == [*map(texts, read_by_source)] == [
        ("R", "B", "S", (Turn(*Q), Turn(*A))),
        ("Q", "A", "", ()),
    ]  # fmt: skip
    assert dict(quarantine.reasons) == {"tools": 1}
    lines = [(folder / "quarantine.jsonl").read_text() for folder in (tmp_path / "q", tmp_path / "work")]
    assert all("message 2: has the role 'tool'" in line for line in lines)
