"""Settings: YAML into strict pydantic models, with errors that name the file, the line and the field."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import pydantic
import yaml

from crosstune.errors import SettingsError, suggestion
from crosstune.user_folders import expanded

M = TypeVar("M", bound="Settings")
Location = tuple[str | int, ...]
"""The keys and indices that lead from the top of a document to a value."""


class Settings(pydantic.BaseModel):
    """Base class of all settings: frozen, without unknown keys; a field's docstring is its help text."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def resolve_path(path: Path, base: Path) -> Path:
    """``path`` relative to ``base``, with ``~``, ``${NAME}`` and ``${NAME:-default}`` expanded.

    Raises:
        ValueError: an environment variable without a default is not set.
    """
    return (base / expanded(_expand(str(path)))).resolve()


def _resolve(path: Path, info: pydantic.ValidationInfo) -> Path:
    return resolve_path(path, (info.context or {}).get("base", Path()))


def _expand(text: str) -> str:
    def expand(match: re.Match[str]) -> str:
        value = os.environ.get(match["name"], match["default"])
        if value is None:
            raise ValueError(f"the environment variable {match['name']} is not set")
        return value

    return re.sub(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}", expand, text)


InputPath = Annotated[Path, pydantic.AfterValidator(_resolve)]
"""An input file or folder: relative to the settings file, with ``~``, ``${NAME}`` and ``${NAME:-default}``
expanded. A step's key includes its contents, not its name."""

EnvText = Annotated[str, pydantic.AfterValidator(_expand)]
"""Text with ``${NAME}`` and ``${NAME:-default}`` expanded."""


class Document:
    """A YAML file with the line number of each value."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            SettingsError: the file is missing, not UTF-8, not YAML or not a mapping, or repeats a key.
        """
        self.path = path
        try:
            text = path.read_text("utf-8")
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except FileNotFoundError:
            raise SettingsError(f"{path}: no such file") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read: {error}") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            position = f"{path}:{mark.line + 1}" if mark else str(path)
            raise SettingsError(f"{position}: not YAML: {getattr(error, 'problem', error)}") from None
        self._lines: dict[Location, int] = {}
        if not isinstance(node, yaml.MappingNode):
            raise SettingsError(f"{path}: expected a mapping of settings, found {_kind(node)}")
        self._index(node, ())
        self.data: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)

    def _index(self, node: yaml.Node, location: Location) -> None:
        self._lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise SettingsError(f"{self.path}:{line}: the key {key.value!r} is given twice")
                seen.add(key.value)
                self._lines[(*location, key.value)] = key.start_mark.line + 1
                self._index(value, (*location, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._index(value, (*location, index))

    def line(self, location: Sequence[str | int]) -> int:
        """The line (from 1) of the value at ``location``, or of the nearest value that encloses it."""
        nearest = tuple(location)
        while nearest and nearest not in self._lines:
            nearest = nearest[:-1]
        return self._lines.get(nearest, 1)

    def error(self, location: Sequence[str | int], message: str) -> SettingsError:
        field = ".".join(map(str, location))
        return SettingsError(f"{self.path}:{self.line(location)}: {field + ': ' if field else ''}{message}")

    def model_path(self, text: str, *, local: bool) -> Path | str:
        """``text`` as a path if it begins with ``.``, ``/``, ``~`` or ``$``, else unchanged as a name.

        A ``local`` model may also be a folder or file beside this file, whose contents count, not its name.
        """
        path = self.path.parent / text
        beside = local and ((path / "config.json").is_file() or path.is_file())
        if beside or text.startswith((".", "/", "~", "$")):
            return resolve_path(Path(text), self.path.parent)
        return text

    def parse(self, kind: type[M], data: Any = None, at: Sequence[str | int] = ()) -> M:
        """Validate ``data`` at the location ``at`` (by default the whole file) as a ``kind``.

        Raises:
            SettingsError: the message names the first invalid field and its line, and suggests a known key
                for an unknown one.
        """
        try:
            return kind.model_validate(
                self.data if data is None else data, context={"base": self.path.parent}
            )
        except pydantic.ValidationError as error:
            # A misspelt required key is reported as unknown and as missing; "unknown" is more helpful.
            first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
            location = [*at, *first["loc"]]
            if first["type"] == "extra_forbidden":
                known = _fields(kind, first["loc"][:-1])
                raise self.error(location, f"unknown key; {suggestion(str(location[-1]), known)}") from None
            raise self.error(location, first["msg"].removeprefix("Value error, ")) from None


def _kind(node: yaml.Node | None) -> str:
    return "nothing" if node is None else node.tag.rpartition(":")[2]


def _fields(kind: type[pydantic.BaseModel], location: Sequence[str | int]) -> list[str]:
    """The field names of the models that are allowed at ``location`` inside ``kind``."""
    models: list[Any] = [kind]
    for part in location:
        inner: list[Any] = []
        for model in models:
            field = model.model_fields.get(part) if _is_model(model) else None
            inner += _models(field.annotation) if field else ([model] if isinstance(part, int) else [])
        models = inner or models
    return [name for model in models if _is_model(model) for name in model.model_fields]


def _models(annotation: Any) -> list[Any]:
    if _is_model(annotation):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, pydantic.BaseModel)


def canonical(value: Any) -> str:
    """``value`` as JSON with sorted keys and without spaces: equal settings give equal text.

    Raises:
        TypeError: a value has no stable JSON representation (a path, a function, a set …).
    """
    if isinstance(value, pydantic.BaseModel):
        value = value.model_dump(mode="json")
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 (hex) of `canonical`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
