"""Output formats: every plug-in expresses every example or says which it accepts."""

import json
import os
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.corpus.formats import FORMATS, format_names, load_format
from crosstune.corpus.formats.line_diff import split_commit
from crosstune.errors import Incomplete, UnknownName
from crosstune.prompts import PROMPTS
from crosstune.records import Example, Turn
from tests.corpus.samples import additions

COMMIT = Example("c", "Fix it\n\nAs reported.\nold\n", "new\n", "python", "commit", "s")
TEXT = Example("t", "", "raw text", "", "text", "s")
TALK = Example(
    *("k", "Now subtract.", "a - b", "python", "instruct", "s"),
    system="Be terse.",
    history=(Turn("user", "Add."), Turn("assistant", "a + b")),
)


def test_formats_are_plugins_and_prompt_templates() -> None:
    assert FORMATS.names() == ("line-diff", "messages", "prompt-completion", "records")
    assert all(FORMATS.load(name).name == name for name in FORMATS.names())
    assert set(format_names()) - set(FORMATS.names()) == {
        name for name in PROMPTS.names() if not PROMPTS.load(name).chat
    }
    with pytest.raises(UnknownName, match="did you mean 'messages'"):
        load_format("mesages")


@pytest.mark.parametrize("name", format_names())
def test_rows_are_json_or_refused_with_a_requirement(name: str) -> None:
    chosen = load_format(name)
    for example in (COMMIT, TEXT, TALK, *additions("go", 1)):
        row = chosen.row(example)
        if row is None:
            assert chosen.requires
        else:
            assert json.loads(json.dumps(row)) == row


def test_system_prompt_and_earlier_turns_are_written() -> None:
    assert load_format("messages").row(TALK) == {
        "messages": [
            {"role": "system", "content": "Be terse."},
            {"role": "user", "content": "Add."},
            {"role": "assistant", "content": "a + b"},
            {"role": "user", "content": "Now subtract."},
            {"role": "assistant", "content": "a - b"},
        ]
    }
    assert load_format("octocoder").row(TALK) == {
        "prompt": "Be terse.\n\nQuestion: Add.\n\nAnswer: a + b\n\nQuestion: Now subtract.\n\nAnswer:",
        "completion": " a - b",
    }
    assert load_format("prompt-completion").row(TALK) is None


@pytest.mark.parametrize("name", ["messages", "records"])
def test_a_written_conversation_is_read_unchanged(name: str, tmp_path: Path) -> None:
    corpus.convert([TALK], tmp_path / "x.jsonl", name)
    [read] = corpus.load(tmp_path / "x.jsonl")
    assert (read.system, read.history) == (TALK.system, TALK.history)
    assert (read.prompt, read.completion) == (TALK.prompt, TALK.completion)


def test_split_commit_separates_the_instruction_from_the_old_text() -> None:
    assert split_commit(COMMIT) == ("Fix it", "\nAs reported.\nold\n")
    provenance = {"subject": "Fix it", "body": "As reported."}
    with_body = Example(COMMIT.id, COMMIT.prompt, COMMIT.completion, "python", "commit", "s", provenance)
    assert split_commit(with_body) == ("Fix it\n\nAs reported.", "old\n")


def test_convert_counts_written_and_skipped_rows(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "x.jsonl"
    assert corpus.convert([COMMIT, TEXT], out, "line-diff") == (1, 1)
    assert len(out.read_text().splitlines()) == 1
    assert [each.name for each in out.parent.iterdir()] == ["x.jsonl"]


def test_convert_keeps_the_old_file_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "x.jsonl"
    out.write_text("old")

    def full(_: Path, target: Path) -> Path:
        raise OSError(28, os.strerror(28), str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Incomplete, match="the disk is full"):
        corpus.convert([TEXT], out, "records")
    assert out.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["x.jsonl"]
