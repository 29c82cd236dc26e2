"""Recognise a repository's licence at a commit from the texts at the root of its tree."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from crosstune import files
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._output import read_objects
from crosstune.user_folders import cache_folder

VERSION = 2
"""Increase it when a text is given another name than before."""
UNKNOWN = "unknown"
FILE_NAME = re.compile(rb"(un)?licen[cs]e([.-].*)?|copying([.-].*)?", re.IGNORECASE)
MIN_SIMILARITY = 0.8
"""The least Sørensen-Dice similarity to a licence's text: askalono's own threshold."""
MAX_BYTES = 200_000
COPYRIGHT_LINE = re.compile(
    r"^\W*(copyright\b.*\d{4}|\(c\)\s*\d{4}|copyright \(c\)|©).*$", re.IGNORECASE | re.MULTILINE
)
"""Removed before comparing: copies with different holders or years then share one cached result."""


def licences(repository: Repository, commits: Sequence[str]) -> Iterator[str]:
    """Yield each commit's licences: SPDX names in lower case, sorted, joined by `` + ``.

    Names omit ``-only`` and ``-or-later``, whose texts are the same. A commit without a recognised text is
    ``unknown``.
    """
    roots = [f"{commit}^{{tree}}" for commit in commits]
    id_bytes = len(commits[0]) // 2 if commits else 0
    per_commit = [
        _licence_blobs(tree.data, id_bytes) if tree else ()
        for tree in read_objects(repository, roots, contents=True, kind=b"tree")
    ]
    blobs = sorted({blob for each in per_commit for blob in each})
    texts = dict(zip(blobs, read_objects(repository, blobs, contents=True), strict=True))
    names = {blob: licence_name(text.data) for blob, text in texts.items() if text and text.size <= MAX_BYTES}
    for each in per_commit:
        yield " + ".join(sorted({names.get(blob, "") for blob in each} - {""})) or UNKNOWN


def _licence_blobs(tree: bytes, id_bytes: int) -> tuple[str, ...]:
    """The ids of root files named like a licence. A tree entry is ``mode name``, NUL and the id's bytes."""
    blobs, start = [], 0
    while start < len(tree):
        end = tree.index(b"\0", start)
        mode, _, name = tree[start:end].partition(b" ")
        if mode.startswith(b"100") and FILE_NAME.fullmatch(name):
            blobs.append(tree[end + 1 : end + 1 + id_bytes].hex())
        start = end + 1 + id_bytes
    return tuple(blobs)


def licence_name(text: bytes) -> str:
    """The SPDX name of a licence text in lower case; empty if it is not recognised."""
    plain = COPYRIGHT_LINE.sub("", text.decode("utf-8", "replace"))
    lines = (line.rstrip() for line in plain.splitlines())
    return _cached_name("\n".join(line for line in lines if line))


@functools.lru_cache(maxsize=1024)
def _cached_name(text: str) -> str:
    """Recognise a text once and cache its name on disk: askalono loads all licences for each text, which
    takes a quarter of a second."""
    cached = _cache_folder() / files.text_digest(text)
    try:
        return cached.read_text("ascii")
    except OSError:
        name = _recognise(text)
    with contextlib.suppress(OSError):  # the next run recognises it again
        files.write_text(cached, name)
    return name


def recogniser_version() -> str:
    """The library that recognises licences, its version and `VERSION`."""
    return f"askalono-{version('pyaskalono')}-{VERSION}"


def _cache_folder() -> Path:
    return cache_folder() / f"licences-{recogniser_version()}"


def _recognise(text: str) -> str:
    import askalono

    guess = askalono.identify(text)
    if guess is None or guess.score < MIN_SIMILARITY:
        return ""
    # Apache's text without its appendix, common in repositories, is nearest to Pixar's, which has no
    # appendix and differs in its sixth section only.
    if guess.name == "Pixar" and not re.search(r"Section\s+4\(c\)", text):
        return "apache-2.0"
    return re.sub(r"-(only|or-later)$", "", guess.name).lower()
