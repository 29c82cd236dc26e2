from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crosstune import corpus
from crosstune.errors import DataError
from crosstune.records import Example, Turn


def example(number: int = 0, **changes: str) -> Example:
    fields: dict[str, Any] = {
        "id": f"t:{number}",
        "prompt": f"Add {number}.\n",
        "completion": f"x + {number}\n",
        "language": "python",
        "task": "synthesize",
        "source": "t",
    }
    return Example(**{**fields, **changes}, provenance={"place": f"t:{number}"})


UNUSUAL = [
    example(0, prompt="", completion="nul \0 and \r\n and \u202e bidi and \ufeff mark"),
    example(1, completion="x" * 10_000_000),
    replace(example(3), system="Be terse.", history=(Turn("user", "Hi."), Turn("assistant", "\u2028"))),
    example(2, language="", prompt="emoji \U0001f40d, combining e\u0301, \u2028 separator"),
]


def test_read_returns_what_was_written(tmp_path: Path) -> None:
    examples = [*UNUSUAL, *(example(number) for number in range(4, 2500))]
    assert corpus.write(tmp_path / "deep" / "c.parquet", examples) == 2500
    assert list(corpus.read(tmp_path / "deep" / "c.parquet")) == examples
    assert list(corpus.read(tmp_path)) == examples
    assert corpus.count(tmp_path) == 2500
    assert [each.name for each in (tmp_path / "deep").iterdir()] == ["c.parquet"]


def test_files_of_an_earlier_version_are_read(tmp_path: Path) -> None:
    corpus.write(tmp_path / "c.parquet", [example(0)])
    table = pq.read_table(tmp_path / "c.parquet").drop_columns(["system", "history"])
    pq.write_table(table, tmp_path / "old.parquet")
    assert list(corpus.read(tmp_path / "old.parquet")) == [example(0)]
    assert list(corpus.load(tmp_path / "old.parquet")) == [example(0)]


def test_equal_examples_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        corpus.write(tmp_path / name, iter(UNUSUAL))
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_empty_corpus_can_be_read(tmp_path: Path) -> None:
    assert corpus.write(tmp_path / "c.parquet", []) == 0
    assert list(corpus.read(tmp_path / "c.parquet")) == []


def test_datasets_loads_a_corpus(tmp_path: Path) -> None:
    corpus.write(tmp_path / "c.parquet", [example(0), example(1)])
    loaded = datasets.load_dataset(str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.column_names == [
        "id",
        "prompt",
        "completion",
        "language",
        "task",
        "source",
        "provenance",
        "system",
        "history",
    ]
    assert loaded["completion"][1] == "x + 1\n"


def test_failing_source_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    corpus.write(path, [example(0)])

    def broken() -> Iterator[Example]:
        yield from (example(number) for number in range(3000))
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError):
        corpus.write(path, broken())
    assert list(corpus.read(path)) == [example(0)]
    assert [each.name for each in tmp_path.iterdir()] == ["c.parquet"]


def test_lone_surrogate_names_the_example(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'t:7': its prompt is not text"):
        corpus.write(tmp_path / "c.parquet", [example(6), example(7, prompt="\ud800")])
    assert list(tmp_path.iterdir()) == []


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    good = tmp_path / "good.parquet"
    corpus.write(good, [example(0)])
    (tmp_path / "cut.parquet").write_bytes(good.read_bytes()[:-20])
    (tmp_path / "text.parquet").write_text("not Parquet")
    (tmp_path / "lfs.parquet").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    table = pq.read_table(good)
    pq.write_table(table.drop_columns(["task"]), tmp_path / "column.parquet")
    nulls = table.set_column(2, "completion", pa.array([None], pa.string()))
    pq.write_table(nulls, tmp_path / "null.parquet")
    numbers = table.set_column(6, "provenance", pa.array(["[1]"]))
    pq.write_table(numbers, tmp_path / "provenance.parquet")
    turns = table.set_column(8, "history", pa.array(['[{"role": "user"}]']))
    pq.write_table(turns, tmp_path / "history.parquet")
    broken = table.set_column(1, "prompt", pa.array([b"\xff"]).view(pa.string()))
    pq.write_table(broken, tmp_path / "bytes.parquet")
    for name, message in {
        "bytes": "damaged after row 0: 'utf-8' codec can't decode",
        "missing": "no such file",
        "cut": "not a readable Parquet file",
        "text": "not a readable Parquet file",
        "lfs": "a pointer of Git LFS, not the data; get them: git lfs pull",
        "column": "column 'task' is missing",
        "null": "row 0: column 'completion': expected text, found NoneType",
        "provenance": "row 0: column 'provenance': expected a JSON object",
        "history": "row 0: column 'history': expected a JSON list of messages",
    }.items():
        with pytest.raises(DataError, match=f"{name}.parquet: .*{message}"):
            list(corpus.read(tmp_path / f"{name}.parquet"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no Parquet file in this folder"):
        list(corpus.read(tmp_path / "empty"))
