"""A folder's files as values that Ray moves between machines without copying them once more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Files = Mapping[str, Any]
"""The bytes of each file as an array of uint8, by its name relative to the folder."""


def packed(folder: Path) -> Files:
    """All files of ``folder``; they are in memory."""
    import numpy as np

    return {
        path.relative_to(folder).as_posix(): np.fromfile(path, dtype=np.uint8)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unpack(files: Files, folder: Path) -> Path:
    """Write the files below ``folder``, which is made; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content.tofile(path)
    return folder
