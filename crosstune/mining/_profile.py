"""Profiles: the thresholds of the rules, and the lists that a profile refers to."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pydantic
import yaml

from crosstune.errors import SettingsError, UnknownName
from crosstune.settings import Document, Settings

Count = Annotated[int, pydantic.Field(ge=0)]


class Licence(Settings):
    allowed: tuple[str, ...] | None = None
    """SPDX names in lower case; a commit with any other licence is dropped. null: licences are only
    recorded."""


class Owners(Settings):
    opted_out: tuple[str, ...] = ()
    """Owners whose repositories are not used."""


class Authors(Settings):
    opted_out: tuple[str, ...] = ()
    """Authors whose commits are not used: names or addresses as in commits, in any case, or ``sha256:`` and
    the hash of one in lower case, which does not publish it."""


class Message(Settings):
    more_than: Count = 0
    fewer_than: Count = 1_000_000_000
    not_exactly: tuple[str, ...] = ()
    not_starting_with: tuple[str, ...] = ()
    not_update_path: bool = False


class File(Settings):
    extensions: str = "commitpack-extensions.yaml"
    """A table ``language: [endings]``, shipped with the package or at a path; or ``linguist``, which also
    reads the text to choose between languages with the same ending."""
    typical: Mapping[str, tuple[str, ...]] = {}
    extension_needed: bool = False
    not_named_in_subject: bool = False


class Subject(Settings):
    no_hash_sign: bool = False
    more_characters_than: Count = 0
    fewer_characters_than: Count = 1_000_000_000
    more_words_than: Count = 0
    fewer_words_than: Count = 1_000_000_000
    delete: tuple[str, ...] = ()
    clean: bool = False
    capital: bool = False
    verbs: str | None = None
    """A list of verbs that a subject may begin with, shipped with the package or at a path."""
    not_exactly: tuple[str, ...] = ()
    not_containing: tuple[str, ...] = ()
    not_matching: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()
    delete_then: tuple[str, ...] = ()
    thinned: tuple[str, ...] = ()
    thinned_keep: float = pydantic.Field(default=1.0, ge=0, le=1)
    thinned_seed: int = 0
    nowhere_then: tuple[str, ...] = ()
    least_words_then: Count = 0

    @pydantic.field_validator("not_matching", "nowhere", "nowhere_then")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {pattern!r}: {error}") from None
        return patterns


class Counter(Settings):
    """How tokens are counted: exactly one of the two fields is set."""

    bytes_per_token: float | None = pydantic.Field(default=None, gt=0)
    tokenizer: str | None = None
    """A file ``tokenizer.json``, its folder, or the name of a model on the Hugging Face Hub."""

    @pydantic.model_validator(mode="after")
    def _one(self) -> Self:
        if (self.bytes_per_token is None) == (self.tokenizer is None):
            raise ValueError("expected either bytes_per_token or tokenizer")
        return self


class Contents(Settings):
    old_fewer_than: Count = 1_000_000_000
    new_not_empty: bool = True
    different: bool = True
    most_bytes: Count = 1_000_000
    """The limit for each side of the change."""
    longest_line: Count = 100_000
    """In characters, on either side."""
    no_direction_marks: bool = True
    """Drop texts with Unicode characters that change the direction in which text is displayed."""
    least_tokens: Count = 0
    most_tokens: Count | None = None
    counter: Counter = Counter(bytes_per_token=3.5)


class Sample(Settings):
    of: Literal["file", "definition", "hunk"] = "file"
    """The piece to keep: the whole file, the innermost definition around the change, or the lines from the
    first to the last change. An added file stays whole. The rules on contents apply to this piece, except
    ``most_bytes``, ``longest_line`` and ``no_direction_marks``, which apply to the file."""
    context_lines: Count = 3
    """Unchanged lines kept before and after a hunk."""
    instruction: Literal["subject", "message"] = "subject"
    """``message``: the subject, an empty line and the body without its trailers."""


class Profile(Settings):
    """The thresholds of all rules; ``profiles/commitpackft.yaml`` gives the source of each."""

    name: str
    additions: bool = True
    licence: Licence = Licence()
    owners: Owners = Owners()
    authors: Authors = Authors()
    message: Message = Message()
    file: File = File()
    subject: Subject = Subject()
    contents: Contents = Contents()
    sample: Sample = Sample()


def profiles() -> tuple[str, ...]:
    """The names of the profiles shipped with the package."""
    folder = importlib.resources.files("crosstune.mining") / "profiles"
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir()))


def load_profile(name: str, changes: Mapping[str, Any] | None = None) -> Profile:
    """The profile called ``name``, or in the file ``name`` if it ends in ``.yaml``, with ``changes``.

    ``changes`` are nested like the profile: ``{"subject": {"capital": False}}``.

    Raises:
        UnknownName: no such profile.
        SettingsError: names the file, the line and the field.
    """
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
    elif name in profiles():
        path = Path(str(importlib.resources.files("crosstune.mining") / "profiles" / f"{name}.yaml"))
    else:
        raise UnknownName("profile", name, profiles())
    document = Document(path)
    profile = document.parse(Profile)
    if not changes:
        return profile
    try:
        return document.parse(Profile, _merged(document.data, changes))
    except SettingsError as error:  # without the file's name and line: the error is in the changes
        problem = str(error).split(": ", 1)[-1]
        raise SettingsError(f"changes to the profile {name}: {problem}") from None


def _merged(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for key, value in changes.items():
        section = merged.get(key)
        is_value = (
            key in {"typical", "counter"} or not isinstance(section, dict) or not isinstance(value, dict)
        )
        merged[key] = value if is_value else _merged(section or {}, value)
    return merged


@functools.cache
def languages_by_ending(table: str) -> Mapping[str, str]:
    """Map each ending to its language, from a table of languages.

    Raises:
        SettingsError: no such table, or an ending that two languages claim.
    """
    languages: dict[str, str] = {}
    for language, endings in yaml.load(_read_list(table), Loader=yaml.CSafeLoader).items():
        for ending in endings:
            if ending in languages:
                both = f"{languages[ending]} and {language}"
                raise SettingsError(f"{table}: {ending} belongs to two languages: {both}")
            languages[ending] = language
    return languages


@functools.cache
def verbs(file: str) -> frozenset[str]:
    """The lines of a list of verbs in lower case, without comments.

    Raises:
        SettingsError: no such list.
    """
    lines = (line.strip() for line in _read_list(file).splitlines())
    return frozenset(line.lower() for line in lines if line and not line.startswith("#"))


def _read_list(file: str) -> str:
    """The text of a shipped file, or of the file at a path if the name has a slash."""
    shipped = importlib.resources.files("crosstune.mining") / "data" / file
    try:
        return Path(file).read_text("utf-8") if "/" in file else shipped.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from None
