"""Git history: turn commits that read like instructions into examples."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pydantic

from crosstune.mining import Fetched, Profile, fingerprint, load_profile, mine_fetched, references_digest
from crosstune.records import Example, Progress, Requirement
from crosstune.settings import InputPath, Settings, resolve_path
from crosstune.sources._source import Source


class Clone(Settings):
    """A local clone; a step's key depends on its references, not on its path."""

    path: InputPath = pydantic.Field(exclude=True)
    tips: str = pydantic.Field(default_factory=lambda data: references_digest(data["path"]))
    """A hash of its references; computed, not given."""

    @pydantic.model_validator(mode="before")
    @classmethod
    def _from_path(cls, data: Any) -> Any:
        return {"path": data} if isinstance(data, (str, Path)) else data

    @pydantic.field_validator("tips", mode="before")
    @classmethod
    def _refuse_given(cls, _value: Any) -> Any:
        raise ValueError("this is computed; it cannot be given")


class GitSettings(Settings):
    repositories: tuple[Clone, ...] = pydantic.Field(min_length=1)
    """Paths of local clones, with or without a work tree."""
    profile: str = "commitpackft"
    """The rules: the name of a profile, or a path that ends in .yaml."""
    overrides: dict[str, Any] = {}
    """Settings that replace the profile's, nested as in the profile."""
    meaning: str = pydantic.Field(
        default_factory=lambda data: fingerprint(load_profile(data["profile"], data["overrides"]))
    )
    """A hash of the rules; computed, not given."""

    @pydantic.field_validator("profile")
    @classmethod
    def _path(cls, name: str, info: pydantic.ValidationInfo) -> str:
        base = (info.context or {}).get("base", Path())
        return str(resolve_path(Path(name), base)) if name.endswith((".yaml", ".yml")) else name

    @pydantic.field_validator("meaning", mode="before")
    @classmethod
    def _refuse_given(cls, _value: Any) -> Any:
        raise ValueError("this is computed; it cannot be given")

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(clone.path for clone in self.repositories)

    def rules(self) -> Profile:
        """The profile with the overrides.

        Raises:
            UnknownName, SettingsError: no such profile, or it is malformed.
        """
        return load_profile(self.profile, self.overrides)


def _examples(settings: GitSettings, work: Path, progress: Progress) -> Iterator[Example]:
    # One worker: a study already runs its steps in parallel.
    mined = mine_fetched(Fetched(settings.paths), settings.rules(), work=work, workers=1, progress=progress)
    return mined.examples()


def _requirements(settings: GitSettings) -> Sequence[Requirement]:
    git = Requirement("the program git", shutil.which("git") is not None, "apt-get install git")
    return [
        git,
        *(
            Requirement(f"the repository {path}", path.is_dir(), "clone it there, or correct `repositories`")
            for path in settings.paths
        ),
    ]


SOURCE = Source(
    name="git",
    version=1,
    settings=GitSettings,
    examples=_examples,
    requirements=_requirements,
)
