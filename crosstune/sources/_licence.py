"""Which licence a repository stands under, by the texts at its root."""

from __future__ import annotations

import functools
import re

from crosstune.sources._git import Repository, Unreadable, blobs, output

UNKNOWN = "unknown"
FILE = re.compile(rb"(un)?licen[cs]e([.-].*)?|copying([.-].*)?", re.IGNORECASE)
CERTAIN = 0.8
"""The similarity (Sørensen-Dice, of askalono) from which a text counts as a licence's: askalono's own."""
MOST_BYTES = 200_000


def licence(repository: Repository) -> str:
    """SPDX names in small letters, without ``-only`` and ``-or-later`` (texts are the same), sorted and
    joined by `` + ``; ``unknown`` where no text is one of a licence.

    It is what HEAD says now, not what the repository said at each commit.
    """
    texts = blobs(repository, _files(repository), contents=True)
    found = {_identified(each.data) for each in texts if each and each.size <= MOST_BYTES}
    return " + ".join(sorted(found - {""})) or UNKNOWN


@functools.lru_cache(maxsize=256)  # a fifth of a second each, and most texts are one of a few
def _identified(text: bytes) -> str:
    import askalono

    guess = askalono.identify(text.decode("utf-8", "replace"))
    certain = guess is not None and guess.score >= CERTAIN
    return re.sub(r"-(only|or-later)$", "", guess.name).lower() if certain else ""


def allowed(name: str, licences: tuple[str, ...] | None) -> bool:
    """Whether every licence of the repository is among ``licences`` (None: all are)."""
    return licences is None or all(each in licences for each in name.split(" + "))


def _files(repository: Repository) -> list[str]:
    try:
        listing = b"".join(output(repository, "ls-tree", "-z", repository.head))
    except Unreadable:
        return []  # a damaged tree: the history will say so
    entries = (entry.split(b"\t", 1) for entry in listing.split(b"\0") if entry)
    return [about.split()[2].decode() for about, name in entries if FILE.fullmatch(name)]
