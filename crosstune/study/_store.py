"""Where finished steps stand: content-addressed folders, whole or absent.

ROOT/KIND/NAME-KEY12            a finished step: its files and, written last, manifest.json
ROOT/.partial/KIND-KEY12/out    a step at work; renamed to the place above when it is whole
ROOT/.partial/KIND-KEY12/work   its journal and checkpoints, which outlive a killed run
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact, Incomplete

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Artifact:
    """A finished step's folder and what its manifest says."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def seconds(self) -> float:
        return float(self.manifest["seconds"])

    @property
    def metrics(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest["metrics"]
        return found

    @property
    def inputs(self) -> Mapping[str, str]:
        """The keys of the steps it was made of, by role."""
        found: Mapping[str, str] = self.manifest["inputs"]
        return found

    @property
    def finished(self) -> str:
        """When, in UTC, as 2026-01-31T12:00:00+00:00; for a step of an earlier version, by its file."""
        if told := self.manifest.get("finished"):
            return str(told)
        return _utc((self.folder / MANIFEST).stat().st_mtime)

    def verify(self) -> None:
        """
        Raises:
            CorruptArtifact: a file is missing or not what was written.
        """
        for name, expected in self.manifest["files"].items():
            path = self.folder / name
            found = file_digest(path) if path.is_file() else "nothing"
            if found != expected["sha256"]:
                raise CorruptArtifact(
                    f"{path}: corrupt: expected sha256 {expected['sha256'][:12]}…, found {found[:12]}…. "
                    f"Remove the folder {self.folder} and run again: only this step is done anew"
                )


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


class Store:
    """The folder that holds finished steps; several studies and several runs may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def place(self, kind: str, name: str, key: str) -> Path:
        return self.root / kind / f"{_slug(name)}-{key[:12]}"

    def find(self, kind: str, key: str) -> Artifact | None:
        """The finished step with this key, under whatever readable name it was made.

        Raises:
            CorruptArtifact: its manifest can't be read or speaks of another step.
        """
        for folder in sorted((self.root / kind).glob(f"*-{key[:12]}")):
            path = folder / MANIFEST
            try:
                manifest = json.loads(path.read_bytes())
                if manifest["key"] != key:
                    continue
                return Artifact(folder, manifest)
            except (OSError, ValueError, KeyError, TypeError):
                raise CorruptArtifact(
                    f"{path}: missing or not a manifest. Remove the folder {folder} and run again"
                ) from None
        return None

    @contextlib.contextmanager
    def claim(self, kind: str, name: str, key: str) -> Iterator[tuple[Path, Path]]:
        """An empty folder to fill and a work folder that outlives kills, held by this process alone.

        Raises:
            Incomplete: another process is at this very step.
        """
        partial = self.root / ".partial" / f"{kind}-{key[:12]}"
        out, work = partial / "out", partial / "work"
        work.mkdir(parents=True, exist_ok=True)
        with (partial / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Incomplete(f"{name}: another process is at this step; wait for it") from None
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            yield out, work

    def commit(self, kind: str, name: str, key: str, facts: Mapping[str, Any]) -> Artifact:
        """Makes the filled folder of `claim` a finished step; ``facts`` go into its manifest."""
        partial = self.root / ".partial" / f"{kind}-{key[:12]}"
        out = partial / "out"
        files = {
            path.relative_to(out).as_posix(): {"sha256": file_digest(path), "bytes": path.stat().st_size}
            for path in sorted(out.rglob("*"))
            if path.is_file()
        }
        write_json(
            out / MANIFEST,
            {"name": name, "kind": kind, "key": key, **facts, "finished": _utc(time.time()), "files": files},
        )
        place = self.place(kind, name, key)
        place.parent.mkdir(parents=True, exist_ok=True)
        for path in out.rglob("*"):
            _sync(path)
        out.rename(place)
        _sync(place.parent)
        shutil.rmtree(partial, ignore_errors=True)
        found = self.find(kind, key)
        assert found is not None
        return found


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_digest(path: Path) -> str:
    """SHA-256 of a file, or of a folder's file names and contents.

    Raises:
        FileNotFoundError: nothing stands there.
    """
    if path.is_file():
        return file_digest(path)
    if not path.is_dir():
        raise FileNotFoundError(path)
    whole = hashlib.sha256()
    for found in sorted(path.rglob("*")):
        if found.is_file():
            whole.update(f"{found.relative_to(path).as_posix()}\0{file_digest(found)}\n".encode())
    return whole.hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Written aside and renamed: a reader sees the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")
    _sync(aside)
    aside.rename(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "step"
