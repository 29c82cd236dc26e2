"""Git history: commits that read like instructions become examples."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pydantic

from crosstune.mining._mining import fingerprint, references
from crosstune.mining._profile import Profile, load_profile
from crosstune.mining._repositories import join, mine_each
from crosstune.records import Commit, Example, Progress, Requirement
from crosstune.settings import InputPath, Settings, resolve_path
from crosstune.sources._source import Source


class Clone(Settings):
    """A local clone: what its references point to counts in a step's key, not where it stands."""

    path: InputPath = pydantic.Field(exclude=True)
    tips: str = pydantic.Field(default_factory=lambda data: references(data["path"]))
    """A hash of what its references point to. Found out, not given."""

    @pydantic.model_validator(mode="before")
    @classmethod
    def _from_path(cls, data: Any) -> Any:
        return {"path": data} if isinstance(data, (str, Path)) else data

    @pydantic.field_validator("tips", mode="before")
    @classmethod
    def _given(cls, _value: Any) -> Any:
        raise ValueError("this is found out, not given")


class GitSettings(Settings):
    repositories: tuple[Clone, ...] = pydantic.Field(min_length=1)
    """Paths of local clones, with or without a work tree."""
    profile: str = "commitpackft"
    """The rules: a name, or a path to a file that ends in .yaml."""
    overrides: dict[str, Any] = {}
    """Settings laid over the profile's, nested as they are there."""
    meaning: str = pydantic.Field(
        default_factory=lambda data: fingerprint(load_profile(data["profile"], data["overrides"]))
    )
    """A hash of what the profile says. Found out, not given."""

    @pydantic.field_validator("profile")
    @classmethod
    def _path(cls, name: str, info: pydantic.ValidationInfo) -> str:
        base = (info.context or {}).get("base", Path())
        return str(resolve_path(Path(name), base)) if name.endswith((".yaml", ".yml")) else name

    @pydantic.field_validator("meaning", mode="before")
    @classmethod
    def _given(cls, _value: Any) -> Any:
        raise ValueError("this is found out, not given")

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(clone.path for clone in self.repositories)

    def rules(self) -> Profile:
        """
        Raises:
            UnknownName, SettingsError: no such profile, or one that is not well formed.
        """
        return load_profile(self.profile, self.overrides)


def example(commit: Commit, profile: Profile) -> Example:
    """OctoPack's form: the subject (with a body: an empty line and the body as well), a newline and the old
    file ask for the new file. ``profile`` holds the rules by which it was chosen."""
    asked = f"{commit.subject}\n\n{commit.body}" if commit.body else commit.subject
    return Example(
        id=commit.commit,
        prompt=f"{asked}\n{commit.old}",
        completion=commit.new,
        language=commit.language,
        task="commit",
        source="git",
        provenance={
            "repository": commit.repository,
            "commit": commit.commit,
            "time": datetime.fromtimestamp(commit.time, UTC).isoformat(),
            "path": commit.path,
            "old_blob": commit.old_blob,
            "new_blob": commit.new_blob,
            "licence": commit.licence,
            "message": commit.message,
            "subject": commit.subject,
            "body": commit.body,
            "granularity": commit.piece,
            "old_line": str(commit.old_line),
            "new_line": str(commit.new_line),
            "opt_out": checked(profile),
            "rules": named(profile),
        },
    )


def checked(profile: Profile) -> str:
    """Which lists of those who opted out were asked, in words."""
    owners, authors = len(profile.owners.opted_out), len(profile.authors.opted_out)
    return f"not listed ({owners} owners, {authors} authors)" if owners or authors else "no list given"


def named(profile: Profile) -> str:
    """The rules in one word: the profile's name and a hash of all that it says."""
    return f"{profile.name}-{fingerprint(profile)}"


def _examples(settings: GitSettings, work: Path, progress: Progress) -> Iterator[Example]:
    profile = settings.rules()
    # A study runs its steps in a process for each core already.
    mined = mine_each(settings.paths, profile, work, 1, progress)
    commits, _ = join(mined, profile)
    return (example(commit, profile) for commit in commits)


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
