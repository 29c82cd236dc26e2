"""Instruction-tune code models and measure, with evidence, the effect in every language.

Each name in ``__all__`` is imported on first use: ``import crosstune`` itself loads nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosstune.benchmarks import BENCHMARKS
    from crosstune.corpus import ExactDedup, NearDedup, apply_filters
    from crosstune.corpus import read as read_corpus
    from crosstune.corpus import write as write_corpus
    from crosstune.errors import CrosstuneError
    from crosstune.execution import Judge, judge_file, judged_languages
    from crosstune.extraction import Extraction, extract
    from crosstune.generation import BACK_ENDS, Decoding, generate
    from crosstune.languages import LANGUAGES
    from crosstune.mining import mine
    from crosstune.prompts import PROMPTS
    from crosstune.records import (
        CallCase,
        Case,
        CaseResult,
        Commit,
        Comparison,
        ComparisonKind,
        Completion,
        EvaluatedSample,
        Example,
        Limits,
        Problem,
        Program,
        Requirement,
        Score,
        Status,
        Verdict,
        from_json,
        to_json,
    )
    from crosstune.scoring import crossed_difference, crossed_rate, pass_at_k, score, wilson
    from crosstune.sources import SOURCES
    from crosstune.study import Study, load_study, open_run
    from crosstune.tuning import Recipe, load_recipe, tune

    __version__: str

__all__ = [
    "BACK_ENDS",
    "BENCHMARKS",
    "LANGUAGES",
    "PROMPTS",
    "SOURCES",
    "CallCase",
    "Case",
    "CaseResult",
    "Commit",
    "Comparison",
    "ComparisonKind",
    "Completion",
    "CrosstuneError",
    "Decoding",
    "EvaluatedSample",
    "ExactDedup",
    "Example",
    "Extraction",
    "Judge",
    "Limits",
    "NearDedup",
    "Problem",
    "Program",
    "Recipe",
    "Requirement",
    "Score",
    "Status",
    "Study",
    "Verdict",
    "__version__",
    "apply_filters",
    "crossed_difference",
    "crossed_rate",
    "extract",
    "from_json",
    "generate",
    "judge_file",
    "judged_languages",
    "load_recipe",
    "load_study",
    "mine",
    "open_run",
    "pass_at_k",
    "read_corpus",
    "score",
    "to_json",
    "tune",
    "wilson",
    "write_corpus",
]

_NAMES: Mapping[str, str] = {
    "benchmarks": "BENCHMARKS",
    "corpus": "ExactDedup NearDedup apply_filters read:read_corpus write:write_corpus",
    "errors": "CrosstuneError",
    "execution": "Judge judge_file judged_languages",
    "extraction": "Extraction extract",
    "generation": "BACK_ENDS Decoding generate",
    "languages": "LANGUAGES",
    "mining": "mine",
    "prompts": "PROMPTS",
    "records": "CallCase Case CaseResult Commit Comparison ComparisonKind Completion EvaluatedSample Example"
    " Limits Problem Program Requirement Score Status Verdict from_json to_json",
    "scoring": "crossed_difference crossed_rate pass_at_k score wilson",
    "sources": "SOURCES",
    "study": "Study load_study open_run",
    "tuning": "Recipe load_recipe tune",
}
"""The same names as above at run time, by package; ``read:read_corpus`` is exported under the second."""

_ORIGINS: Mapping[str, tuple[str, str]] = {
    name.rpartition(":")[2]: (f"crosstune.{package}", name.partition(":")[0])
    for package, names in _NAMES.items()
    for name in names.split()
}


if not TYPE_CHECKING:  # a type checker would take any name as exported

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            value: Any = version("crosstune")
        elif name in _ORIGINS:
            module, attribute = _ORIGINS[name]
            value = getattr(importlib.import_module(module), attribute)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
