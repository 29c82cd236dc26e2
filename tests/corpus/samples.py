"""Examples, a problem and corpora for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

from crosstune import corpus
from crosstune.records import Example, Problem

PROBLEM = Problem(
    id="P/1",
    benchmark="b",
    task="synthesize",
    language="python",
    instruction="Say whether any two of the numbers are closer to each other than the threshold allows.",
    declaration="def close(numbers, threshold):\n",
    entry_point="close",
    canonical="def close(numbers, threshold):\n    ordered = sorted(numbers)\n"
    "    return any(b - a < threshold for a, b in zip(ordered, ordered[1:]))\n",
    tests="assert close([1.0, 2.0], 0.5) is False\nassert close([1.0, 2.8, 3.0], 0.3) is True\n",
)


def additions(language: str, count: int, source: str = "t") -> list[Example]:
    return [
        Example(f"{language}:{n}", f"In {language}, add {n}.", f"x + {n}", language, "synthesize", source)
        for n in range(count)
    ]


def example(number: int, language: str = "python", **provenance: str) -> Example:
    text = f"print({number})\n"
    return Example(f"e{number}", f"Print {number}.", text, language, "synthesize", "s", provenance)


def write_corpus(folder: Path, examples: list[Example]) -> Path:
    corpus.write(folder / "c.parquet", examples)
    return folder


def file_contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def keep_odd(each: Example) -> Example | corpus.Dropped:
    return corpus.Dropped(each.id, "even") if int(each.id[1:]) % 2 == 0 else each


KEEP_ODD = corpus.Transformation("odd", {"rule": 1}, [keep_odd])
