"""A repository's commits as ``git log`` tells them without looking into any tree: the cheap half."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._reading import output

FORMAT = "%H%x00%P%x00%T%x00%ct%x00{}%x00%B"
AUTHOR = "%an%n%ae"
FIELDS = 6
ENTRY = re.compile(
    rb"([^\0]*)\0" * (FIELDS - 1) + rb"((?:(?=([ -~]*+)(?:\n\n|\n?\0))|)"
    # Bytes at which `str.split` would split too, or that it would not see as they are, are in no word.
    rb"(?:[ \t\r\n]*(?:([!-Z\\-~]*:)[ \t]+)?([!-~]+)(?=[ \t\r\n\0]))?[^\0]*)\0"
)
BLANKS = " \t\r"

Entry = tuple[bytes, ...]
"""Commit, parents, tree, time, perhaps the author's name and address, message. Then how it opens, each empty
where it does not open so: a first paragraph of one line of plain characters, and a first word that ends in a
colon with the word behind it. Of all commits there is no faster way to this in Python than one pattern."""
PARENTS, TREE, MESSAGE, LINE, TAG, WORD = 1, 2, 5, 6, 7, 8


@dataclass(slots=True)
class Change:
    """A commit on its way through the rules. ``told`` is its subject as git shows it, ``subject`` the same
    worked on by the rules; path and blobs are empty until its trees are compared. ``old_blob`` stays empty
    where the commit added the file. ``trees`` are its parent's and its own, where both are known: git
    compares trees in less time than commits."""

    commit: str
    time: int
    author: tuple[str, ...]
    message: str
    told: str
    subject: str
    path: str = ""
    old_blob: str = ""
    new_blob: str = ""
    trees: str = ""


def entries(
    repository: Repository, *, authors: bool = False, only: str = "", since: Collection[str] = ()
) -> Iterator[Entry]:
    """All commits that a reference leads to, or those of them that none in ``since`` leads to, or ``only``
    one; with their ``authors`` where asked for.

    Raises:
        Unreadable: the history is damaged.
    """
    form = FORMAT.format(AUTHOR if authors else "")
    begin = [only] if only else [tip for tip in repository.tips if tip not in since]
    if not begin:
        return
    log = output(
        repository,
        *("log", "--stdin", "-z", "--no-color", "--no-decorate", "--no-show-signature"),
        *("--encoding=UTF-8", f"--format={form}", *(["--no-walk"] if only else [])),
        text="".join(f"{each}\n" for each in (*begin, *(f"^{tip}" for tip in since))),
    )
    yield from _entries(log)


def _entries(pieces: Iterable[bytes]) -> Iterator[Entry]:
    rest = b""
    for piece in pieces:
        text = rest + piece
        end = len(text)
        for _ in range(text.count(b"\0") % FIELDS + 1):  # the last one may go on in the next piece
            end = text.rfind(b"\0", 0, end)
        yield from ENTRY.findall(text, 0, end + 1)
        rest = text[end + 1 :]


def change(entry: Entry) -> Change | None:
    """The commit of ``entry`` as text; None where its message is none."""
    commit, _, _, time, author, message = entry[:FIELDS]
    try:
        text = message.decode()
    except UnicodeDecodeError:
        return None
    told = subject(text)
    names = tuple(author.decode("utf-8", "replace").split("\n")) if author else ()
    return Change(commit.decode(), int(time or 0), names, text, told, told)


def subject(message: str) -> str:
    """A message's first paragraph on one line, as git shows it (``%s``)."""
    head = message.partition("\n\n")[0].rstrip("\n")
    if "\n" not in head and head[:1] not in BLANKS:  # as nearly all are
        return head.rstrip(BLANKS)
    lines = message.split("\n")
    while lines and not lines[0].strip(BLANKS):
        del lines[0]
    paragraph = itertools.takewhile(lambda line: line.strip(BLANKS), lines)
    return " ".join(line.rstrip(BLANKS) for line in paragraph)


def body(message: str) -> str:
    """What stands behind the first paragraph."""
    lines = message.split("\n")
    while lines and not lines[0].strip(BLANKS):
        del lines[0]
    rest = itertools.dropwhile(lambda line: line.strip(BLANKS), lines)
    return "\n".join(line.rstrip(BLANKS) for line in rest).strip("\n")
