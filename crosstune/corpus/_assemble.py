"""The corpus step of a study as one function: parts in, a finished corpus and its report out."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstune.corpus._mix import Part, Taken, mix, sample
from crosstune.corpus._statistics import Statistics, statistics
from crosstune.corpus.filters._decontaminate import Decontamination, Gate, Guarded, Key
from crosstune.corpus.filters._filter import Dropped, Filter, Seen, Sifted, sift
from crosstune.corpus.filters._near_duplicates import Cluster, Near, NearDuplicates
from crosstune.corpus.filters._private import Privacy, Scrubber
from crosstune.records import Example, Problem, Requirement


@dataclass(frozen=True, slots=True)
class Assembly:
    """How a corpus came about; `dataclasses.asdict` of it is JSON.

    ``dropped`` is what the filters took out, with the part it stood in as the key. ``flagged`` are the
    problems that some example held, as (benchmark, language, id); None: no problems were given, nothing
    is known. ``clusters`` are the groups of near duplicates, ``private`` counts what was replaced or
    dropped by kind; both are None where it was not looked for.
    """

    seed: int
    parts: Sequence[Taken]
    dropped: dict[str, list[Dropped]]
    notes: Sequence[str]
    statistics: Statistics
    flagged: Sequence[Key] | None = None
    guarded: Sequence[Guarded] = ()
    clusters: Sequence[Cluster] | None = None
    private: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    examples: list[Example]
    report: Assembly


def assemble(
    parts: Sequence[Part],
    *,
    size: int | None,
    seed: int,
    problems: Iterable[Problem] = (),
    gate: Decontamination | None = None,
    near: NearDuplicates | None = None,
    private: Privacy | None = None,
) -> Assembled:
    """De-duplicate within and across the parts (the first keeps it), gate against ``problems``, take out
    what is private, mix.

    With ``size`` None every example is taken once and the shares do not count.

    Raises:
        DataError: see `mix`.
        MissingExtra: for ``near`` or ``private``, when their libraries are not installed.
    """
    problems = list(problems)
    gated = Gate(problems, gate)
    similar = Near(near) if near else None
    scrubber = Scrubber(private) if private else None
    filters: list[Filter] = [Seen(), *([similar] if similar else []), gated]
    filters += [scrubber] if scrubber else []
    sifted = [sift(part.examples, *filters) for part in parts]
    examples, taken = _drawn(parts, sifted, size, seed)
    report = Assembly(
        seed,
        taken,
        {part.name: each.dropped for part, each in zip(parts, sifted, strict=True)},
        gated.notes,
        statistics(examples),
        flagged=gated.flagged if problems else None,
        guarded=gated.report(),
        clusters=similar.clusters if similar else None,
        private=dict(sorted(scrubber.found.items())) if scrubber else None,
    )
    return Assembled(examples, report)


def filter_requirements(near: NearDuplicates | None, private: Privacy | None) -> Iterator[Requirement]:
    """The packages that these filters take."""
    wanted = {"rensa": near is not None, "detect_secrets": private is not None and private.keys != "keep"}
    for package, used in wanted.items():
        if used:
            here = importlib.util.find_spec(package) is not None
            yield Requirement(f"the Python package {package}", here, "pip install 'crosstune[corpus]'")


def _drawn(
    parts: Sequence[Part], sifted: Sequence[Sifted], size: int | None, seed: int
) -> tuple[list[Example], list[Taken]]:
    if size is not None:
        clean = [replace(part, examples=each.kept) for part, each in zip(parts, sifted, strict=True)]
        mixture = mix(clean, size, seed)
        return mixture.examples, mixture.taken
    every = [example for each in sifted for example in each.kept]
    taken = [
        Taken(part.name, part.share, len(each.kept), len(each.kept))
        for part, each in zip(parts, sifted, strict=True)
    ]
    return sample(every, len(every), seed), taken
