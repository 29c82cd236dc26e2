"""Cases that call functions: what each of them gives, in as few programs as possible."""

from __future__ import annotations

from collections.abc import Sequence

from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status, Verdict
from tests.languages.skipping import skip_without_tools


def verdict(
    language: str, candidate: str, declaration: str, cases: Sequence[CallCase], **more: object
) -> Verdict:
    """The verdict of one program with these cases."""
    skip_without_tools(language)
    program = Program("p", language, candidate, cases=tuple(cases), declaration=declaration, **more)  # type: ignore[arg-type]
    with Judge(workers=1) as judge:
        return next(judge.run([program]))


def unlike(found: Verdict, cases: Sequence[CallCase], wanted: Status) -> list[tuple[CallCase, object]]:
    """The cases that have another status than the wanted one, with what they gave."""
    assert found.cases, found
    pairs = zip(cases, found.cases, strict=True)
    return [(case, result) for case, result in pairs if result.status is not wanted]
