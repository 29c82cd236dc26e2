from collections.abc import Iterator
from pathlib import Path

import datasets
import pytest

from crosstune import corpus
from crosstune.errors import DataError
from crosstune.records import Example


def example(number: int = 0, **changes: str) -> Example:
    fields = {
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
    example(2, language="", prompt="emoji \U0001f40d, combining e\u0301, \u2028 separator"),
]


def test_read_returns_what_was_written(tmp_path: Path) -> None:
    examples = [*UNUSUAL, *(example(number) for number in range(3, 2500))]
    assert corpus.write(tmp_path / "deep" / "c.parquet", examples) == 2500
    assert list(corpus.read(tmp_path / "deep" / "c.parquet")) == examples
    assert list(corpus.read(tmp_path)) == examples
    assert corpus.count(tmp_path) == 2500
    assert [each.name for each in (tmp_path / "deep").iterdir()] == ["c.parquet"]


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
    import pyarrow as pa
    import pyarrow.parquet as pq

    good = tmp_path / "good.parquet"
    corpus.write(good, [example(0)])
    (tmp_path / "cut.parquet").write_bytes(good.read_bytes()[:-20])
    (tmp_path / "text.parquet").write_text("not Parquet")
    table = pq.read_table(good)
    pq.write_table(table.drop_columns(["task"]), tmp_path / "column.parquet")
    nulls = table.set_column(2, "completion", pa.array([None], pa.string()))
    pq.write_table(nulls, tmp_path / "null.parquet")
    numbers = table.set_column(6, "provenance", pa.array(["[1]"]))
    pq.write_table(numbers, tmp_path / "provenance.parquet")
    for name, message in {
        "missing": "no such file",
        "cut": "not a readable Parquet file",
        "text": "not a readable Parquet file",
        "column": "column 'task' is missing",
        "null": "row 0: column 'completion': expected text, found NoneType",
        "provenance": "row 0: column 'provenance': expected a JSON object",
    }.items():
        with pytest.raises(DataError, match=f"{name}.parquet: .*{message}"):
            list(corpus.read(tmp_path / f"{name}.parquet"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no Parquet file in this folder"):
        list(corpus.read(tmp_path / "empty"))
