"""The corpus step of a study as one function: parts in, a finished corpus and its report out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crosstune.corpus._decontaminate import Decontamination, decontaminate
from crosstune.corpus._mix import Part, Taken, mix, sample
from crosstune.corpus._sift import Dropped, Seen, Sifted, deduplicate
from crosstune.corpus._statistics import Statistics, statistics
from crosstune.records import Example, Problem


@dataclass(frozen=True, slots=True)
class Assembly:
    """How a corpus came about; `dataclasses.asdict` of it is JSON.

    ``dropped`` is what de-duplication and the gate took out, with the part it stood in as the key.
    """

    seed: int
    parts: Sequence[Taken]
    dropped: dict[str, list[Dropped]]
    notes: Sequence[str]
    statistics: Statistics


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
) -> Assembled:
    """De-duplicate within and across the parts (the first keeps it), gate against ``problems``, mix.

    With ``size`` None every example is taken once and the shares do not count.

    Raises:
        DataError: see `mix`.
    """
    problems, seen = list(problems), Seen()
    sifted = [deduplicate(part.examples, seen) for part in parts]
    gated = [decontaminate(each.kept, problems, gate) for each in sifted]
    clean = [replace(part, examples=each.kept) for part, each in zip(parts, gated, strict=True)]
    if size is None:
        every = [example for each in gated for example in each.kept]
        examples = sample(every, len(every), seed)
        taken = [
            Taken(part.name, part.share, len(each.kept), len(each.kept))
            for part, each in zip(parts, gated, strict=True)
        ]
    else:
        mixture = mix(clean, size, seed)
        examples, taken = mixture.examples, mixture.taken
    return Assembled(
        examples, Assembly(seed, taken, _dropped(parts, sifted, gated), _notes(gated), statistics(examples))
    )


def _dropped(parts: Sequence[Part], *filters: Sequence[Sifted]) -> dict[str, list[Dropped]]:
    return {
        part.name: [each for sifted in filters for each in sifted[index].dropped]
        for index, part in enumerate(parts)
    }


def _notes(gated: Sequence[Sifted]) -> list[str]:
    return sorted({note for each in gated for note in each.notes})
