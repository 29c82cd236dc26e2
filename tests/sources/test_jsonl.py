"""Files of arbitrary rows: formats, the mapping of columns, blocks, and unusable rows."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pydantic
import pytest

from crosstune.errors import DataError
from crosstune.records import Example
from crosstune.sources import SOURCES, _rows
from crosstune.sources._rows import rows
from tests.shared import shared_data


def load(path: Path, name: str = "jsonl", **settings: Any) -> list[Example]:
    source = SOURCES.load(name)
    progress: list[tuple[int, int]] = []
    parsed = source.settings.model_validate({"path": str(path), **settings})
    examples = list(source.examples(parsed, path.parent, lambda done, total: progress.append((done, total))))
    assert progress[-1][0] == progress[-1][1] >= len(examples)
    return examples


ROWS = [
    {"prompt": "Add.", "completion": "a + b", "lang": "Python", "n": 7},
    {"prompt": "Sum.", "completion": "a+b;", "lang": "JavaScript", "n": 8},
]


def test_every_file_format_gives_the_same_examples(tmp_path: Path) -> None:
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


def test_a_conversation_in_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"talk": [{"text": "Q"}, {"text": "A"}, {"text": "Q2"}]}))
    [example] = load(path, columns={"messages": "talk", "content": "text"})
    assert (example.prompt, example.completion) == ("Q", "A")
    path.write_text(json.dumps({"talk": [{"text": "Q"}]}))
    with pytest.raises(DataError, match=r"a.jsonl:1: no answer of the assistant follows"):
        load(path, columns={"messages": "talk", "content": "text"})


MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b"%(row)s\r%(row)s\r"),
        ("a.jsonl", b"%(row)s\r\n\r\n%(row)s"),
        ("a.jsonl", MARK + b"%(row)s\n" + MARK + b"%(row)s\n"),
        ("a.json", MARK + b"[%(row)s, %(row)s]"),
        ("A.JSONL", b"%(row)s\n%(row)s\n"),
    ],
)
def test_line_ends_and_byte_order_marks(tmp_path: Path, name: str, data: bytes) -> None:
    row = json.dumps({"prompt": "\ufeffAdd.", "completion": "a + b"}).encode()
    (tmp_path / name).write_bytes(data % {b"row": row})
    assert [(each.prompt, each.completion) for each in load(tmp_path / name)] == [("Add.", "a + b")] * 2
    assert not (tmp_path / "quarantine.jsonl").exists()


def test_lines_are_numbered_across_blocks_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD.replace(b"\n", b"\r\n") * 3 + b"\r" + GOOD)
    for size in range(1, 40):
        monkeypatch.setattr(_rows, "READ_BYTES", size)
        places = [location.rpartition(":")[2] for location, _ in rows(tmp_path / "a.jsonl")]
        assert places == ["1", "2", "3", "5"]


def test_zstd_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.zst").write_bytes(pa.compress(GOOD * 3, codec="zstd", asbytes=True))
    assert len(load(tmp_path / "a.jsonl.zst")) == 3


BAD_ROWS = [
    (b'{"prompt": "a"', "not JSON", "not JSON"),
    (b"\xff\xfe", "not UTF-8", "not UTF-8"),
    (b"[1]", "wrong type", "expected an object with columns, found a list"),
    (
        b'{"promt": "a", "completion": "b"}',
        "missing column",
        "no column 'prompt'; known: completion, promt; did",
    ),
    (b'{"prompt": null, "completion": "b"}', "wrong type", "column 'prompt': expected text, found null"),
    (b'{"prompt": "a", "completion": 3}', "wrong type", "column 'completion': expected text, found a number"),
    (b'{"prompt": "a", "completion": ""}', "empty", "there is nothing to learn"),
    (b'{"prompt": "a", "completion": " \\n"}', "empty", "there is nothing to learn"),
    (b'{"prompt": "\\ud800", "completion": "b"}', "lone surrogate", "column 'prompt': not text"),
    (b'{"prompt": "a", "completion": "b\\u0000"}', "NUL", "column 'completion': contains a NUL"),
    (b'{"prompt": "\\u202e", "completion": "b"}', "bidi control", "column 'prompt': contains U+202E"),
    (
        b'{"prompt": "%s", "completion": "b"}' % (b"x" * 10_000_000),
        "too long",
        "a line of more than 8,388,608",
    ),
    (b"[" * 100_000, "not JSON", "not JSON"),
    (b"\0" * 4096, "NUL", "only NUL bytes: it was not written to its end"),
]
GOOD = b'{"prompt": "a", "completion": "b"}\n'


@pytest.mark.parametrize(("line", "reason", "message"), BAD_ROWS)
def test_a_bad_row_is_quarantined_with_its_location(
    tmp_path: Path, line: bytes, reason: str, message: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD + b"\n" + line + b"\n" + GOOD)
    assert len(load(path)) == 2
    [entry] = map(json.loads, (tmp_path / "quarantine.jsonl").read_text().splitlines())
    assert (entry["place"], entry["reason"]) == (f"{path}:3", reason)
    assert message in entry["what"]
    assert 0 < len(entry["row"]) < 1000
    assert json.loads((tmp_path / "report.json").read_text()) == {"quarantined": {reason: 1}}
    path.write_bytes(line + b"\n")
    with pytest.raises(
        DataError, match=rf"no row is usable; the first error: .*a\.jsonl:1: .*{re.escape(message)}"
    ):
        load(path)
    path.write_bytes(GOOD + line + b"\n")
    with pytest.raises(DataError, match=rf"a\.jsonl:2: .*{re.escape(message)}"):
        load(path, blocks=[{"rows": 2}])  # without this row, blocks would cover the wrong rows


def test_a_repeated_id_is_quarantined(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"prompt": "a", "completion": "b", "n": 1}\n' * 2)
    assert [each.id for each in load(path, columns={"id": "n"})] == ["jsonl:1"]
    assert "an earlier row has the same id, 'jsonl:1'" in (tmp_path / "quarantine.jsonl").read_text()


def test_bad_rows_of_every_kind_leave_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(GOOD + line + b"\n" for line, _, _ in BAD_ROWS))
    assert len(load(path)) == len(BAD_ROWS)
    reasons = Counter(reason for _, reason, _ in BAD_ROWS)
    assert json.loads((tmp_path / "report.json").read_text()) == {"quarantined": reasons}
    first = (tmp_path / "quarantine.jsonl").read_bytes()
    assert len(load(path)) == len(BAD_ROWS)
    assert (tmp_path / "quarantine.jsonl").read_bytes() == first
    with pytest.raises(DataError, match=r"a\.jsonl:2: not JSON"):
        list(rows(path))


def test_values_that_cannot_be_read_leave_the_others(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    far = pa.array([1 << 62] * 4, pa.timestamp("us"))  # in the year 148,000: no date of Python's
    prompts = pa.array([b"a", b"\xff", b"c", b"d"]).view(pa.string())
    answers = pa.array(["A", "B", None, "D"])
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"prompt": prompts, "completion": answers, "made": far}), path)
    assert [each.completion for each in load(path)] == ["A", "D"]
    assert [
        json.loads(line)["what"] for line in (tmp_path / "quarantine.jsonl").read_text().splitlines()
    ] == [
        "column 'prompt': expected text, found text that is not UTF-8",
        "column 'completion': expected text, found null",
    ]
    with pytest.raises(DataError, match=r"expected text, found a timestamp\[us\] out of range"):
        load(path, columns={"completion": "made"})
    pq.write_table(pa.table({"prompt": [b"a"], "completion": ["A"]}), path)
    with pytest.raises(DataError, match="column 'prompt': expected text, found bytes"):
        load(path)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"prompt": "a", "completion": "b"}\n' * 999)[:-9])
    (tmp_path / "c.jsonl.gz").write_text("not packed")
    (tmp_path / "d.parquet").write_text("not Parquet")
    (tmp_path / "e.json").write_text("{}")
    (tmp_path / "g.jsonl").write_bytes(gzip.compress(GOOD))
    (tmp_path / "h.jsonl").write_bytes(GOOD.decode().encode("utf-16"))
    (tmp_path / "i.jsonl").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n")
    packed = pa.compress(GOOD * 999, codec="zstd", asbytes=True)
    for name, size in (("j", len(packed) // 2), ("k", len(packed) - 3)):
        (tmp_path / f"{name}.jsonl.zst").write_bytes(packed[:size])
    (tmp_path / "l.jsonl").write_bytes(packed)
    (tmp_path / "m.jsonl.gz").write_bytes(GOOD)
    (tmp_path / "n.jsonl.zst").write_bytes(b"")
    (tmp_path / "o.json").write_bytes(GOOD * 2)
    for name, message in {
        "a.csv": "unknown extension",
        "b.jsonl.gz": "cannot be read: .*it is cut off or damaged: get it again",
        "c.jsonl.gz": "cannot be read",
        "g.jsonl": "is gzipped; rename it to end in .gz",
        "h.jsonl": "is UTF-16; expected UTF-8",
        "i.jsonl": "a pointer of Git LFS, not the data; get them: git lfs pull",
        "j.jsonl.zst": "cannot be read: .*it is cut off or damaged: get it again",
        "k.jsonl.zst": "cannot be read: .*it is cut off or damaged: get it again",
        "l.jsonl": "is compressed by zstd; rename it to end in .zst",
        "m.jsonl.gz": "is not gzipped; rename it without .gz",
        "n.jsonl.zst": "is empty, so not even compressed by zstd: get it again",
        "o.json": "not JSON: Extra data: .*; JSON lines need the ending .jsonl",
        "d.parquet": "not a readable Parquet file",
        "e.json": "expected a JSON list of objects, found an object",
        "f.jsonl": "no such file",
    }.items():
        with pytest.raises(DataError, match=rf"{name}: .*{message}"):
            load(tmp_path / name)


def test_blocks_must_cover_the_rows_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"prompt": "a", "completion": "b"}\n' * 3)
    two = {"rows": 2, "language": "Python", "label": "left"}
    examples = load(path, blocks=[two, {"rows": 1, "task": "fix"}])
    assert [(each.id, each.language, each.task) for each in examples] == [
        ("left:0", "python", "instruct"),
        ("left:1", "python", "instruct"),
        ("jsonl:2", "", "fix"),
    ]
    with pytest.raises(DataError, match=r"a\.jsonl:3: the blocks cover 2 rows, but the data has more"):
        load(path, blocks=[two])
    with pytest.raises(DataError, match="the blocks cover 4 rows, but the data has only 3"):
        load(path, blocks=[two, two])
    with pytest.raises(pydantic.ValidationError, match="blocks set language and task by position"):
        load(path, blocks=[two], language="go")


def test_requirements_check_that_the_file_exists(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for name in ("jsonl", "octogeex"):
        source = SOURCES.load(name)
        settings = source.settings.model_validate({"path": str(path)})
        path.unlink(missing_ok=True)
        assert [each.met for each in source.requirements(settings)] == [False]
        path.touch()
        assert [each.met for each in source.requirements(settings)] == [True]


SIGNS = {
    "python": r"^\s*(import|from|def|class|#|\"\"\"|\w+ = )",
    "javascript": r"(function|const|var|let|=>|require|import)",
    "java": r"^(package|import|public)\b",
    "go": r"^package \w+",
    "rust": r"\b(fn|use|struct|impl|mod|enum|let|macro_rules|const)\b",
}


def test_octogeex_s_published_file_has_its_languages_in_these_blocks() -> None:
    path = shared_data("commitpackft") / "oasst-commitpackft-manual.jsonl.gz"
    examples = load(path, "octogeex")
    assert len(examples) == 1178
    assert Counter(each.source for each in examples) == {"oasst": 725, "commitpackft": 453}
    for language, sign in SIGNS.items():
        of_language = [each for each in examples if each.language == language]
        fitting = [each for each in of_language if re.search(sign, each.completion, re.MULTILINE)]
        assert len(fitting) > 0.9 * len(of_language) > 50, language
    added = [each for each in examples if each.source == "commitpackft" and each.prompt.endswith("\n")]
    assert added
