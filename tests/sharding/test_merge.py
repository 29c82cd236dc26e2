"""`crosstune merge` accepts complete shards only, and says what is wrong with others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import CorruptArtifact, Incomplete, UsageError
from crosstune.sharding import (
    Inputs,
    Shard,
    check_nothing_missing,
    finished_shards,
    join_lines,
    marker_path,
    write_marker,
)

ROWS = [{"id": f"p{number}"} for number in range(8)]


def finish(out: Path, shard: Shard, rows: list[dict[str, Any]] = ROWS, **changes: Any) -> Path:
    """Write the output and the marker of one shard; ``kept`` are the rows that its output has."""
    inputs = Inputs.of([(row["id"], json.dumps(row).encode()) for row in rows], shard)
    output = shard.path(out)
    kept = changes.pop("kept", list(shard.of(rows)))
    output.write_text("".join(json.dumps(row) + "\n" for row in kept))
    given = {"command": "judge", "made_with": {"limit": 1}, "missing": {}, **changes}
    write_marker(output, shard=shard, inputs=inputs, **given)
    return output


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for index in range(3):
        finish(tmp_path / "v.jsonl", Shard(index, 3))
    return tmp_path / "v.jsonl"


def merged(out: Path, **options: Any) -> list[str]:
    markers = finished_shards(out)
    check_nothing_missing(markers, out)
    join_lines(markers, out, lambda row: str(row["id"]), **options)
    return [json.loads(line)["id"] for line in out.read_text().splitlines()]


def test_rows_are_in_the_order_of_the_inputs(out: Path) -> None:
    assert [row["id"] for row in ROWS] == merged(out)


def test_more_shards_than_inputs(tmp_path: Path) -> None:
    for index in range(20):
        finish(tmp_path / "w.jsonl", Shard(index, 20))
    assert [row["id"] for row in ROWS] == merged(tmp_path / "w.jsonl")


def damaged(change: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda out: change(Shard(1, 3).path(out))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[9] ^= 1
    path.write_bytes(content)


def _marker(path: Path, **changes: Any) -> None:
    file = marker_path(path)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda path: marker_path(path).unlink(), "shard 1/3 has not finished: run its command with"),
        (lambda path: path.unlink(), "shard 1/3: .*cannot be read"),
        (_cut, "shard 1/3: .* is not what it wrote"),
        (_flip, "shard 1/3: .* is not what it wrote"),
        (_marker, "^$"),
        (lambda path: _cut(marker_path(path)), "not a completion marker"),
        (lambda path: _marker(path, version=7), "its version is 7, expected 2"),
        (lambda path: _marker(path, index=2), "shard 1/3: .* is the marker of shard 2/3"),
        (lambda path: _marker(path, made_with={"limit": 2}), "shard 1/3 has limit 2, shard 0/3 1"),
        (lambda path: _marker(path, command="generate"), "shard 1/3 is of generate, shard 0/3 of judge"),
    ],
)
def test_one_bad_shard_is_named(out: Path, change: Callable[[Path], object], message: str) -> None:
    change(Shard(1, 3).path(out))
    if message == "^$":
        assert len(merged(out)) == 8  # rewriting the marker is itself no error
        return
    with pytest.raises(Incomplete, match=message):
        merged(out)
    assert not out.exists()


def test_results_of_other_tools_are_not_joined(tmp_path: Path) -> None:
    """A shard without programs in a language has no tools for it, and does not differ."""
    used = [{"python": "3.11", "cpp": "g++ 12"}, {"python": "3.11"}, {"python": "3.11", "cpp": "g++ 13"}]
    for index, tools in enumerate(used):
        finish(tmp_path / "v.jsonl", Shard(index, 3), tools=tools)
    with pytest.raises(Incomplete) as refused:
        merged(tmp_path / "v.jsonl")
    assert "shard 2/3 used 'g++ 13' for cpp, shard 0/3 'g++ 12': install the same" in str(refused.value)
    assert "python" not in str(refused.value)
    assert not (tmp_path / "v.jsonl").exists()
    finish(tmp_path / "v.jsonl", Shard(2, 3), tools=used[0])
    assert len(merged(tmp_path / "v.jsonl")) == 8


def test_results_kept_without_their_tools_are_not_joined(tmp_path: Path) -> None:
    for index in range(2):
        finish(tmp_path / "v.jsonl", Shard(index, 2), tools={"cpp": None})
    with pytest.raises(Incomplete, match="shard 1/2 kept earlier results for cpp although its tools"):
        merged(tmp_path / "v.jsonl")


def test_other_inputs_are_named(out: Path) -> None:
    finish(out, Shard(2, 3), [*ROWS, {"id": "new"}])
    with pytest.raises(Incomplete, match=r"shard 2/3 was made from 9 inputs .*, shard 0/3 from 8"):
        merged(out)


@pytest.mark.parametrize("rows", [ROWS[1:2] * 2 + [ROWS[4]], [ROWS[4], ROWS[1], ROWS[7]], [ROWS[1], ROWS[0]]])
def test_doubled_disordered_and_foreign_rows_are_refused(out: Path, rows: list[dict[str, Any]]) -> None:
    finish(out, Shard(1, 3), kept=rows)
    with pytest.raises(CorruptArtifact, match="shard 1/3: "):
        merged(out)
    assert not out.exists()


def test_a_row_that_is_nowhere_missed_is_missed(out: Path) -> None:
    finish(out, Shard(1, 3), kept=[ROWS[1], ROWS[7]])
    with pytest.raises(CorruptArtifact, match="shard 1/3: has no row for 'p4'"):
        merged(out)


def test_inputs_without_a_result_are_named_and_may_be_left_out(out: Path) -> None:
    finish(out, Shard(1, 3), kept=[ROWS[1], ROWS[7]], missing={"p4": "a bad line"})
    with pytest.raises(Incomplete, match="1 of 8 inputs have no result:\n  shard 1/3: p4: a bad line"):
        merged(out)
    assert join_lines(finished_shards(out), out, lambda row: str(row["id"])) == 7


def test_an_id_in_two_shards_is_refused_where_ids_are_unique(tmp_path: Path) -> None:
    rows = [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "b"}]
    out = tmp_path / "v.jsonl"
    for index in range(3):
        finish(out, Shard(index, 3), rows)
    assert merged(out) == ["a", "b", "c", "b"]
    with pytest.raises(CorruptArtifact, match="'b' is in shard 0/3 and in an earlier one"):
        merged(out, unique=True)


def test_swapped_inputs_of_two_shards_are_noticed(out: Path) -> None:
    first, second = (json.loads(marker_path(Shard(index, 3).path(out)).read_text()) for index in (0, 1))
    first["inputs"]["own"][0], second["inputs"]["own"][0] = (
        second["inputs"]["own"][0],
        first["inputs"]["own"][0],
    )
    for marker, index in ((first, 0), (second, 1)):
        marker_path(Shard(index, 3).path(out)).write_text(json.dumps(marker))
    with pytest.raises(Incomplete, match="not those that were divided"):
        merged(out)


def test_two_divisions_need_a_choice(out: Path) -> None:
    for index in range(2):
        finish(out, Shard(index, 2))
    with pytest.raises(UsageError, match="there are shards of 2 and of 3; choose with --shards N"):
        finished_shards(out)
    assert len(finished_shards(out, 2)) == 2


def test_without_any_shard_nothing_is_merged(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"no shard of it has finished; expected files like .*-00000-of-00008"
    ):
        finished_shards(tmp_path / "v.jsonl")
