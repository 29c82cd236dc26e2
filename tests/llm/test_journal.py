"""The journal of results: sharing a folder, malformed lines, and files of earlier versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune.llm import FailedRequest, Journal, Request, Response, Usage, request_key

RESPONSE = Response("k1", "t", "stop", 1, Usage(1, 2), Usage(3, 4))
FAILED = FailedRequest("k2", "HTTP 500", "", False, 6, Usage(5, 6, estimated=True))
REFUSED = FailedRequest("k3", "HTTP 400", "no", True, 1)


def test_two_processes_share_a_folder_each_with_its_own_file(tmp_path: Path) -> None:
    with Journal(tmp_path) as first, Journal(tmp_path) as second:  # as two processes: locks are per open file
        first.add(RESPONSE)
        second.add(FAILED)
        assert {first.path.name, second.path.name} == {"answers-1.jsonl", "answers-2.jsonl"}
    with Journal(tmp_path) as third:
        assert third.settled == {"k1": RESPONSE}
        assert third.used == Usage(9, 12, estimated=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers-1.jsonl", "answers-2.jsonl"]


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b'{"is": "response"}', b"nonsense", b"\0\xff\0", b'{"is": "response", "x": 1}']
)
def test_a_damaged_line_is_moved_aside_and_the_others_are_kept(
    tmp_path: Path, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with Journal(tmp_path) as journal:
        journal.add(RESPONSE)
        journal.add(REFUSED)
    path, aside = tmp_path / "answers-1.jsonl", tmp_path / "answers-1.jsonl.damaged"
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + line + b"\n" + second)
    for _ in range(2):
        with Journal(tmp_path) as journal:
            assert journal.settled == {"k1": RESPONSE, "k3": REFUSED}
            journal.add(REFUSED)
    assert path.read_bytes() == first + 3 * second
    assert [json.loads(each) for each in aside.read_text("utf-8").splitlines()] == [
        {"line": 2, "text": line.decode("utf-8", "backslashreplace") + "\n"}
    ]
    assert caplog.messages == [f"{path}, line 2: damaged; moved to {aside}, and its request is sent again"]


def test_a_response_whose_text_was_changed_is_asked_for_again(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(RESPONSE)
        journal.add(REFUSED)
    path = tmp_path / "answers-1.jsonl"
    changed = path.read_bytes().replace(b'"text": "t"', b'"text": "u"', 1)
    path.write_bytes(changed)
    with Journal(tmp_path) as journal:
        assert journal.settled == {"k3": REFUSED}
    aside = (tmp_path / "answers-1.jsonl.damaged").read_text("utf-8")
    assert json.loads(aside) == {"line": 1, "text": changed.decode().splitlines(keepends=True)[0]}


def test_a_damaged_line_of_another_process_is_left_to_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Journal(tmp_path) as first:
        first.add(RESPONSE)
        with first.path.open("ab") as file:
            file.write(b"damaged\n")
        content = first.path.read_bytes()
        with Journal(tmp_path) as second:
            assert second.settled == {"k1": RESPONSE}
        assert first.path.read_bytes() == content
    assert caplog.messages == [f"{first.path}, line 2: damaged; its request is sent again"]


# As version 0.1 wrote them. The responses have been paid for.
VERSION_0_1 = """\
{"is": "answer", "key": "k1", "text": "t", "finish": "stop", "attempts": 1, "usage": {"prompt_tokens": 1, \
"completion_tokens": 2, "estimated": false}, "wasted": {"prompt_tokens": 3, "completion_tokens": 4, \
"estimated": false}}
{"is": "fault", "key": "k2", "kind": "HTTP 500", "detail": "", "final": false, "attempts": 6, "wasted": \
{"prompt_tokens": 5, "completion_tokens": 6, "estimated": true}}
{"is": "fault", "key": "k3", "kind": "HTTP 400", "detail": "no", "final": true, "attempts": 1, "wasted": \
{"prompt_tokens": 0, "completion_tokens": 0, "estimated": false}}
"""


def test_a_journal_of_version_0_1_is_read(tmp_path: Path) -> None:
    (tmp_path / "answers-1.jsonl").write_text(VERSION_0_1)
    with Journal(tmp_path) as journal:
        assert journal.settled == {"k1": RESPONSE, "k3": REFUSED}
        assert journal.used == Usage(9, 12, estimated=True)
        journal.add(FAILED)
    with Journal(tmp_path) as journal:
        assert journal.settled == {"k1": RESPONSE, "k3": REFUSED}


def test_request_keys_are_those_of_version_0_1() -> None:
    request = Request("p", 7, system="s", opening="o", temperature=0.5, stops=("\n",), sample=3, seed=11)
    assert (
        request_key("m", "chat", {"top_k": 5}, request)
        == "3f98f4528a1f0186afdb5cc948880b8245f620e986a6bea20814147ef453acb4"
    )
    assert (
        request_key("m", "completions", {}, Request("p", 7))
        == "4c78573c1aba3af2ea5f50f4a8ebe471ee3964b5bd485bc8202ba9fd8d83cec9"
    )
