"""Mixtures defined in YAML files: named parts with rows or shares, replay, and the seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Self

import pydantic

from crosstune.corpus._mix import MOST_SHARE
from crosstune.errors import UnknownName
from crosstune.settings import Document, InputPath, Settings
from crosstune.sources import SOURCES, Source

MIXTURES = resources.files("crosstune.corpus") / "mixes"


class PartSpec(Settings):
    path: InputPath | None = None
    """A corpus folder, or a file of rows."""
    source: dict[str, dict[str, Any]] | None = None
    """Instead of a path: the name of a source and its settings."""
    rows: int | None = pydantic.Field(default=None, gt=0)
    """The number of rows to draw; without it and without a share, all."""
    share: float | None = pydantic.Field(default=None, gt=0, le=MOST_SHARE)
    """Instead of a number: the share of the mixture, relative to the other parts' shares."""

    @pydantic.model_validator(mode="after")
    def _check(self) -> Self:
        if (self.path is None) == (self.source is None):
            raise ValueError("expected either 'path' or 'source'")
        if self.rows is not None and self.share is not None:
            raise ValueError("expected 'rows' or 'share', not both")
        if self.source is not None and len(self.source) != 1:
            raise ValueError(f"expected one source with its settings, found {len(self.source)}")
        return self


class Replay(Settings):
    part: str
    """The part to replay: data that the model was trained on before."""
    share: float = pydantic.Field(gt=0, lt=1)
    """Its share of all rows."""


class MixtureSpec(Settings):
    """A mixture. Either it has a size and every part a share, or neither has."""

    title: str = ""
    """One line for the card."""
    parts: dict[str, PartSpec] = pydantic.Field(min_length=1)
    size: int | None = pydantic.Field(default=None, gt=0)
    """The total number of rows, for parts with shares."""
    seed: int = 0
    """Determines which rows are drawn, and their order."""
    replay: Replay | None = None
    """Rows of one part, in the mixture and in each of its controls."""

    @pydantic.model_validator(mode="after")
    def _check(self) -> Self:
        if self.replay and self.replay.part not in self.parts:
            raise ValueError(f"replay: no part {self.replay.part!r}; there are {', '.join(self.parts)}")
        shared = [name for name, part in self.mixed.items() if part.share is not None]
        if not self.mixed:
            raise ValueError("expected a part besides the replayed one")
        if self.size is None and (shared or self.replay):
            raise ValueError("shares and replay need the 'size' in rows")
        if self.size is not None and len(shared) < len(self.mixed):
            raise ValueError("with a 'size' every part needs a 'share' (except the replayed one)")
        return self

    @property
    def mixed(self) -> dict[str, PartSpec]:
        """The parts except the replayed one."""
        replayed = self.replay.part if self.replay else None
        return {name: part for name, part in self.parts.items() if name != replayed}


def mixture_names() -> tuple[str, ...]:
    """The names of the mixtures shipped with crosstune."""
    return tuple(sorted(Path(each.name).stem for each in MIXTURES.iterdir() if each.name.endswith(".yaml")))


@dataclass(frozen=True, slots=True)
class LoadedMixture:
    """A mixture's spec; ``sources`` maps a part to its source and the source's settings."""

    name: str
    spec: MixtureSpec
    sources: Mapping[str, tuple[Source, Settings]]


def load_mixture(name: str, *, size: int | None = None, seed: int | None = None) -> LoadedMixture:
    """Load a mixture by name, or from a .yaml file; ``size`` and ``seed`` override its own.

    Paths in a file are relative to it, those of a named mixture to the working directory.

    Raises:
        UnknownName: no such mixture.
        SettingsError: the file is malformed; the message names the line.
    """
    if not name.endswith((".yaml", ".yml")):
        if name not in mixture_names():
            raise UnknownName("mixture", name, mixture_names())
        with resources.as_file(MIXTURES / f"{name}.yaml") as path:
            document = Document(path)
        document.path = Path.cwd() / f"{name}.yaml"
    else:
        document = Document(Path(name))
    data = dict(document.data)
    data |= {key: value for key, value in (("size", size), ("seed", seed)) if value is not None}
    spec = document.parse(MixtureSpec, data)
    sources = {
        part: _load_source(document, part, each.source) for part, each in spec.parts.items() if each.source
    }
    return LoadedMixture(Path(name).stem, spec, sources)


def _load_source(document: Document, part: str, given: Mapping[str, Any]) -> tuple[Source, Settings]:
    ((name, data),) = given.items()
    location = ("parts", part, "source", name)
    try:
        source = SOURCES.load(name)
    except UnknownName as error:
        raise document.error(location, str(error)) from None
    return source, document.parse(source.settings, data, location)
