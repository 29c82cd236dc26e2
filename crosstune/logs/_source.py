"""A file or folder that may be a log, read on demand, and objects whose fields are checked."""

from __future__ import annotations

import functools
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import DataError

_MISSING = object()


class Fields:
    """A JSON object of a log, and ``where`` it is."""

    def __init__(self, values: Any, where: str) -> None:
        """
        Raises:
            DataError: it is not an object.
        """
        if not isinstance(values, dict):
            raise DataError(f"{where}: expected an object, found {_shown(values)}")
        self.values: Mapping[str, Any] = values
        self.where = where

    def need(self, name: str, *kinds: type) -> Any:
        """
        Raises:
            DataError: the field is missing or of another type.
        """
        value = self.values.get(name, _MISSING)
        if value is _MISSING:
            has = ", ".join(map(repr, list(self.values)[:12])) or "no fields"
            raise DataError(f"{self.where}: missing field {name!r}; it has {has}")
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            expected = " or ".join(kind.__name__ for kind in kinds)
            raise DataError(f"{self.where}: field {name!r}: expected {expected}, found {_shown(value)}")
        return value

    def get(self, name: str, kind: type, default: Any = None) -> Any:
        """An optional field; ``default`` where it is missing or of another type: formats vary by version."""
        value = self.values.get(name)
        return value if isinstance(value, kind) else default

    def inner(self, name: str) -> Fields:
        """An optional object; empty where it is missing."""
        return Fields(self.get(name, dict, {}), f"{self.where}: {name}")


def _shown(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


class Source:
    """The file or folder ``path``; what is read of it is kept."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            DataError: it does not exist.
        """
        if not path.exists():
            raise DataError(f"{path}: no such file or folder")
        self.path = path
        self.is_folder = path.is_dir()

    @property
    def name(self) -> str:
        """The file's name, without ``.gz``."""
        return self.path.name.removesuffix(".gz")

    @property
    def is_lines(self) -> bool:
        return not self.is_folder and self.name.endswith(".jsonl")

    @property
    def is_json(self) -> bool:
        return not self.is_folder and self.name.endswith(".json")

    def files(self, *patterns: str) -> list[Path]:
        """The files below a folder that match one of the patterns, in order of their paths."""
        return sorted({path for pattern in patterns for path in self.path.rglob(pattern) if path.is_file()})

    @functools.cached_property
    def document(self) -> Any:
        """The file as one JSON value.

        Raises:
            DataError: it is not JSON, or not complete.
        """
        try:
            return json.loads(self._text)
        except ValueError as error:
            raise DataError(f"{self.path}: not JSON: {error}") from None

    @functools.cached_property
    def _text(self) -> str:
        try:
            data = self.path.read_bytes()
            return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{self.path}: not a complete gzip file: {error}") from None
        except UnicodeDecodeError as error:
            raise DataError(f"{self.path}: not UTF-8: {error}") from None

    def rows(self) -> Iterator[Fields]:
        """The objects of a file with one per line, or with a list of them.

        Raises:
            DataError: a line is not a JSON object.
        """
        if self._text.lstrip().startswith("["):
            for number, row in enumerate(self.document, 1):
                yield Fields(row, f"{self.path}: entry {number}")
            return
        for number, line in enumerate(self._text.split("\n"), 1):
            if line.strip():
                where = f"{self.path}:{number}"
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise DataError(f"{where}: not JSON: {error}") from None
                yield Fields(row, where)

    @functools.cached_property
    def first(self) -> Mapping[str, Any]:
        """The first object of a file of lines, to recognise its format; empty if there is none."""
        try:
            return next(self.rows()).values if self.is_lines else {}
        except (StopIteration, DataError):
            return {}

    @functools.cached_property
    def whole(self) -> Mapping[str, Any]:
        """The object in a JSON file, to recognise its format; empty if there is none."""
        try:
            return self.document if self.is_json and isinstance(self.document, dict) else {}
        except DataError:
            return {}
