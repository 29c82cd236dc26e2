"""Settings from the command line: ``--set a.b=1``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from crosstune.settings import Settings

S = TypeVar("S", bound="Settings")


def nested(pairs: Sequence[str], option: str = "--set", example: str = "a.b=1") -> dict[str, Any]:
    """``a.b=1`` as ``{"a": {"b": 1}}``; values are YAML.

    Raises:
        UsageError: a pair without ``=``, or a value that is not YAML.
    """
    import yaml

    from crosstune.errors import UsageError

    values: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or not name:
            raise UsageError(f"{option} {pair}: expected KEY=VALUE, as in {example}")
        *sections, last = name.split(".")
        section = values
        for each in sections:
            section = section.setdefault(each, {})
            if not isinstance(section, dict):
                raise UsageError(f"{option} {pair}: {each} has a value already")
        try:
            section[last] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise UsageError(f"{option} {pair}: the value is not YAML") from None
    return values


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the ``changes``, which replace single values of nested mappings."""
    result = dict(base)
    for name, value in changes.items():
        old = result.get(name)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[name] = merged(old, value) if both and isinstance(old, Mapping) else value
    return result


def validated(kind: type[S], values: Mapping[str, Any], options: Mapping[str, str] | None = None) -> S:
    """Settings from ``values``; paths are relative to the working directory.

    ``options`` maps names of settings to the options that set them, for errors; the others come from --set.

    Raises:
        UsageError: a setting is unknown, missing or invalid.
    """
    from pydantic import ValidationError

    from crosstune.errors import UsageError, suggestion

    try:
        return kind.model_validate(values, context={"base": Path.cwd()})
    except ValidationError as error:
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        name = ".".join(map(str, first["loc"]))
        option = (options or {}).get(name, f"--set {name}=…" if name else "--set")
        if first["type"] == "extra_forbidden":
            raise UsageError(f"{option}: unknown; {suggestion(name, kind.model_fields)}") from None
        message = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{option}: {message}") from None
