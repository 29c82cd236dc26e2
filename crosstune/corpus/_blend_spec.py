"""Mixtures as files: parts by name, fixed numbers or shares, replay, and the seed that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Self

import pydantic

from crosstune.errors import UnknownName
from crosstune.settings import Document, InputPath, Settings
from crosstune.sources import SOURCES, Source

MIXES = resources.files("crosstune.corpus") / "mixes"


class PartSpec(Settings):
    path: InputPath | None = None
    """A corpus: a folder, or a file of rows."""
    source: dict[str, dict[str, Any]] | None = None
    """In place of a path: a source's name and, below it, its settings."""
    rows: int | None = pydantic.Field(default=None, gt=0)
    """How many rows are drawn; without it, and without a share, all."""
    share: float | None = pydantic.Field(default=None, gt=0)
    """In place of a number: the share of the mixture, against the other parts' shares."""

    @pydantic.model_validator(mode="after")
    def _one(self) -> Self:
        if (self.path is None) == (self.source is None):
            raise ValueError("expected either 'path' or 'source'")
        if self.rows is not None and self.share is not None:
            raise ValueError("expected 'rows' or 'share', not both")
        if self.source is not None and len(self.source) != 1:
            raise ValueError(f"expected one source with its settings, found {len(self.source)}")
        return self


class Replay(Settings):
    part: str
    """The part that is replayed: what the model has been trained on before."""
    share: float = pydantic.Field(gt=0, lt=1)
    """Its share of all rows."""


class MixSpec(Settings):
    """A mixture. Either every part has a share, and there is a size, or none has."""

    title: str = ""
    """One line for the card."""
    parts: dict[str, PartSpec] = pydantic.Field(min_length=1)
    size: int | None = pydantic.Field(default=None, gt=0)
    """Rows in all, for parts with shares."""
    seed: int = 0
    """Which rows are drawn, and their order."""
    replay: Replay | None = None
    """Rows of one part that stand in the mixture and in every control of it."""

    @pydantic.model_validator(mode="after")
    def _whole(self) -> Self:
        if self.replay and self.replay.part not in self.parts:
            raise ValueError(f"replay: no part {self.replay.part!r}; there are {', '.join(self.parts)}")
        shared = [name for name, part in self.mixed.items() if part.share is not None]
        if not self.mixed:
            raise ValueError("there is nothing beside the replayed part")
        if self.size is None and (shared or self.replay):
            raise ValueError("shares and replay need the 'size' in rows")
        if self.size is not None and len(shared) < len(self.mixed):
            raise ValueError("with a 'size' every part needs a 'share' (but for the replayed one)")
        return self

    @property
    def mixed(self) -> dict[str, PartSpec]:
        """The parts but for the replayed one."""
        replayed = self.replay.part if self.replay else None
        return {name: part for name, part in self.parts.items() if name != replayed}


def mixes() -> tuple[str, ...]:
    """The names of the mixtures that come with this project."""
    return tuple(sorted(Path(each.name).stem for each in MIXES.iterdir() if each.name.endswith(".yaml")))


@dataclass(frozen=True, slots=True)
class Blend:
    """A mixture, and for its parts that are made by a source that source with its settings."""

    name: str
    spec: MixSpec
    sources: Mapping[str, tuple[Source, Settings]]


def load_mix(name: str, *, size: int | None = None, seed: int | None = None) -> Blend:
    """A mixture by name, or from a .yaml file; ``size`` and ``seed`` in place of its own.

    Paths in a named one are relative to the working folder, in a file to the file.

    Raises:
        UnknownName: no such mixture.
        SettingsError: not well formed: names the line.
    """
    if not name.endswith((".yaml", ".yml")):
        if name not in mixes():
            raise UnknownName("mixture", name, mixes())
        with resources.as_file(MIXES / f"{name}.yaml") as path:
            document = Document(path)
        document.path = Path.cwd() / f"{name}.yaml"
    else:
        document = Document(Path(name))
    data = dict(document.data)
    data |= {key: value for key, value in (("size", size), ("seed", seed)) if value is not None}
    spec = document.parse(MixSpec, data)
    sources = {part: _source(document, part, each.source) for part, each in spec.parts.items() if each.source}
    return Blend(Path(name).stem, spec, sources)


def _source(document: Document, part: str, given: Mapping[str, Any]) -> tuple[Source, Settings]:
    ((name, data),) = given.items()
    where = ("parts", part, "source", name)
    try:
        source = SOURCES.load(name)
    except UnknownName as error:
        raise document.error(where, str(error)) from None
    return source, document.parse(source.settings, data, where)
