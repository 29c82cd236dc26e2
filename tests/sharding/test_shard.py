"""Which inputs a shard has, and how it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.errors import UsageError
from crosstune.sharding import WHOLE, Inputs, Shard, align, parse_shard


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_every_input_is_in_exactly_one_shard(count: int) -> None:
    shares = [list(Shard(index, count).of(range(17))) for index in range(count)]
    assert sorted(each for share in shares for each in share) == list(range(17))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_number_comes_from_slurm_or_kubernetes() -> None:
    assert parse_shard("2/4", {}) == Shard(2, 4)
    assert parse_shard("env/4", {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "1"}) == Shard(3, 4)
    assert parse_shard("env/4", {"JOB_COMPLETION_INDEX": "0"}) == Shard(0, 4)


@pytest.mark.parametrize(
    ("text", "environment", "message"),
    [
        ("4/4", {}, "there is no shard 4: 4 shards are 0 to 3"),
        ("1", {}, "expected I/N"),
        ("-1/4", {}, "expected I/N"),
        ("0/0", {}, "at least 1"),
        ("env", {"SLURM_ARRAY_TASK_ID": "0"}, "or env/N"),
        ("env/4", {}, "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set"),
        ("env/4", {"JOB_COMPLETION_INDEX": "x"}, "JOB_COMPLETION_INDEX is 'x', expected a number"),
        ("env/4", {"JOB_COMPLETION_INDEX": "1", "SLURM_ARRAY_TASK_ID": "2"}, "differ; give I/N"),
        ("env/4", {"SLURM_ARRAY_TASK_ID": "4"}, "there is no shard 4"),
    ],
)
def test_wrong_shards_are_refused(text: str, environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_shard(text, environment)


def test_each_shard_has_an_output_of_its_own() -> None:
    assert Path("a/v-00003-of-00008.jsonl") == Shard(3, 8).path(Path("a/v.jsonl"))
    assert Path("a/corpus-00000-of-00002") == Shard(0, 2).path(Path("a/corpus"))
    assert WHOLE.path(Path("a/v.jsonl")) == Path("a/v.jsonl")


def test_digest_of_all_inputs_is_the_same_in_every_shard() -> None:
    rows = [(f"p{number}", str(number).encode()) for number in range(5)]
    shares = [Inputs.of(rows, Shard(index, 2)) for index in range(2)]
    assert shares[0].digest == shares[1].digest != Inputs.of(reversed(rows), Shard(0, 2)).digest
    assert [[each.id for each in share.own] for share in shares] == [["p0", "p2", "p4"], ["p1", "p3"]]


def test_rows_belong_to_inputs_in_order() -> None:
    own = Inputs.of([("a", b"1"), ("b", b"2"), ("a", b"3"), ("c", b"4")], WHOLE).own
    assert list(align(own, ["a", "a", "c"])) == [0, 2, 3]
    for wrong in (["b", "b"], ["c", "a"], ["x"], ["a", "b", "a", "c", "c"]):
        with pytest.raises(ValueError, match="doubled, out of order, or of no input"):
            list(align(own, wrong))
