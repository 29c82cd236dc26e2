import json
from collections import Counter
from dataclasses import asdict

import pytest

from crosstune import corpus
from crosstune.corpus import Part
from crosstune.errors import DataError
from crosstune.records import Example, Problem


def some(language: str, count: int, source: str = "t") -> list[Example]:
    return [
        Example(f"{language}:{n}", f"In {language}, add {n}.", f"x + {n}", language, "synthesize", source)
        for n in range(count)
    ]


def test_a_mixture_has_its_size_and_shares() -> None:
    parts = [
        Part(name="py", share=2, examples=some("python", 100)),
        Part(name="js", share=1, examples=some("javascript", 100)),
        Part(name="go", share=0.5, examples=some("go", 100)),
    ]
    mixture = corpus.mix(parts, 50, seed=1)
    assert Counter(each.language for each in mixture.examples) == {"python": 29, "javascript": 14, "go": 7}
    assert len({each.id for each in mixture.examples}) == 50
    assert [each.epochs for each in mixture.taken] == [0.29, 0.14, 0.07]
    assert [each.language for each in mixture.examples[:29]] != ["python"] * 29


def test_the_seed_and_the_examples_decide_and_nothing_else() -> None:
    examples = some("python", 40)
    one = corpus.mix([Part(name="p", share=1, examples=examples)], 20, seed=1).examples
    same = corpus.mix([Part(name="q", share=9, examples=iter(examples[::-1]))], 20, seed=1).examples
    assert one == same
    assert {each.id for each in one} < {
        each.id for each in corpus.mix([Part(name="p", share=1, examples=examples)], 30, seed=1).examples
    }
    other = corpus.mix([Part(name="p", share=1, examples=examples)], 20, seed=2).examples
    assert {each.id for each in one} != {each.id for each in other}


def test_a_small_part_is_taken_in_whole_epochs_and_this_is_reported() -> None:
    mixture = corpus.mix([Part(name="p", share=1, examples=some("python", 4))], 10, seed=3)
    per_example = Counter(each.id.partition("~")[0] for each in mixture.examples)
    assert sorted(per_example.values()) == [2, 2, 3, 3]
    assert len({each.id for each in mixture.examples}) == 10
    assert mixture.taken[0].available == 4
    assert mixture.taken[0].epochs == 2.5


@pytest.mark.parametrize(
    ("parts", "size", "message"),
    [
        ([], 5, "needs parts"),
        ([Part(name="p", share=1, examples=some("python", 1))], 0, "size over 0"),
        ([Part(name="p", share=0, examples=some("python", 1))], 5, "the share is 0"),
        ([Part(name="p", share=1, examples=[])], 5, "'p': no examples; 5 were asked for"),
        ([Part(name="p", share=1, examples=some("python", 1))] * 2, 5, "two parts have this name"),
    ],
)
def test_what_cannot_be_mixed_is_said(parts: list[Part], size: int, message: str) -> None:
    with pytest.raises(DataError, match=message):
        corpus.mix(parts, size, seed=0)


def test_sampling_never_repeats() -> None:
    assert len(corpus.sample(some("python", 4), 10, seed=0)) == 4
    assert len({each.id for each in corpus.sample(some("python", 40), 10, seed=0)}) == 10


def test_duplicates_go_by_content_and_by_id() -> None:
    first, second, third = some("python", 3)
    blanks = Example("b", first.prompt + " ", first.completion + "  \n", "python", "fix", "other")
    same_id = Example(second.id, "another", "thing", "python", "fix", "t")
    elsewhere = Example(second.id, "of another", "source", "python", "fix", "other")
    sifted = corpus.sift([first, second, blanks, same_id, elsewhere, third], corpus.Seen())
    assert sifted.kept == [first, second, elsewhere, third]
    assert [(each.id, each.reason, each.detail) for each in sifted.dropped] == [
        ("b", "duplicate content", first.id),
        (second.id, "duplicate id", second.id),
    ]
    assert sifted.reasons == {"duplicate content": 1, "duplicate id": 1}


def test_statistics_count_everything_once() -> None:
    found = corpus.statistics([*some("python", 3), *some("go", 1, "u"), *some("", 10)])
    assert found.rows == 14
    assert list(found.languages.items()) == [("", 10), ("python", 3), ("go", 1)]
    assert found.sources == {"t": 13, "u": 1}
    assert [(cell.language, cell.rows) for cell in found.cells] == [("", 10), ("go", 1), ("python", 3)]
    assert (found.completions.least, found.completions.median, found.completions.most) == (5, 5, 5)
    assert found.completions.total == 70
    json.dumps(asdict(found))
    assert corpus.statistics([]).prompts.most == 0


def test_an_assembly_is_clean_across_its_parts_and_of_full_size() -> None:
    python = some("python", 30)
    leak = Example("leak", "Write it.", PROBLEM.canonical, "python", "synthesize", "t")
    made = corpus.assemble(
        [
            Part(name="a", share=1, examples=[*python, leak]),
            Part(name="b", share=1, examples=[*python[:5], *some("go", 10)]),
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
    whole = corpus.assemble([Part(name="a", share=1, examples=python)], size=None, seed=0)
    assert sorted(each.id for each in whole.examples) == sorted(each.id for each in python)


PROBLEM = Problem(
    id="P/1",
    benchmark="b",
    task="synthesize",
    language="python",
    instruction="Say whether any two of the numbers stand closer together than the threshold allows.",
    declaration="def close(numbers, threshold):\n",
    entry_point="close",
    canonical="def close(numbers, threshold):\n    ordered = sorted(numbers)\n"
    "    return any(b - a < threshold for a, b in zip(ordered, ordered[1:]))\n",
    tests="assert close([1.0, 2.0], 0.5) is False\nassert close([1.0, 2.8, 3.0], 0.3) is True\n",
)


def gate(completion: str, settings: corpus.Decontamination | None = None) -> list[str]:
    example = Example("e", "Do it.", completion, "python", "synthesize", "t")
    sifted = corpus.sift([example], corpus.Gate([PROBLEM], settings))
    assert len(sifted.kept) + len(sifted.dropped) == 1
    return [each.reason for each in sifted.dropped]


def test_the_gate_finds_texts_whole_reflowed_and_in_part() -> None:
    assert gate("x = 1\n" + PROBLEM.canonical + "y = 2") == ["canonical, whole"]
    assert gate(PROBLEM.canonical.replace("    ", "\t").replace("(", " ( ")) == ["canonical, whole"]
    assert gate(PROBLEM.canonical.splitlines()[2]) == ["canonical, in part"]
    assert gate("# " + PROBLEM.instruction.upper()) == ["instruction, whole"]
    assert gate(PROBLEM.tests) == ["tests, whole"]
    assert gate("def close(numbers, threshold):\n    raise NotImplementedError") == []


def test_the_gate_obeys_its_settings_and_says_what_it_did_not_search() -> None:
    line = PROBLEM.canonical.splitlines()[2]
    assert gate(line, corpus.Decontamination(ngram=0)) == []
    assert gate(PROBLEM.tests, corpus.Decontamination(parts=("canonical",))) == []
    short = Problem("P/2", "b", "fix", "go", "Add.", "", "add", "", canonical="return a + b")
    searched = corpus.Gate([short])
    assert corpus.sift(some("python", 1), searched).dropped == []
    assert searched.notes == ("2 texts of problems are shorter than 10 tokens and were not searched for",)
