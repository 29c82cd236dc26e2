"""The rule on changed files: a commit changes exactly one regular file, or adds it."""

from __future__ import annotations

from dataclasses import dataclass

from crosstune.mining._profile import Profile
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._trees import ChangedFiles
from crosstune.mining.rules._rule import Rule

REGULAR = (b"100644", b"100755", b"100664")  # the last occurs only in old repositories
LINK_MODE, SUBMODULE_MODE, NO_FILE = b"120000", b"160000", b"000000"

DAMAGED = "tree missing or damaged"
EMPTY = "changes no file"
RENAME = "rename"
SEVERAL = "several files"
SUBMODULE = "submodule"
LINK = "symbolic link"
DELETION = "deletion"
ADDITION = "addition"
MODE = "change of mode or type"
PATH = "path is not UTF-8"
REASONS = (DAMAGED, EMPTY, RENAME, SEVERAL, SUBMODULE, LINK, DELETION, ADDITION, MODE, PATH)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A change and the files in which its trees differ; None if a tree cannot be read."""

    change: Change
    files: ChangedFiles | None


def file_rules(profile: Profile) -> list[Rule[Comparison]]:
    """One rule with several reasons; it fills in the path and blobs of a change that it keeps."""

    def drops(comparison: Comparison) -> str:
        return _reason(comparison.change, comparison.files, profile.additions)

    return [Rule("one regular file", "additions", drops, _paths, REASONS)]


def _reason(change: Change, files: ChangedFiles | None, additions: bool) -> str:
    if files is None:
        return DAMAGED
    if len(files) != 2:
        return EMPTY if not files else RENAME if _is_rename(files) else SEVERAL
    old_mode, new_mode, old, new, _ = files[0][1:].split(b" ")
    if reason := _mode_reason(old_mode, new_mode, additions):
        return reason
    try:
        change.path = files[1].decode()
    except UnicodeDecodeError:
        return PATH
    change.old_blob = "" if old_mode == NO_FILE else old.decode()
    change.new_blob = new.decode()
    return ""


def _is_rename(files: ChangedFiles) -> bool:
    """Whether one file was moved with its contents unchanged."""
    if len(files) != 4:
        return False
    one, other = files[0].split(b" "), files[2].split(b" ")
    absent = {b"0" * len(one[2])}
    return {one[4], other[4]} == {b"A", b"D"} and bool({one[2], one[3]} & {other[2], other[3]} - absent)


def _mode_reason(old: bytes, new: bytes, additions: bool) -> str:
    if SUBMODULE_MODE in {old, new}:
        return SUBMODULE
    if LINK_MODE in {old, new}:
        return LINK
    if new == NO_FILE:
        return DELETION
    if old == NO_FILE:
        return "" if additions else ADDITION
    return "" if old in REGULAR and new in REGULAR else MODE


def _paths(comparison: Comparison) -> str:
    if comparison.files is None:
        return "its trees cannot be read"
    paths = [path.decode("utf-8", "replace") for path in comparison.files[1::2]]
    return paths[0] if len(paths) == 1 else f"{len(paths)} files: {', '.join(paths)}"
