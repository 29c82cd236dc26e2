"""Which licence a repository stood under at a commit, by the texts at its root then."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._reading import blobs

VERSION = 2
"""Raise it when a text is named otherwise than before."""
UNKNOWN = "unknown"
FILE = re.compile(rb"(un)?licen[cs]e([.-].*)?|copying([.-].*)?", re.IGNORECASE)
CERTAIN = 0.8
"""The similarity (Sørensen-Dice, of askalono) from which a text counts as a licence's: askalono's own."""
MOST_BYTES = 200_000
HOLDER = re.compile(
    r"^\W*(copyright\b.*\d{4}|\(c\)\s*\d{4}|copyright \(c\)|©).*$", re.IGNORECASE | re.MULTILINE
)
"""A line that says who holds the rights since when: it changes with every year, the licence does not."""


def licences(repository: Repository, commits: Sequence[str]) -> Iterator[str]:
    """For each commit: SPDX names in small letters, without ``-only`` and ``-or-later`` (texts are the same),
    sorted and joined by `` + ``; ``unknown`` where no text is one of a licence."""
    roots = [f"{commit}^{{tree}}" for commit in commits]
    width = len(commits[0]) // 2 if commits else 0
    files = [
        _files(tree.data, width) if tree else ()
        for tree in blobs(repository, roots, contents=True, kind=b"tree")
    ]
    every = sorted({file for each in files for file in each})
    texts = dict(zip(every, blobs(repository, every, contents=True), strict=True))
    named = {file: _named(blob.data) for file, blob in texts.items() if blob and blob.size <= MOST_BYTES}
    for each in files:
        yield " + ".join(sorted({named.get(file, "") for file in each} - {""})) or UNKNOWN


def allowed(name: str, licences: tuple[str, ...] | None) -> bool:
    """Whether all licences at the commit are among ``licences`` (None: all are)."""
    return licences is None or all(each in licences for each in name.split(" + "))


def _files(tree: bytes, width: int) -> tuple[str, ...]:
    """The blobs at the root whose names say licence. An entry is ``mode name``, NUL, and ``width`` bytes."""
    found, at = [], 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode, _, name = tree[at:end].partition(b" ")
        if mode.startswith(b"100") and FILE.fullmatch(name):
            found.append(tree[end + 1 : end + 1 + width].hex())
        at = end + 1 + width
    return tuple(found)


def _named(text: bytes) -> str:
    lines = (line.rstrip() for line in HOLDER.sub("", text.decode("utf-8", "replace")).splitlines())
    return _identified("\n".join(line for line in lines if line))


@functools.lru_cache(maxsize=1024)
def _identified(text: str) -> str:
    """Askalono loads all licences for each text, a quarter of a second; so it is asked once on a machine."""
    known = _cache() / hashlib.sha256(text.encode()).hexdigest()
    try:
        return known.read_text("ascii")
    except OSError:
        found = _asked(text)
    try:
        aside = known.with_name(f"{known.name}.{os.getpid()}.part")
        known.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(found, "ascii")
        aside.replace(known)
    except OSError:
        pass  # it is asked again next time
    return found


def recogniser() -> str:
    """What recognises licences, and its version with ours."""
    return f"askalono-{version('pyaskalono')}-{VERSION}"


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "crosstune" / f"licences-{recogniser()}"


def _asked(text: str) -> str:
    import askalono

    guess = askalono.identify(text)
    if guess is None or guess.score < CERTAIN:
        return ""
    # Apache's text without its appendix, as many repositories have it, is nearest to Pixar's, which has none
    # and is the same but for its sixth section.
    if guess.name == "Pixar" and not re.search(r"Section\s+4\(c\)", text):
        return "apache-2.0"
    return re.sub(r"-(only|or-later)$", "", guess.name).lower()
