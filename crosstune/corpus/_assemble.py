"""Assemble a study's corpus: filter its parts, mix them, and report what was dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstune.corpus._mix import DrawnPart, Part, mix
from crosstune.corpus._statistics import Statistics, statistics
from crosstune.corpus.filters import (
    BenchmarkContamination,
    Cluster,
    ContaminationIndex,
    Decontamination,
    Dropped,
    ExactDedup,
    Filter,
    NearDedup,
    NearDuplicates,
    Privacy,
    Scrubber,
    _near_duplicates,
    _private_patterns,
    apply_filters,
    package_requirement,
)
from crosstune.errors import DataError
from crosstune.records import Example, Problem, Requirement


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """How a corpus was made; `dataclasses.asdict` turns it into plain JSON values.

    ``dropped`` maps each part to the examples that filters dropped. ``flagged`` are the problems that an
    example contains, as (benchmark, language, id); None if no problems were given to search for. ``guarded``
    has the same by benchmark and language. ``clusters`` are the groups of near duplicates, and ``private``
    counts private data by kind; each is None if its filter was off.
    """

    seed: int
    parts: Sequence[DrawnPart]
    dropped: dict[str, list[Dropped]]
    notes: Sequence[str]
    statistics: Statistics
    flagged: Sequence[tuple[str, str, str]] | None = None
    guarded: Sequence[BenchmarkContamination] = ()
    clusters: Sequence[Cluster] | None = None
    private: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class AssembledCorpus:
    examples: list[Example]
    report: CorpusReport


def assemble(
    parts: Sequence[Part],
    *,
    size: int | None,
    seed: int,
    problems: Iterable[Problem] = (),
    decontamination: Decontamination | None = None,
    near_duplicates: NearDuplicates | None = None,
    privacy: Privacy | None = None,
) -> AssembledCorpus:
    """De-duplicate within and across the parts, drop examples that contain ``problems``, remove private
    data, and mix.

    With ``size`` None every example is taken once and shares are ignored.

    Raises:
        DataError: the filters dropped every example, or all of a part that a size is asked of; see also
            `mix`.
        MissingExtra: the libraries for ``near_duplicates`` or ``privacy`` are not installed.
    """
    problems = list(problems)
    contamination = ContaminationIndex(problems, decontamination)
    near_dedup = NearDedup(near_duplicates) if near_duplicates else None
    scrubber = Scrubber(privacy) if privacy else None
    filters: list[Filter | None] = [ExactDedup(), near_dedup, contamination, scrubber]
    filtered = [apply_filters(part.examples, *(each for each in filters if each)) for part in parts]
    none_left = not any(each.kept for each in filtered)
    for part, each in zip(parts, filtered, strict=True):
        if each.dropped and not each.kept and (none_left or size is not None):
            raise DataError(_all_dropped(part.name, each.dropped))
    clean = [replace(part, examples=each.kept) for part, each in zip(parts, filtered, strict=True)]
    mixture = mix(clean, size=size, seed=seed)
    report = CorpusReport(
        seed,
        mixture.parts,
        {part.name: each.dropped for part, each in zip(parts, filtered, strict=True)},
        contamination.notes,
        statistics(mixture.examples),
        flagged=contamination.flagged if problems else None,
        guarded=contamination.report(),
        clusters=near_dedup.clusters if near_dedup else None,
        private=dict(sorted(scrubber.counts.items())) if scrubber else None,
    )
    return AssembledCorpus(mixture.examples, report)


def _all_dropped(part: str, dropped: Sequence[Dropped]) -> str:
    reasons = Counter(each.reason for each in dropped).most_common(3)
    counts = ", ".join(f"{count:,} by {reason!r}" for reason, count in reasons)
    example = f" (for example {dropped[0].detail})" if dropped[0].detail else ""
    return (
        f"part {part!r}: the filters dropped all of its {len(dropped):,} examples: {counts}{example}; "
        "`decontaminate` says what counts as a benchmark's text"
    )


def filter_requirements(
    near_duplicates: NearDuplicates | None, privacy: Privacy | None
) -> Iterator[Requirement]:
    """The packages that these filters need."""
    if near_duplicates is not None:
        yield package_requirement(_near_duplicates.PACKAGE)
    if privacy is not None and privacy.keys != "keep":
        yield package_requirement(_private_patterns.PACKAGE)
