"""Make corpus folders from a mixture and from its controls of the same size."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder
from crosstune.corpus._card import write_card
from crosstune.corpus._input import load
from crosstune.corpus._mix import DrawnPart, Mixture, Part, mix
from crosstune.corpus._mixture_spec import LoadedMixture, MixtureSpec
from crosstune.errors import UsageError
from crosstune.files import file_digest
from crosstune.made_with import CONTENTS
from crosstune.records import Example, Progress
from crosstune.settings import Settings, digest
from crosstune.sources import Quarantine

Reader = Callable[[str], Iterable[Example]]
"""Reads a part by its name."""


@dataclass(frozen=True, slots=True)
class MixedCorpus:
    """A corpus folder; ``reused`` says whether it existed already."""

    out: Path
    rows: int
    parts: Sequence[DrawnPart]
    reused: bool


def mix_corpora(
    mixture: LoadedMixture,
    out: Path,
    *,
    controls: bool = False,
    replace: bool = False,
    plot: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> list[MixedCorpus]:
    """Make the mixture in the folder ``out``, and with ``controls`` one corpus per part.

    The control ``out``-only-PART has the same number of rows as the mixture, all from this part except for
    the same replayed rows; with replay, ``out``-only-replay is made too. A model tuned on the mixture can
    then be compared with models tuned on as many rows of one part. ``plot`` is as in `transform`.

    Raises:
        UsageError: a folder has other contents; controls of a mixture without a size.
        DataError: a part cannot be read, or has no rows.
        Incomplete: the disk is full.
    """
    variants = {out: set(mixture.spec.parts)}
    if controls:
        if mixture.spec.size is None:
            raise UsageError("controls are of one size: the mixture needs 'size' and shares")
        variants |= {out.with_name(f"{out.name}-only-{name}"): {name} for name in mixture.spec.mixed}
        if mixture.spec.replay:
            variants[out.with_name(f"{out.name}-only-replay")] = {mixture.spec.replay.part}
    return [
        _make_variant(mixture, folder, names, replace, progress, plot=plot)
        for folder, names in variants.items()
    ]


def _make_variant(
    mixture: LoadedMixture, out: Path, names: set[str], replace: bool, progress: Progress, *, plot: bool
) -> MixedCorpus:
    inputs = {name: _input_identity(mixture, name) for name in mixture.spec.parts}
    spec = mixture.spec.model_dump(mode="json", exclude={"parts": {"__all__": {"path"}}})
    key = digest([_folder.VERSION, "mix", spec, sorted(names), inputs])

    def fill(folder: Path) -> Mapping[str, Any]:
        return _fill(mixture, folder, names, progress, plot=plot)

    made_with = {
        "mixture": mixture.name,
        "spec": spec,
        "parts": sorted(names),
        **{f"part {name}": name for name in inputs},
        CONTENTS: {f"part {name}": digest(each) for name, each in inputs.items()},
    }
    index, reused = _folder.build(out, key, fill, made_with=made_with, replace=replace)
    parts = [
        DrawnPart(**{name: value for name, value in each.items() if name != "epochs"})
        for each in index["made"]["report"]["parts"]
    ]
    return MixedCorpus(out, index["made"]["rows"], parts, reused)


def _fill(
    mixture: LoadedMixture, folder: Path, names: set[str], progress: Progress, *, plot: bool
) -> dict[str, Any]:
    quarantined: Counter[str] = Counter()
    mixed = _draw(mixture.spec, names, _reader(mixture, folder, quarantined, progress))
    files = _folder.write_shards(folder, mixed.examples)
    parts = [dataclasses.asdict(each) | {"epochs": round(each.epochs, 3)} for each in mixed.parts]
    made = {
        "step": "mix",
        "settings": {"name": mixture.name, "seed": mixture.spec.seed, "size": mixture.spec.size},
        "inputs": [{"name": each.name} for each in mixed.parts],
        "read": sum(each.available for each in mixed.parts) + quarantined.total(),
        "quarantined": dict(sorted(quarantined.items())),
        "dropped": {},
        "rows": len(mixed.examples),
        "report": {"parts": parts},
    }
    index = {"files": files, "made": made}
    write_card(folder, index, plot=plot)
    return index


def _draw(spec: MixtureSpec, names: set[str], read: Reader) -> Mixture:
    """Draw the mixture (``names`` are all parts) or a control (one part, and the replayed rows)."""
    replay = spec.replay if spec.replay and names != {spec.replay.part} else None
    chosen = spec.mixed.keys() if names == spec.parts.keys() else names
    parts = [
        Part(name=name, share=part.share or 1, rows=None if spec.size else part.rows, examples=read(name))
        for name, part in spec.parts.items()
        if name in chosen
    ]
    if not replay or spec.size is None:
        return mix(parts, size=spec.size, seed=spec.seed)
    replayed = Part(name=replay.part, rows=round(spec.size * replay.share), examples=read(replay.part))
    mixed = mix([replayed, *parts], size=spec.size, seed=spec.seed)
    return Mixture(mixed.examples, [*mixed.parts[1:], mixed.parts[0]])


def _reader(mixture: LoadedMixture, folder: Path, reasons: Counter[str], progress: Progress) -> Reader:
    """A function that reads a part. Unusable rows go to the quarantine file in ``folder`` and are counted in
    ``reasons``."""

    def read(name: str) -> Iterator[Example]:
        work = folder / f".work-{name}"
        path = mixture.spec.parts[name].path
        if path is not None:
            yield from load(path, Quarantine(work))
        else:
            source, settings = mixture.sources[name]
            yield from source.examples(settings, work, progress)
        for file in sorted(work.rglob(_folder.QUARANTINE)):
            _append_quarantine(file, folder / _folder.QUARANTINE, reasons)
        shutil.rmtree(work, ignore_errors=True)

    return read


def _append_quarantine(file: Path, to: Path, reasons: Counter[str]) -> None:
    text = file.read_text("ascii")
    reasons.update(json.loads(line)["reason"] for line in text.splitlines())
    with to.open("a", encoding="ascii") as quarantine:
        quarantine.write(text)


def _input_identity(mixture: LoadedMixture, name: str) -> Any:
    """A digest of a part's data, or its source's settings with the digests of their files."""
    path = mixture.spec.parts[name].path
    if path is not None:
        return _folder.data_digest(path)
    source, settings = mixture.sources[name]
    return [source.name, source.version, settings_with_digests(settings)]


def settings_with_digests(settings: Settings) -> dict[str, Any]:
    """The settings as plain values, with the digests of the files that they name."""
    return settings.model_dump(mode="json") | path_digests(settings)


def path_digests(settings: Settings) -> dict[str, str]:
    """The digests of the files and folders that settings name, by the settings' names."""
    return {name: _tree_digest(value) for name, value in settings if isinstance(value, Path)}


def _tree_digest(path: Path) -> str:
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return digest([[str(file.relative_to(path)), file_digest(file)] for file in files])
