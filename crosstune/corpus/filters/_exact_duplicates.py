"""Drop exact duplicates: the first of equal examples is kept."""

from __future__ import annotations

import hashlib

from crosstune.corpus.filters._filter import Dropped, context_of
from crosstune.records import Example


class ExactDedup:
    """Drops examples equal to an earlier one; share one instance to de-duplicate across corpora.

    Examples are equal if they have the same prompt, completion, system prompt and earlier turns, if they are
    the same change of a commit (pair of blobs and completion) with another message, or if they have the same
    id in one source. The amount of white space between words and the position of line breaks are ignored.
    """

    def __init__(self) -> None:
        self._contents: dict[bytes, str] = {}
        self._ids: set[tuple[str, str]] = set()

    def __call__(self, example: Example) -> Example | Dropped:
        context = [each for each in (example.system, context_of(example)) if each]
        content = _content_digest(example.prompt, example.completion, *context)
        if first := self._contents.get(content):
            return Dropped(example.id, "duplicate content", first)
        change = _change_digest(example)
        if change and (first := self._contents.get(change)):
            return Dropped(example.id, "duplicate change", first)
        if (example.source, example.id) in self._ids:
            return Dropped(example.id, "duplicate id", example.id)
        self._contents[content] = example.id
        if change:
            self._contents[change] = example.id
        self._ids.add((example.source, example.id))
        return example


def _change_digest(example: Example) -> bytes | None:
    """Identifies a commit's change without its message; one pair of blobs may give several examples."""
    old, new = example.provenance.get("old_blob"), example.provenance.get("new_blob")
    return _content_digest(f"{old} {new}", example.completion) if old and new else None


def _content_digest(*texts: str) -> bytes:
    plain = "\0".join(" ".join(text.split()) for text in texts)
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).digest()
