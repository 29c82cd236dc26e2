"""Mixtures made: their parts read or drawn, mixed, written, each beside controls of its size."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder
from crosstune.corpus._blend_spec import Blend
from crosstune.corpus._card import write_card
from crosstune.corpus._input import load
from crosstune.corpus._mix import Mixture, Part, Taken, mix, sample
from crosstune.errors import UsageError
from crosstune.records import Example, Progress
from crosstune.settings import Settings, digest
from crosstune.sources import Quarantine

QUARANTINE = "quarantine.jsonl"
Reader = Callable[[str], Iterable[Example]]


@dataclass(frozen=True, slots=True)
class Blended:
    """A corpus that was made: where, how many rows, what was taken of each part."""

    out: Path
    rows: int
    taken: Sequence[Taken]
    reused: bool


def blend(
    wanted: Blend,
    out: Path,
    *,
    controls: bool = False,
    replace: bool = False,
    plot: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> list[Blended]:
    """Make the mixture ``out``. With ``controls`` also, for each part, ``out``-only-PART: as many rows of
    this part alone, the replayed ones the same; and with replay ``out``-only-replay. ``plot`` is as `rework`
    has it.

    So a model tuned on a mixture can be compared with those tuned on as much of one part, and what it
    gains is not the size.

    Raises:
        UsageError: a folder holds something else; controls without a size.
        DataError: a part cannot be read, or has too few rows.
        Incomplete: the disk is full.
    """
    variants = {out: set(wanted.spec.parts)}
    if controls:
        if wanted.spec.size is None:
            raise UsageError("controls are of one size: the mixture needs 'size' and shares")
        variants |= {out.with_name(f"{out.name}-only-{name}"): {name} for name in wanted.spec.mixed}
        if wanted.spec.replay:
            variants[out.with_name(f"{out.name}-only-replay")] = {wanted.spec.replay.part}
    return [_one(wanted, folder, names, replace, progress, plot=plot) for folder, names in variants.items()]


def _one(
    wanted: Blend, out: Path, names: set[str], replace: bool, progress: Progress, *, plot: bool
) -> Blended:
    inputs = {name: _identity(wanted, name) for name in wanted.spec.parts}
    spec = wanted.spec.model_dump(mode="json", exclude={"parts": {"__all__": {"path"}}})
    key = digest([_folder.VERSION, "mix", spec, sorted(names), inputs])

    def fill(aside: Path) -> Mapping[str, Any]:
        return _fill(wanted, aside, names, progress, plot=plot)

    told, reused = _folder.build(out, key, fill, replace=replace)
    taken = [
        Taken(**{k: v for k, v in each.items() if k != "epochs"}) for each in told["made"]["report"]["parts"]
    ]
    return Blended(out, told["made"]["rows"], taken, reused)


def _fill(wanted: Blend, aside: Path, names: set[str], progress: Progress, *, plot: bool) -> dict[str, Any]:
    quarantine: Counter[str] = Counter()
    mixture = _mixture(wanted, names, _reader(wanted, aside, quarantine, progress))
    files = _folder.write_shards(aside, mixture.examples)
    report = {
        "parts": [dataclasses.asdict(each) | {"epochs": round(each.epochs, 3)} for each in mixture.taken]
    }
    made = {
        "step": "mix",
        "settings": {"name": wanted.name, "seed": wanted.spec.seed, "size": wanted.spec.size},
        "inputs": [{"name": each.name} for each in mixture.taken],
        "read": sum(each.available for each in mixture.taken) + quarantine.total(),
        "quarantined": dict(sorted(quarantine.items())),
        "dropped": {},
        "rows": len(mixture.examples),
        "report": report,
    }
    told = {"files": files, "made": made}
    write_card(aside, told, plot=plot)
    return told


def _mixture(wanted: Blend, names: set[str], read: Reader) -> Mixture:
    spec = wanted.spec
    if spec.size is None:
        return _whole(wanted, read)
    rows = spec.size
    examples: list[Example] = []
    taken: list[Taken] = []
    if spec.replay and names != {spec.replay.part}:
        replayed = round(spec.size * spec.replay.share)
        rows -= replayed
        again = mix(
            [Part(name=spec.replay.part, share=1, examples=read(spec.replay.part))], replayed, spec.seed
        )
        examples, taken = again.examples, again.taken
    chosen = names if names != spec.parts.keys() else spec.mixed.keys()
    parts = [
        Part(name=name, share=part.share or 1, examples=read(name))
        for name, part in spec.parts.items()
        if name in chosen
    ]
    mixed = mix(parts, rows, spec.seed)
    every = [*examples, *mixed.examples]
    return Mixture(sample(every, len(every), spec.seed), [*mixed.taken, *taken])


def _whole(wanted: Blend, read: Reader) -> Mixture:
    """Of each part the rows it asks for, or all."""
    every: list[Example] = []
    taken: list[Taken] = []
    for name, part in wanted.spec.parts.items():
        found = list(read(name))
        rows = len(found) if part.rows is None else part.rows
        drawn = mix([Part(name=name, share=1, examples=found)], rows, wanted.spec.seed) if found else None
        every += drawn.examples if drawn else []
        taken.append(Taken(name, 1, len(found), rows))
    return Mixture(sample(every, len(every), wanted.spec.seed), taken)


def _reader(wanted: Blend, aside: Path, reasons: Counter[str], progress: Progress) -> Reader:
    """Reads a part by name; what cannot be used is put aside in the corpus."""

    def read(name: str) -> Iterator[Example]:
        work = aside / f".work-{name}"
        path = wanted.spec.parts[name].path
        if path is not None:
            quarantine = Quarantine(work)
            yield from load(path, quarantine)
        else:
            source, settings = wanted.sources[name]
            yield from source.examples(settings, work, progress)
        for file in sorted(work.rglob(QUARANTINE)):
            _keep(file, aside / QUARANTINE, reasons)
        shutil.rmtree(work, ignore_errors=True)

    return read


def _keep(file: Path, to: Path, reasons: Counter[str]) -> None:
    text = file.read_text("ascii")
    reasons.update(json.loads(line)["reason"] for line in text.splitlines())
    with to.open("a", encoding="ascii") as kept:
        kept.write(text)


def _identity(wanted: Blend, name: str) -> Any:
    """What a part is made of: a digest of its data, or its source's settings with those of its files."""
    path = wanted.spec.parts[name].path
    if path is not None:
        return _folder.identity(path)
    source, settings = wanted.sources[name]
    return [source.name, source.version, _plain(settings)]


def _plain(settings: Settings) -> dict[str, Any]:
    plain = settings.model_dump(mode="json")
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, Path):
            plain[name] = _tree(value)
    return plain


def _tree(path: Path) -> str:
    found = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return digest(
        [[str(file.relative_to(path)), hashlib.sha256(file.read_bytes()).hexdigest()] for file in found]
    )
