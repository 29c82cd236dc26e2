"""Near duplicates, against the plain reading of the same rule: every pair compared."""

import json
import random
import subprocess
import sys

import pytest

from crosstune import corpus
from crosstune.corpus import Dropped, Near, NearDuplicates, Part
from crosstune.errors import MissingExtra
from crosstune.records import Example
from tests.shared import ROOT

WORDS = [f"word{n}" for n in range(400)]


def example(number: int, text: str, prompt: str = "", source: str = "s") -> Example:
    return Example(f"e{number}", prompt, text, "python", "t", source)


def runs(text: str, width: int = 5) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + width]) for at in range(len(words) - width + 1)}


def similarity(one: str, other: str) -> float:
    a, b = runs(one), runs(other)
    return len(a & b) / len(a | b)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Sixty texts, each with up to four copies that are changed more and more."""
    rng = random.Random(3)
    found = []
    for _ in range(60):
        words = rng.choices(WORDS, k=rng.randint(30, 120))
        found.append(" ".join(words))
        for changes in rng.sample(range(1, 9), rng.randint(0, 4)):
            copy = list(words)
            for place in rng.sample(range(len(words)), changes):
                copy[place] = f"other{rng.random()}".replace(".", "")
            found.append(" ".join(copy))
    rng.shuffle(found)
    return found


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_the_same_go_as_when_every_pair_is_compared(texts: list[str], threshold: float) -> None:
    kept: list[int] = []
    groups: dict[int, list[str]] = {}
    for number, text in enumerate(texts):
        first = next((k for k in kept if similarity(texts[k], text) >= threshold), None)
        if first is None:
            kept.append(number)
        else:
            groups.setdefault(first, []).append(f"e{number}")
    near = Near(NearDuplicates(similarity=threshold))
    sifted = corpus.sift([example(n, text) for n, text in enumerate(texts)], near)
    assert [each.id for each in sifted.kept] == [f"e{number}" for number in kept]
    assert {each.kept: list(each.dropped) for each in near.clusters} == {
        f"e{first}": dropped for first, dropped in groups.items()
    }
    assert len(sifted.dropped) >= (20 if threshold < 0.9 else 3)


def test_what_is_said_of_one() -> None:
    near = Near()
    words = " ".join(WORDS[:60])
    first = example(1, words)
    assert near(first) is first
    found = near(example(2, words.replace("word30", "changed")))
    assert isinstance(found, Dropped)
    assert (found.id, found.reason, found.detail) == ("e2", "near duplicate", "e1, 84%")  # 51 of 61 runs
    assert near(example(3, f"{words} ; {{ }} !?")) == Dropped("e3", "near duplicate", "e1, 100%")


def test_texts_of_few_or_no_words() -> None:
    examples = [example(1, "a b"), example(2, "a b"), example(3, "a c"), example(4, ""), example(5, "")]
    sifted = corpus.sift([*examples, example(6, "++ --")], Near())
    assert [each.id for each in sifted.dropped] == ["e2"]


def test_only_the_parts_asked_for_are_compared() -> None:
    words = " ".join(WORDS[:60])
    examples = [example(1, words, prompt="one"), example(2, words + " more", prompt=" ".join(WORDS[60:]))]
    assert len(corpus.sift(examples, Near()).dropped) == 0
    only = Near(NearDuplicates(parts=("completion",)))
    assert len(corpus.sift(examples, only).dropped) == 1


def test_it_goes_across_the_parts_of_a_corpus() -> None:
    words = " ".join(WORDS[:60])
    made = corpus.assemble(
        [
            Part(name="a", share=1, examples=[example(1, words, source="a")]),
            Part(name="b", share=1, examples=[example(2, words + " more", source="b")]),
        ],
        size=None,
        seed=0,
        near=NearDuplicates(),
    )
    assert [each.id for each in made.examples] == ["e1"]
    assert [each.reason for each in made.report.dropped["b"]] == ["near duplicate"]
    assert made.report.clusters == [corpus.Cluster("e1", ("e2",))]


def test_another_process_finds_the_same(texts: list[str]) -> None:
    script = (
        "import sys, json\nfrom crosstune import corpus\nfrom tests.corpus.test_near import example\n"
        "texts = json.load(sys.stdin)\n"
        "print([e.id for e in corpus.sift([example(n, t) for n, t in enumerate(texts)], corpus.Near()).kept])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(texts),
            env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_without_its_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(MissingExtra, match=r"pip install 'crosstune\[corpus\]'"):
        Near()
