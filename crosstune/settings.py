"""Settings: YAML read into strict pydantic models, with errors that name file, line and field."""

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

M = TypeVar("M", bound="Settings")
Where = tuple[str | int, ...]


class Settings(pydantic.BaseModel):
    """Base of all settings: frozen, no unknown keys; a field's docstring is its help."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def resolve_path(path: Path, base: Path) -> Path:
    """``path`` seen from ``base``, with ``~``, ``${NAME}`` and ``${NAME:-default}`` expanded.

    Raises:
        ValueError: an environment variable without a default is not set.
    """
    return (base / Path(_expand(str(path))).expanduser()).resolve()


def _resolve(path: Path, info: pydantic.ValidationInfo) -> Path:
    return resolve_path(path, (info.context or {}).get("base", Path()))


def _expand(text: str) -> str:
    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match["name"], match["default"])
        if found is None:
            raise ValueError(f"the environment variable {match['name']} is not set")
        return found

    return re.sub(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}", value, text)


InputPath = Annotated[Path, pydantic.AfterValidator(_resolve)]
"""A file or folder that is read: relative to the settings file, with ``~``, ``${NAME}`` and
``${NAME:-default}`` expanded. In a step's key its contents count, its name does not."""

EnvText = Annotated[str, pydantic.AfterValidator(_expand)]
"""Text in which ``${NAME}`` and ``${NAME:-default}`` are expanded."""


class Document:
    """A YAML file that remembers on which line each value stands."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            SettingsError: no such file, not UTF-8, not YAML, a key given twice, or not a mapping.
        """
        self.path = path
        try:
            text = path.read_text("utf-8")
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except FileNotFoundError:
            raise SettingsError(f"{path}: no such file") from None
        except (OSError, UnicodeDecodeError) as fault:
            raise SettingsError(f"{path}: cannot be read: {fault}") from None
        except yaml.YAMLError as fault:
            mark = getattr(fault, "problem_mark", None)
            place = f"{path}:{mark.line + 1}" if mark else str(path)
            raise SettingsError(f"{place}: not YAML: {getattr(fault, 'problem', fault)}") from None
        self._lines: dict[Where, int] = {}
        if not isinstance(node, yaml.MappingNode):
            raise SettingsError(f"{path}: expected a mapping of settings, found {_kind(node)}")
        self._note(node, ())
        self.data: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)

    def _note(self, node: yaml.Node, where: Where) -> None:
        self._lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise SettingsError(f"{self.path}:{line}: the key {key.value!r} stands here twice")
                seen.add(key.value)
                self._lines[(*where, key.value)] = key.start_mark.line + 1
                self._note(value, (*where, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._note(value, (*where, index))

    def line(self, where: Sequence[str | int]) -> int:
        """The line (from 1) of the value at ``where``, or of its nearest enclosing one."""
        path = tuple(where)
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def error(self, where: Sequence[str | int], message: str) -> SettingsError:
        field = ".".join(map(str, where))
        return SettingsError(f"{self.path}:{self.line(where)}: {field + ': ' if field else ''}{message}")

    def model_path(self, text: str) -> Path | str:
        """``text`` as a folder where it begins with ``.``, ``/``, ``~`` or ``$``, else unchanged: a name."""
        if not text.startswith((".", "/", "~", "$")):
            return text
        return resolve_path(Path(text), self.path.parent)

    def parse(self, kind: type[M], data: Any = None, at: Sequence[str | int] = ()) -> M:
        """``data`` (default: the whole file) as a ``kind``; ``at`` is where it stands in the file.

        Raises:
            SettingsError: names the first faulty field, its line, and for an unknown key the nearest.
        """
        try:
            return kind.model_validate(
                self.data if data is None else data, context={"base": self.path.parent}
            )
        except pydantic.ValidationError as fault:
            # A misspelt key is also a missing one: what was written helps more than what was not.
            first = min(fault.errors(), key=lambda error: error["type"] != "extra_forbidden")
            where = [*at, *(part for part in first["loc"] if (*at, part))]
            if first["type"] == "extra_forbidden":
                known = _fields(kind, first["loc"][:-1])
                raise self.error(where, f"unknown key; {suggestion(str(where[-1]), known)}") from None
            raise self.error(where, first["msg"].removeprefix("Value error, ")) from None


def _kind(node: yaml.Node | None) -> str:
    return "nothing" if node is None else node.tag.rpartition(":")[2]


def _fields(kind: type[pydantic.BaseModel], where: Sequence[str | int]) -> list[str]:
    """The field names of the model that stands at ``where`` inside ``kind``."""
    models: list[Any] = [kind]
    for part in where:
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
    """JSON with sorted keys and no spaces: equal settings give equal text.

    Raises:
        TypeError: a value that has no stable JSON form (a path object, a function, a set …).
    """
    if isinstance(value, pydantic.BaseModel):
        value = value.model_dump(mode="json")
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 (hex) of `canonical`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
