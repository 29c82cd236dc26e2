"""Whether a language can be judged here: its tools, what they are, and a program that is really run."""

from __future__ import annotations

from dataclasses import dataclass

from crosstune.errors import CrosstuneError
from crosstune.execution._judge import Judge, judging_of, toolchain_of
from crosstune.execution._requirements import requirements
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Requirement, Verdict
from crosstune.sandbox import Kind


@dataclass(frozen=True, slots=True)
class Health:
    """Of one language. ``missing`` keeps it from being judged, ``lacking`` only single problems of
    benchmarks; ``verdict`` is that on a small right program, None where it was not tried, for ``error``."""

    language: str
    title: str
    tools: str = ""
    missing: tuple[Requirement, ...] = ()
    lacking: tuple[Requirement, ...] = ()
    verdict: Verdict | None = None
    error: str = ""

    @property
    def well(self) -> bool:
        return self.verdict is not None and self.verdict.passed


def judged_languages() -> list[str]:
    """The names of the languages that can be judged at all."""
    return [name for name in LANGUAGES.names() if LANGUAGES.load(name).judging]


def examine(language: str, sandbox: Kind = "bubblewrap") -> Health:
    """Look for what it needs and, where nothing is missing, judge its trial program.

    Raises:
        UnknownName: nobody provides that language.
        UsageError: it is never run.
    """
    judging = judging_of(language)
    title = LANGUAGES.load(language).title
    missing = tuple(each for each in requirements(language, sandbox) if not each.met)
    if missing:
        return Health(language, title, missing=missing)
    candidate, tests = judging.smoke_test
    lacking = tuple(each for each in judging.libraries() if not each.met)
    try:
        tools = toolchain_of(language)
        with Judge(sandbox=sandbox) as judge:
            (verdict,) = judge.run([Program(language, language, candidate, tests)])
    except CrosstuneError as error:
        return Health(language, title, lacking=lacking, error=str(error))
    return Health(language, title, tools, lacking=lacking, verdict=verdict)
