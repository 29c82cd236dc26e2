"""The draw that studies, mixtures and controls share."""

import math
from collections import Counter

import pytest

from crosstune import corpus
from crosstune.corpus import Part
from crosstune.errors import DataError
from tests.corpus.samples import additions


def test_mix_has_the_requested_size_and_shares() -> None:
    parts = [
        Part(name="py", share=2, examples=additions("python", 100)),
        Part(name="js", share=1, examples=additions("javascript", 100)),
        Part(name="go", share=0.5, examples=additions("go", 100)),
    ]
    mixture = corpus.mix(parts, size=50, seed=1)
    assert Counter(each.language for each in mixture.examples) == {"python": 29, "javascript": 14, "go": 7}
    assert len({each.id for each in mixture.examples}) == 50
    assert [each.epochs for each in mixture.parts] == [0.29, 0.14, 0.07]
    assert [each.language for each in mixture.examples[:29]] != ["python"] * 29


def test_mix_depends_only_on_the_seed_and_the_examples() -> None:
    examples = additions("python", 40)
    one = corpus.mix([Part(name="p", examples=examples)], size=20, seed=1).examples
    same = corpus.mix([Part(name="q", share=9, examples=iter(examples[::-1]))], size=20, seed=1).examples
    assert one == same
    larger = corpus.mix([Part(name="p", examples=examples)], size=30, seed=1).examples
    assert {each.id for each in one} < {each.id for each in larger}
    other = corpus.mix([Part(name="p", examples=examples)], size=20, seed=2).examples
    assert {each.id for each in one} != {each.id for each in other}


def test_mix_draws_these_examples_in_this_order() -> None:
    parts = [Part(name="p", examples=additions("python", 9)), Part(name="g", examples=additions("go", 2))]
    assert [each.id for each in corpus.mix(parts, size=7, seed=0).examples] == [
        "python:6",
        "go:0~2",
        "python:8",
        "python:7",
        "go:0",
        "python:4",
        "go:1",
    ]


def test_mix_repeats_a_small_part_and_reports_epochs() -> None:
    mixture = corpus.mix([Part(name="p", examples=additions("python", 4))], size=10, seed=3)
    per_example = Counter(each.id.partition("~")[0] for each in mixture.examples)
    assert sorted(per_example.values()) == [2, 2, 3, 3]
    assert len({each.id for each in mixture.examples}) == 10
    assert mixture.parts[0].available == 4
    assert mixture.parts[0].epochs == 2.5


def test_parts_with_rows_leave_the_rest_to_the_shares() -> None:
    parts = [
        Part(name="py", rows=10, examples=additions("python", 100)),
        Part(name="js", share=3, examples=additions("javascript", 100)),
        Part(name="go", share=1, examples=additions("go", 100)),
    ]
    mixture = corpus.mix(parts, size=50, seed=1)
    assert [each.taken for each in mixture.parts] == [10, 30, 10]
    alone = corpus.mix([Part(name="py", examples=additions("python", 100))], size=10, seed=1)
    python = [each for each in mixture.examples if each.language == "python"]
    assert python == alone.examples


def test_mix_without_a_size_takes_parts_whole() -> None:
    parts = [
        Part(name="py", rows=3, examples=additions("python", 5)),
        Part(name="go", share=9, examples=additions("go", 4)),
        Part(name="none", examples=[]),
    ]
    mixture = corpus.mix(parts, size=None, seed=1)
    assert [(each.available, each.taken, each.epochs) for each in mixture.parts] == [
        (5, 3, 0.6),
        (4, 4, 1),
        (0, 0, 0),
    ]
    assert len(mixture.examples) == 7


@pytest.mark.parametrize(
    ("parts", "size", "message"),
    [
        ([], 5, "needs parts"),
        ([Part(name="p", examples=additions("python", 1))], 0, "size over 0"),
        ([Part(name="p", share=0, examples=additions("python", 1))], 5, "the share is 0"),
        ([Part(name="p", share=math.inf, examples=additions("python", 1))], 5, "the share is inf"),
        ([Part(name="p", share=math.nan, examples=additions("python", 1))], 5, "the share is nan"),
        ([Part(name="p", rows=0, examples=additions("python", 1))], 5, "0 rows; expected more than 0"),
        ([Part(name="p", examples=[])], 5, "'p': no examples; 5 were asked for"),
        ([Part(name="p", rows=2, examples=[])], None, "'p': no examples; 2 were asked for"),
        ([Part(name="p", rows=6, examples=additions("python", 1))], 5, "-1 are left for 0 parts"),
        ([Part(name="p", rows=4, examples=additions("python", 1))], 5, "1 are left for 0 parts"),
        ([Part(name="p", examples=additions("python", 1))] * 2, 5, "two parts have this name"),
    ],
)
def test_mix_refuses(parts: list[Part], size: int | None, message: str) -> None:
    with pytest.raises(DataError, match=message):
        corpus.mix(parts, size=size, seed=0)


def test_sample_never_repeats() -> None:
    assert len(corpus.sample(additions("python", 4), 10, seed=0)) == 4
    assert len({each.id for each in corpus.sample(additions("python", 40), 10, seed=0)}) == 10
