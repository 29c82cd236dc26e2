"""Check whether a language can be judged here: its tools, their versions, the verdict on a small program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosstune.errors import CrosstuneError
from crosstune.execution._judge import Judge
from crosstune.execution._languages import judging_of, toolchain_of
from crosstune.execution._requirements import requirements
from crosstune.languages import LANGUAGES, LanguageSet
from crosstune.records import Program, Requirement, Verdict
from crosstune.sandbox import Kind


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one language. While requirements are ``missing``, nothing can be judged in it; while some
    are ``lacking``, some benchmark problems cannot; ``optional`` tools would help. ``verdict`` is that on a
    small correct program; None if it was not run, because of ``missing`` or ``error``."""

    language: str
    title: str
    tools: str = ""
    missing: tuple[Requirement, ...] = ()
    lacking: tuple[Requirement, ...] = ()
    optional: tuple[Requirement, ...] = ()
    verdict: Verdict | None = None
    error: str = ""

    @property
    def works(self) -> bool:
        return self.verdict is not None and self.verdict.passed


_SETS: Mapping[LanguageSet, tuple[LanguageSet, ...]] = {
    "usual": ("usual",),
    "tests": ("usual", "tests"),
    "all": ("usual", "tests", "all"),
}


def judged_languages(language_set: LanguageSet = "all") -> list[str]:
    """The names of the languages that define how to judge programs; see `Language.language_set`."""
    found = LANGUAGES.all().items()
    return [name for name, each in found if each.judging and each.language_set in _SETS[language_set]]


def examine(language: str, sandbox: Kind = "bubblewrap") -> Health:
    """Check a language's requirements and, if none is missing, judge its smoke test.

    Raises:
        UnknownName: no plug-in provides that language.
        UsageError: programs in it are never run.
    """
    judging = judging_of(language)
    title = LANGUAGES.load(language).title
    missing = tuple(each for each in requirements(language, sandbox) if not each.met)
    if missing:
        return Health(language, title, missing=missing)
    candidate, tests = judging.smoke_test
    lacking = tuple(each for each in judging.libraries() if not each.met)
    optional = tuple(each for each in _optional(language) if not each.met and each not in lacking)
    try:
        tools = toolchain_of(language)
        with Judge(sandbox=sandbox) as judge:
            (verdict,) = judge.run([Program(language, language, candidate, tests)])
    except CrosstuneError as error:
        return Health(language, title, lacking=lacking, optional=optional, error=str(error))
    return Health(language, title, tools, lacking=lacking, optional=optional, verdict=verdict)


def _optional(language: str) -> list[Requirement]:
    return [tool.requirement() for tool in LANGUAGES.load(language).tools if not tool.required]
