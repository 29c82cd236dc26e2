"""What extraction makes of the answers in ``answers/``, judged: ``python -m tests.extraction.conformance``.

Rows were written from outside, without looking at the extraction. Every tenth (by a digest of its id) is held
out: of these only counts are shown, so that nobody mends a single row of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.execution import Judge
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program, Verdict

ANSWERS = Path(__file__).parent / "answers"
LANGUAGE_NAMES = tuple(sorted(file.stem for file in ANSWERS.glob("*.jsonl")))
HELD_OUT = ("exclude", "only", "include")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer; ``expected`` is ``passed`` or ``not passed``, ``problem`` a key of ``problems.json``."""

    id: str
    kind: str
    problem: str
    answer: str
    expected: str
    why: str

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.id.encode()).digest()[0] % 10 == 0


@dataclass(frozen=True, slots=True)
class Result:
    """A row, the candidate that was extracted from its answer, and how it was judged."""

    row: Row
    candidate: str
    status: str
    evidence: str

    @property
    def as_expected(self) -> bool:
        return (self.status == "passed") == (self.row.expected == "passed")


def problems() -> dict[str, Problem]:
    texts = json.loads((ANSWERS / "problems.json").read_text("utf-8"))
    return {key: _problem(key, fields) for key, fields in texts.items()}


def _problem(key: str, fields: dict[str, Any]) -> Problem:
    instruction = f"Write {fields['entry_point']}."
    return Problem(id=key, benchmark="conformance", instruction=instruction, extra={}, **fields)


def rows(language: str, *, kind: str = "", held_out: str = "exclude") -> list[Row]:
    with (ANSWERS / f"{language}.jsonl").open(encoding="utf-8") as lines:
        every = [Row(**json.loads(line)) for line in lines]
    wanted = {"only": {True}, "exclude": {False}, "include": {True, False}}[held_out]
    return [row for row in every if row.held_out in wanted and kind in ("", row.kind)]


def candidate(row: Row, problem: Problem) -> tuple[str, str]:
    """The extracted candidate, and, where the extraction raised an exception, which."""
    language = LANGUAGES.load(problem.language)
    try:
        return extract(language, problem, row.answer).candidate, ""
    except Exception as error:  # noqa: BLE001 - any exception is a finding of its own
        return "", f"extract raised {type(error).__name__}: {error}"


def results(asked: Sequence[Row]) -> Iterator[Result]:
    """How each row's candidate is judged, in order; ``crashed`` where the extraction raised an exception."""
    known = problems()
    extracted = [candidate(row, known[row.problem]) for row in asked]
    pairs = [(row, text) for row, (text, error) in zip(asked, extracted, strict=True) if not error]
    verdicts = _verdicts([_program(row, text, known[row.problem]) for row, text in pairs])
    for row, (text, error) in zip(asked, extracted, strict=True):
        if error:
            yield Result(row, text, "crashed", error)
        else:
            verdict = verdicts[row.id]
            yield Result(row, text, str(verdict.status), verdict.stderr or verdict.stdout)


def _program(row: Row, text: str, problem: Problem) -> Program:
    return Program(row.id, problem.language, text, problem.tests, problem.setup)


def _verdicts(programs: Iterable[Program]) -> dict[str, Verdict]:
    with Judge(workers=2) as judge:
        return {verdict.id: verdict for verdict in judge.run(programs)}


def report(language: str, found: Sequence[Result]) -> str:
    """The score by kind, and each unexpected row; of held-out rows the counts alone."""
    shown = [result for result in found if not result.row.held_out]
    hidden = [result for result in found if result.row.held_out]
    lines = [f"{language}: {_score(shown)} as expected"] if shown else []
    lines += [f"  {kind:<20}{_score(_of_kind(shown, kind))}" for kind in sorted({r.row.kind for r in shown})]
    lines += [_unexpected(result) for result in shown if not result.as_expected]
    lines += [f"{language}, held out: {_score(hidden)} as expected"] if hidden else []
    return "\n".join(lines)


def _of_kind(found: Sequence[Result], kind: str) -> list[Result]:
    return [result for result in found if result.row.kind == kind]


def _score(found: Sequence[Result]) -> str:
    return f"{sum(result.as_expected for result in found)} of {len(found)}"


def _unexpected(result: Result) -> str:
    row = result.row
    head = f"--- {row.id} ({row.kind}): {result.status}, expected {row.expected}: {row.why}"
    evidence = "\n".join(result.evidence.strip().splitlines()[:6])
    return f"{head}\n{evidence}\n>>> candidate\n{_short(result.candidate)}\n<<<"


def _short(text: str, most: int = 3000) -> str:
    return text if len(text) <= most else f"{text[:most]}\n[{len(text) - most:,} characters more]"


def totals(found: Sequence[Result]) -> str:
    """One line over all languages, and the kinds that fail, without those of held-out rows."""
    failing = Counter(r.row.kind for r in found if not r.as_expected and not r.row.held_out)
    kinds = ", ".join(f"{kind} {count}" for kind, count in failing.most_common())
    return f"all: {_score(found)} as expected" + (f"; not: {kinds}" if kinds else "")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.extraction.conformance")
    parser.add_argument("languages", nargs="*", default=list(LANGUAGE_NAMES), metavar="language")
    parser.add_argument("--kind", default="", help="only rows of this kind")
    parser.add_argument("--held-out", choices=HELD_OUT, default="exclude", dest="held_out")
    options = parser.parse_args(arguments)
    if unknown := set(options.languages) - set(LANGUAGE_NAMES):
        parser.error(f"no answers for {', '.join(sorted(unknown))}; there are {', '.join(LANGUAGE_NAMES)}")
    found: list[Result] = []
    for language in options.languages:
        part = list(results(rows(language, kind=options.kind, held_out=options.held_out)))
        found += part
        sys.stdout.write(f"{report(language, part)}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{totals(found)}\n")
    return 0 if all(result.as_expected for result in found) else 1


if __name__ == "__main__":
    sys.exit(main())
