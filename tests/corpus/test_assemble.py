"""The corpus step of a study."""

import json
from collections import Counter
from dataclasses import asdict, replace

import pytest

from crosstune import corpus
from crosstune.corpus import Part
from crosstune.errors import DataError
from crosstune.records import Example
from tests.corpus.samples import PROBLEM, additions


def test_assemble_filters_across_parts_and_reaches_the_size() -> None:
    python = additions("python", 30)
    leak = Example("leak", "Write it.", PROBLEM.canonical, "python", "synthesize", "t")
    made = corpus.assemble(
        [
            Part(name="a", examples=[*python, leak]),
            Part(name="b", examples=[*python[:5], *additions("go", 10)]),
        ],
        size=20,
        seed=0,
        problems=iter([PROBLEM]),
    )
    assert Counter(each.language for each in made.examples) == {"python": 10, "go": 10}
    assert [each.id for each in made.report.dropped["a"]] == ["leak"]
    assert [each.reason for each in made.report.dropped["b"]] == ["duplicate content"] * 5
    assert made.report.statistics.rows == 20
    json.dumps(asdict(made.report))


def test_assemble_without_a_size_takes_every_example_once() -> None:
    python = additions("python", 30)
    whole = corpus.assemble([Part(name="a", examples=python)], size=None, seed=0)
    assert sorted(each.id for each in whole.examples) == sorted(each.id for each in python)


@pytest.mark.parametrize("size", [None, 3])
def test_assemble_says_why_no_example_is_left(size: int | None) -> None:
    leaks = [Example(f"e{n}", f"Do {n}.", PROBLEM.canonical, "python", "synthesize", "t") for n in range(2)]
    with pytest.raises(
        DataError, match=r"part 'a': .* dropped all of its 2 examples: 2 by 'canonical, whole'"
    ):
        corpus.assemble([Part(name="a", examples=leaks)], size=size, seed=0, problems=[PROBLEM])


def test_assemble_reports_flagged_problems_or_that_none_were_searched_for() -> None:
    leak = Example("e0", "Do it.", PROBLEM.canonical, "python", "synthesize", "t")
    part = Part(name="a", examples=[*additions("python", 3), leak])
    made = corpus.assemble([part], size=None, seed=0, problems=[PROBLEM])
    assert made.report.flagged == (("b", "python", "P/1"),)
    assert corpus.assemble([part], size=None, seed=0).report.flagged is None


def test_assemble_drops_near_duplicates_across_parts() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    first = Example("e1", "", words, "python", "t", "a")
    made = corpus.assemble(
        [
            Part(name="a", examples=[first]),
            Part(name="b", examples=[replace(first, id="e2", completion=words + " more", source="b")]),
        ],
        size=None,
        seed=0,
        near_duplicates=corpus.NearDuplicates(),
    )
    assert [each.id for each in made.examples] == ["e1"]
    assert [each.reason for each in made.report.dropped["b"]] == ["near duplicate"]
    assert made.report.clusters == [corpus.Cluster("e1", ("e2",))]


def test_assemble_counts_private_data() -> None:
    key = "AKIA" + "QZ7WEXAMPLE7RPT2"  # split, so that secret scanners do not report this file
    part = Part(name="a", examples=[Example("e", "Do it.", f"k = '{key}'", "python", "t", "s")])
    made = corpus.assemble([part], size=None, seed=0, privacy=corpus.Privacy())
    assert key not in made.examples[0].completion
    assert made.report.private == {"AWS Access Key": 1}
