"""The store of finished steps: content-addressed folders, each complete or absent.

ROOT/RESULT/NAME-KEY12            a finished step: its files and, written last, manifest.json
ROOT/.partial/RESULT-KEY12/out    a running step; renamed to the path above when it is complete
ROOT/.partial/RESULT-KEY12/work   its journal and checkpoints, which survive a killed run
"""

from __future__ import annotations

import contextlib
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

from crosstune import files
from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.files import file_digest, sync_to_disk, write_json

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Artifact:
    """A finished step's folder and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def seconds(self) -> float:
        return float(self.manifest["seconds"])

    @property
    def metrics(self) -> Mapping[str, Any]:
        metrics: Mapping[str, Any] = self.manifest["metrics"]
        return metrics

    @property
    def inputs(self) -> Mapping[str, str]:
        """The keys of its input steps, by role."""
        inputs: Mapping[str, str] = self.manifest["inputs"]
        return inputs

    @property
    def finished(self) -> str:
        """When the step finished, in UTC, as 2026-01-31T12:00:00+00:00; in early versions the file's time."""
        return str(self.manifest.get("finished") or _utc((self.folder / MANIFEST).stat().st_mtime))

    def verify(self) -> None:
        """Compare all files with their digests.

        Raises:
            CorruptArtifact: a file is missing or has changed.
        """
        for name, expected in self.manifest["files"].items():
            path = self.folder / name
            actual = file_digest(path) if path.is_file() else "nothing"
            if actual != expected["sha256"]:
                raise CorruptArtifact(
                    f"{path}: corrupt: expected sha256 {expected['sha256'][:12]}…, found {actual[:12]}…. "
                    f"Remove the folder {self.folder} and run again: only this step is repeated"
                )


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


class Store:
    """The folder of finished steps; several studies and several runs may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, result: str, name: str, key: str) -> Path:
        return self.root / result / f"{_slug(name)}-{key[:12]}"

    def find(self, result: str, key: str) -> Artifact | None:
        """The finished step with this key, whatever its name; None if there is none.

        Raises:
            CorruptArtifact: its manifest cannot be read.
        """
        for folder in sorted((self.root / result).glob(f"*-{key[:12]}")):
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
    def claim(self, result: str, name: str, key: str) -> Iterator[tuple[Path, Path]]:
        """An empty folder to fill and a work folder that survives kills, locked by this process.

        Raises:
            Incomplete: another process is running this step.
        """
        partial = self._partial(result, key)
        out, work = partial / "out", partial / "work"
        with self._lock(partial, name):
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            work.mkdir(exist_ok=True)
            yield out, work

    @contextlib.contextmanager
    def _lock(self, partial: Path, name: str) -> Iterator[None]:
        """Lock the folder ``partial``, which is made.

        Not `files.locked`, which removes the lock file at the end: `commit` removes the whole folder, perhaps
        between another process's opening and locking of the file. Then that process makes it again.
        """
        path = partial / "lock"
        while True:
            with contextlib.suppress(FileNotFoundError), contextlib.ExitStack() as opened:
                partial.mkdir(parents=True, exist_ok=True)
                lock = opened.enter_context(path.open("w"))
                try:
                    files.lock(lock.fileno(), path)
                except BlockingIOError:
                    raise Incomplete(f"{name}: another process is running this step; wait for it") from None
                if os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                    held = opened.pop_all()
                    break
        with held:
            yield

    def commit(self, result: str, name: str, key: str, facts: Mapping[str, Any]) -> Artifact:
        """Turn the filled folder of `claim` into a finished step; ``facts`` are added to its manifest."""
        out = self._partial(result, key) / "out"
        files = {
            path.relative_to(out).as_posix(): {"sha256": file_digest(path), "bytes": path.stat().st_size}
            for path in sorted(out.rglob("*"))
            if path.is_file()
        }
        finished = _utc(time.time())
        manifest = {"name": name, "kind": result, "key": key, **facts, "finished": finished, "files": files}
        write_json(out / MANIFEST, manifest, sync=True)
        path = self.path(result, name, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        for each in out.rglob("*"):
            sync_to_disk(each)
        out.rename(path)
        sync_to_disk(path.parent)
        shutil.rmtree(self._partial(result, key), ignore_errors=True)
        artifact = self.find(result, key)
        assert artifact is not None
        return artifact

    def _partial(self, result: str, key: str) -> Path:
        return self.root / ".partial" / f"{result}-{key[:12]}"


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "step"
