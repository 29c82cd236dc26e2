"""Read a repository's commits from ``git log``, without their trees, which cost more to read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from crosstune.mining.repository._git import Repository, Unreadable
from crosstune.mining.repository._output import git_output

FORMAT = "%H%x00%P%x00%T%x00%ct%x00{}%x00%B"
AUTHOR = "%an%n%ae"
FIELDS = 6
ENTRY = re.compile(
    rb"([^\0]*)\0" * (FIELDS - 1) + rb"((?:(?=([ -~]*+)(?:\n\n|\n?\0))|)"
    # A word excludes all bytes at which `str.split` would split and all that decoding would change.
    rb"(?:[ \t\r\n]*(?:([!-Z\\-~]*:)[ \t]+)?([!-~]+)(?=[ \t\r\n\0]))?[^\0]*)\0"
)
BLANKS = " \t\r"

Entry = tuple[bytes, ...]
"""Commit, parents, tree, time, the author's name and address (if requested) and the message; then three parts
of the message, each empty if absent: the first paragraph if it is one line of printable ASCII, a first word
that ends in a colon, and the first word after it. One pattern is the fastest way to extract all in Python."""
COMMIT, PARENTS, TREE, MESSAGE, LINE, TAG, WORD = 0, 1, 2, 5, 6, 7, 8


@dataclass(slots=True)
class Change:
    """A commit while the rules are applied to it.

    ``original_subject`` is the subject as git shows it, ``subject`` the same after the rules' cleaning.
    ``path`` and blobs are empty until its trees are compared; ``old_blob`` stays empty if the commit added
    the file. ``trees`` are its parent's and its own if both are known: git compares two trees faster than
    it compares a commit with its parent.
    """

    commit: str
    time: int
    author: tuple[str, ...]
    message: str
    original_subject: str
    subject: str
    path: str = ""
    old_blob: str = ""
    new_blob: str = ""
    trees: str = ""


def log_entries(
    repository: Repository, *, authors: bool = False, only: str = "", since: Collection[str] = ()
) -> Iterator[Entry]:
    """Yield all commits reachable from a reference and not from ``since``, or ``only`` one commit.

    Raises:
        Unreadable: the history is damaged.
    """
    starts = [only] if only else [tip for tip in repository.tips if tip not in since]
    if not starts:
        return
    log = git_output(
        repository,
        *("log", "--stdin", "-z", "--no-color", "--no-decorate", "--no-show-signature"),
        *("--encoding=UTF-8", f"--format={FORMAT.format(AUTHOR if authors else '')}"),
        *(["--no-walk"] if only else []),
        text="".join(f"{each}\n" for each in (*starts, *(f"^{tip}" for tip in since))),
    )
    yield from _entries(log)


def find_commit(repository: Repository, name: str) -> str:
    """The full id of the commit with this id or id prefix; empty if there is none."""
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    try:
        return b"".join(git_output(repository, *arguments)).decode().strip()
    except Unreadable:
        return ""


def _entries(chunks: Iterable[bytes]) -> Iterator[Entry]:
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = len(text)
        for _ in range(text.count(b"\0") % FIELDS + 1):  # the last entry may continue in the next chunk
            end = text.rfind(b"\0", 0, end)
        yield from ENTRY.findall(text, 0, end + 1)
        rest = text[end + 1 :]


def decode_entry(entry: Entry) -> Change | None:
    """The commit of ``entry``; None if its message is not UTF-8."""
    commit, _, _, time, author, message = entry[:FIELDS]
    try:
        text = message.decode()
    except UnicodeDecodeError:
        return None
    shown = subject(text)
    names = tuple(author.decode("utf-8", "replace").split("\n")) if author else ()
    return Change(commit.decode(), _seconds(time), names, text, shown, shown)


def _seconds(time: bytes) -> int:
    """The time of a commit; 0 if it has none. Git writes a time before 1970 as a number of 64 bits."""
    try:
        seconds = int(time)
    except ValueError:
        return 0
    return seconds - (1 << 64) if seconds >= 1 << 63 else seconds


def subject(message: str) -> str:
    """A message's first paragraph on one line, as git's ``%s`` shows it."""
    head = message.partition("\n\n")[0].rstrip("\n")
    if "\n" not in head and head[:1] not in BLANKS:  # the usual case
        return head.rstrip(BLANKS)
    lines = message.split("\n")
    while lines and not lines[0].strip(BLANKS):
        del lines[0]
    paragraph = itertools.takewhile(lambda line: line.strip(BLANKS), lines)
    return " ".join(line.rstrip(BLANKS) for line in paragraph)


def body(message: str) -> str:
    """A message's text after the first paragraph."""
    lines = message.split("\n")
    while lines and not lines[0].strip(BLANKS):
        del lines[0]
    rest = itertools.dropwhile(lambda line: line.strip(BLANKS), lines)
    return "\n".join(line.rstrip(BLANKS) for line in rest).strip("\n")
