"""Near duplicates, checked against a comparison of all pairs."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from crosstune import corpus
from crosstune.corpus import Dropped, NearDedup, NearDuplicates
from crosstune.errors import MissingExtra
from crosstune.records import Example, Turn
from tests.shared import ROOT

WORDS = [f"word{n}" for n in range(400)]


def example(number: int, text: str, prompt: str = "", source: str = "s") -> Example:
    return Example(f"e{number}", prompt, text, "python", "t", source)


def ngrams(text: str, width: int = 5) -> set[tuple[str, ...]]:
    words = ["", "", "", "", *text.split(), "", "", "", ""]
    return {tuple(words[start : start + width]) for start in range(len(words) - width + 1)}


def similarity(one: str, other: str) -> float:
    a, b = ngrams(one), ngrams(other)
    return len(a & b) / len(a | b)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Sixty texts, each with up to four copies with increasing numbers of changes."""
    rng = random.Random(3)
    texts = []
    for _ in range(60):
        words = rng.choices(WORDS, k=rng.randint(30, 120))
        texts.append(" ".join(words))
        for changes in rng.sample(range(1, 9), rng.randint(0, 4)):
            copy = list(words)
            for index in rng.sample(range(len(words)), changes):
                copy[index] = f"other{rng.random()}".replace(".", "")
            texts.append(" ".join(copy))
    rng.shuffle(texts)
    return texts


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_same_rows_are_dropped_as_with_all_pairs_compared(texts: list[str], threshold: float) -> None:
    kept: list[int] = []
    groups: dict[int, list[str]] = {}
    for number, text in enumerate(texts):
        first = next((k for k in kept if similarity(texts[k], text) >= threshold), None)
        if first is None:
            kept.append(number)
        else:
            groups.setdefault(first, []).append(f"e{number}")
    near = NearDedup(NearDuplicates(similarity=threshold))
    filtered = corpus.apply_filters([example(n, text) for n, text in enumerate(texts)], near)
    assert [each.id for each in filtered.kept] == [f"e{number}" for number in kept]
    assert {each.kept: list(each.dropped) for each in near.clusters} == {
        f"e{first}": dropped for first, dropped in groups.items()
    }
    assert len(filtered.dropped) >= (20 if threshold < 0.9 else 3)


def test_dropped_row_names_the_kept_one_and_the_similarity() -> None:
    near = NearDedup()
    words = " ".join(WORDS[:60])
    first = example(1, words)
    assert near(first) is first
    result = near(example(2, words.replace("word30", "changed")))
    assert isinstance(result, Dropped)
    assert (result.id, result.reason, result.detail) == (
        "e2",
        "near duplicate",
        "e1, 86%",
    )  # 59 of 69 n-grams
    spaced = words.replace(" ", "\n   ")
    assert near(example(3, spaced)) == Dropped("e3", "near duplicate", "e1, 100%")


def test_texts_of_few_or_no_words() -> None:
    examples = [example(1, "a b"), example(2, "a  b"), example(3, "a c"), example(4, ""), example(5, "")]
    filtered = corpus.apply_filters([*examples, example(6, "++ --"), example(7, "++--")], NearDedup())
    assert [each.id for each in filtered.dropped] == ["e2", "e7"]


CLAMP = "def clamp(value, low, high):\n    if value < low:\n        return low\n    return value + 1\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<", "<="),
        ("+", "-"),
        ("1", "2"),
        ("value +", "value *"),
        ("return value", "return -value"),
        ("low:", "low::"),
        ("< low", "is not low"),
        ("clamp(value", "clamp(*value"),
    ],
)
def test_operators_and_numbers_count(old: str, new: str) -> None:
    near = NearDedup(NearDuplicates(similarity=1.0))
    prompt = "Fix the bound of this function."
    filtered = corpus.apply_filters(
        [example(1, CLAMP, prompt), example(2, CLAMP.replace(old, new), prompt), example(3, CLAMP, prompt)],
        near,
    )
    assert [each.id for each in filtered.kept] == ["e1", "e2"]


def test_short_rows_that_differ_in_an_operator_are_kept() -> None:
    pairs = [
        (CLAMP, CLAMP.replace("<", "<=").replace("+", "-")),
        (r"re.compile(r'\d+')", r"re.compile(r'\d{+}')"),
        ("What does x ? y : z do?", "What does x ?? y !! z do?"),
        ("print('a, b')", "print('a; b')"),
        ("mask = a & b", "mask = a && b"),
        ("p->next = q", "p.next = q"),
    ]
    for one, other in pairs:
        filtered = corpus.apply_filters([example(1, one, "Do it."), example(2, other, "Do it.")], NearDedup())
        assert filtered.dropped == [], one


def test_earlier_turns_are_compared_and_system_prompts_are_not() -> None:
    words = " ".join(WORDS[:60])
    talk = [Turn("user", words), Turn("assistant", words.upper())]

    def asked(number: int, system: str, history: list[Turn]) -> Example:
        return replace(example(number, "c d", "a b"), system=system, history=tuple(history))

    examples = [asked(1, "", talk), asked(2, words, []), asked(3, "other", talk), asked(4, "", [])]
    filtered = corpus.apply_filters(examples, NearDedup())
    assert [each.id for each in filtered.kept] == ["e1", "e2"]
    assert len(corpus.apply_filters(examples, corpus.ExactDedup()).kept) == 4


def test_only_the_configured_parts_are_compared() -> None:
    words = " ".join(WORDS[:60])
    examples = [example(1, words, prompt="one"), example(2, words + " more", prompt=" ".join(WORDS[60:]))]
    assert len(corpus.apply_filters(examples, NearDedup()).dropped) == 0
    only = NearDedup(NearDuplicates(parts=("completion",)))
    assert len(corpus.apply_filters(examples, only).dropped) == 1


def test_result_does_not_depend_on_the_hash_seed(texts: list[str]) -> None:
    script = (
        "import sys, json\nfrom crosstune import corpus\n"
        "from tests.corpus.filters.test_near_duplicates import example\n"
        "examples = [example(n, text) for n, text in enumerate(json.load(sys.stdin))]\n"
        "print([each.id for each in corpus.apply_filters(examples, corpus.NearDedup()).kept])"
    )
    outputs = {
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
    assert len(outputs) == 1


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(MissingExtra, match=r"pip install 'crosstune\[corpus\]'"):
        NearDedup()
