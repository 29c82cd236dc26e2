import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune.errors import DataError
from crosstune.records import Example
from crosstune.sources import SOURCES
from tests.shared import shared_data


def load(path: Path, name: str = "jsonl", **settings: Any) -> list[Example]:
    source = SOURCES.load(name)
    told: list[tuple[int, int]] = []
    parsed = source.settings.model_validate({"path": str(path), **settings})
    found = list(source.examples(parsed, path.parent, lambda done, total: told.append((done, total))))
    assert told[-1] == (len(found), len(found))
    return found


ROWS = [
    {"prompt": "Add.", "completion": "a + b", "lang": "Python", "n": 7},
    {"prompt": "Sum.", "completion": "a+b;", "lang": "JavaScript", "n": 8},
]


def test_every_ending_gives_the_same_examples(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    (tmp_path / "a.jsonl").write_bytes(lines + b"\n")
    (tmp_path / "b.ndjson.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "c.json").write_text(json.dumps(ROWS))
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "d.parquet")
    for path in sorted(tmp_path.iterdir()):
        first, second = load(path, columns={"language": "lang"}, label="mine")
        assert (first.prompt, first.completion, first.language) == ("Add.", "a + b", "python")
        assert (second.id, second.language, second.task) == ("mine:1", "javascript", "instruct")
        assert first.source == "mine"
        assert first.provenance["place"].startswith(path.name)


def test_columns_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = {"subject": "Fix it", "old": "x", "new": "y", "kind": "fix", "number": 12}
    path.write_text(json.dumps(row))
    columns = {"prompt": ["subject", "old"], "completion": "new", "task": "kind", "id": "number"}
    [example] = load(path, columns=columns, language="C++")
    assert (example.prompt, example.completion, example.task) == ("Fix it\nx", "y", "fix")
    assert example.id == "jsonl:12"
    assert example.language in {"c++", "cpp"}
    [raw] = load(path, columns={"prompt": None, "completion": "new"})
    assert (raw.prompt, raw.language) == ("", "")


def test_a_conversation_gives_its_first_two_messages(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"talk": [{"text": "Q"}, {"text": "A"}, {"text": "Q2"}]}))
    [example] = load(path, columns={"messages": "talk", "content": "text"})
    assert (example.prompt, example.completion) == ("Q", "A")
    path.write_text(json.dumps({"talk": [{"text": "Q"}]}))
    with pytest.raises(DataError, match=r"a.jsonl:1: column 'talk': expected a list of two messages"):
        load(path, columns={"messages": "talk", "content": "text"})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"prompt": "a"', "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "expected an object with columns, found a list"),
        (b'{"promt": "a", "completion": "b"}', r"no column 'prompt'; known: completion, promt; did you mean"),
        (b'{"prompt": null, "completion": "b"}', "column 'prompt': expected text, found null"),
        (b'{"prompt": "a", "completion": 3}', "column 'completion': expected text, found a number"),
        (b'{"prompt": "a", "completion": ""}', "there is nothing to learn"),
        (b'{"prompt": "\\ud800", "completion": "b"}', "column 'prompt': not text"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, message: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"prompt": "a", "completion": "b"}\n\n' + line + b"\n")
    with pytest.raises(DataError, match=rf"a\.jsonl:3: .*{message}"):
        load(path)


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"prompt": "a", "completion": "b"}\n' * 999)[:-9])
    (tmp_path / "c.jsonl.gz").write_text("not packed")
    (tmp_path / "d.parquet").write_text("not Parquet")
    (tmp_path / "e.json").write_text("{}")
    for name, message in {
        "a.csv": "unknown ending",
        "b.jsonl.gz": "cannot be read",
        "c.jsonl.gz": "cannot be read",
        "d.parquet": "not a readable Parquet file",
        "e.json": "expected a JSON list of objects, found an object",
        "f.jsonl": "no such file",
    }.items():
        with pytest.raises(DataError, match=rf"{name}: .*{message}"):
            load(tmp_path / name)


def test_blocks_must_fit_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"prompt": "a", "completion": "b"}\n' * 3)
    two = {"rows": 2, "language": "Python", "label": "left"}
    found = load(path, blocks=[two, {"rows": 1, "task": "fix"}])
    assert [(each.id, each.language, each.task) for each in found] == [
        ("left:0", "python", "instruct"),
        ("left:1", "python", "instruct"),
        ("jsonl:2", "", "fix"),
    ]
    with pytest.raises(DataError, match=r"a\.jsonl:3: the blocks end after 2 rows"):
        load(path, blocks=[two])
    with pytest.raises(DataError, match="the blocks hold 4 rows, the data only 3"):
        load(path, blocks=[two, two])
    with pytest.raises(pydantic.ValidationError, match="blocks give language and task by position"):
        load(path, blocks=[two], language="go")


def test_needs_say_whether_the_file_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for name in ("jsonl", "octogeex"):
        source = SOURCES.load(name)
        settings = source.settings.model_validate({"path": str(path)})
        path.unlink(missing_ok=True)
        assert [need.met for need in source.needs(settings)] == [False]
        path.touch()
        assert [need.met for need in source.needs(settings)] == [True]


SIGNS = {
    "python": r"^\s*(import|from|def|class|#|\"\"\"|\w+ = )",
    "javascript": r"(function|const|var|let|=>|require|import)",
    "java": r"^(package|import|public)\b",
    "go": r"^package \w+",
    "rust": r"\b(fn|use|struct|impl|mod|enum|let|macro_rules|const)\b",
}


def test_the_published_mix_of_octogeex_has_its_languages_where_we_say() -> None:
    path = shared_data("commitpackft") / "oasst-commitpackft-manual.jsonl.gz"
    found = load(path, "octogeex")
    assert len(found) == 1178
    assert Counter(each.source for each in found) == {"oasst": 725, "commitpackft": 453}
    for language, sign in SIGNS.items():
        rows = [each for each in found if each.language == language]
        fitting = [each for each in rows if re.search(sign, each.completion, re.MULTILINE)]
        assert len(fitting) > 0.9 * len(rows) > 50, language
    added = [each for each in found if each.source == "commitpackft" and each.prompt.endswith("\n")]
    assert added
