"""The oracle: a slow, plain implementation of CommitPackFT's rules.

It runs git once for each question and applies the rules in their published order. It shares nothing with the
code under test except the two published lists. The licence's name is given to it.
"""

from __future__ import annotations

import functools
import hashlib
import re
import subprocess
from pathlib import Path

import yaml

from crosstune import mining
from crosstune.records import Commit

DATA = Path(mining.__file__).parent / "data"


def git_output(git_dir: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", f"--git-dir={git_dir}", *arguments], capture_output=True, check=True).stdout


def oracle(git_dir: Path, name: str, licence: str) -> list[Commit]:
    """The commits that CommitPackFT keeps, sorted by path and time; of duplicates the first."""
    shallow = git_dir / "shallow"
    cut = shallow.read_text().split() if shallow.exists() else []
    kept = []
    listed = git_output(git_dir, "rev-list", "--branches", "--tags", "--remotes", "HEAD")
    for commit in listed.decode().split():
        sample = None if commit in cut else _sample(git_dir, commit, name, licence)
        time = int(git_output(git_dir, "show", "-s", "--format=%ct", commit))
        kept += [(time, commit, sample)] if sample else []
    kept.sort(key=lambda entry: entry[:2])
    earliest: dict[tuple[str, str], tuple[int, Commit]] = {}
    for time, _, sample in kept:
        earliest.setdefault((sample.old, sample.new), (time, sample))
    ordered = sorted(earliest.values(), key=lambda entry: (entry[1].path, entry[0], entry[1].commit))
    return [sample for _, sample in ordered]


def _sample(git_dir: Path, commit: str, name: str, licence: str) -> Commit | None:
    merge = b" " in git_output(git_dir, "show", "-s", "--format=%P", commit).strip()
    raw = git_output(git_dir, "diff-tree", "--root", "-r", "-z", "--no-commit-id", "--no-renames", commit)
    entries = raw.split(b"\0")[:-1]
    if merge or len(entries) != 2:
        return None
    old_mode, new_mode, old_blob, new_blob, status = entries[0].decode().lstrip(":").split()
    if status not in {"A", "M"} or {old_mode, new_mode} - {"000000", "100644", "100755"}:
        return None
    old_bytes = b"" if status == "A" else git_output(git_dir, "cat-file", "blob", old_blob)
    new_bytes = git_output(git_dir, "cat-file", "blob", new_blob)
    try:
        message = git_output(git_dir, "show", "-s", "--format=%B", commit)[:-1].decode()
        subject = git_output(git_dir, "show", "-s", "--format=%s", commit)[:-1].decode()
        path, old, new = entries[1].decode(), old_bytes.decode(), new_bytes.decode()
    except UnicodeDecodeError:
        return None
    language = _language(path)
    cleaned = _subject(subject, path, commit) if language and _message(message, path) else ""
    if not (cleaned and _typical(path, language) and _contents(old, new)):
        return None
    before = "" if status == "A" else old_blob
    return Commit(
        *(name, commit, cleaned, message, path, old, new, before, new_blob),
        language={"C++": "cpp"}.get(language, language.lower()),
        licence=licence,
        time=int(git_output(git_dir, "show", "-s", "--format=%ct", commit)),
    )


def _typical(path: str, language: str) -> bool:
    endings = TYPICAL.get(language)
    return any(map(path.endswith, endings)) if endings else "." in path.rpartition("/")[2]


def _contents(old: str, new: str) -> bool:
    size = len(old.encode()) + len(new.encode())
    tokens = (size * 2 + 6) // 7 + 1  # bytes / 3.5, rounded up, and the end-of-text token
    text = "\0" not in old + new and max(len(old.encode()), len(new.encode())) <= 1_000_000
    marks = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    text = text and not any(chr(mark) in old + new for mark in marks)
    return text and new not in {"", old} and len(old) < 50_000 and 50 <= tokens <= 768


def _language(path: str) -> str:
    """The language of the longest ending in the table that matches the base name."""
    base = path.rpartition("/")[2]
    best = ("", "")
    for language, endings in _table().items():
        for ending in endings:
            if (base.endswith(ending) if ending.startswith(".") else base == ending) and len(ending) > len(
                best[0]
            ):
                best = (ending, language)
    return best[1]


@functools.cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = yaml.safe_load((DATA / "commitpack-extensions.yaml").read_text())
    return table


def _message(message: str, path: str) -> bool:
    text = message.strip()
    banned = """update readme.md · initial commit · update · mirroring from micro.blog. · update data.json ·
    update data.js · add files via upload · update readme · can't you see i'm updating the time? ·
    pi push · dummy · update index.html · first commit · create readme.md · heartbeat update ·
    updated readme · update log · test · no message · readme · wip · updates · commit · update _config.yaml ·
    please · lalala"""
    if not 5 < len(text) < 10_000 or text.lower() in [each.strip() for each in banned.split("·")]:
        return False
    return not text.lower().startswith("merge") and text != "Update " + path


TYPICAL = {
    "Python": [".py"], "Java": [".java"], "JavaScript": [".js"], "Rust": [".rs"], "Go": [".go"],
    "C++": [".cpp"], "C": [".c", ".h"], "HTML": [".html"], "XML": [".xml"],
    "Shell": [".sh", ".bash", ".zsh", ".csh", ".slurm"],
}  # fmt: skip


def _subject(subject: str, path: str, commit: str) -> str:
    """The cleaned subject; empty if the commit is dropped."""
    base = path.rpartition("/")[2].split(".")
    stem = base[-2] if len(base) > 1 else ""
    if "#" in subject or (stem and stem in subject) or not _long_enough(subject):
        return ""
    words = subject.strip().replace("[skip ci]", "").split()
    if words and re.fullmatch(r"\[.*\]", words[0]):
        words.pop(0)
    if words and words[0][-1] == ":":
        words.pop(0)
    if words and re.fullmatch(r"\[.*\]", words[-1]):
        words.pop()
    subject = " ".join(words)
    return _wording(subject, commit) if _long_enough(subject) and subject[0].isupper() else ""


def _long_enough(subject: str) -> bool:
    return 10 < len(subject) < 1000 and 4 < len(subject.split()) < 1000


BANNED_SUBJECTS = """readme|update|dummy|updated|test|update readme|update readme.md|updated readme|
updated readme.md""".replace("\n", "").split("|")
BANNED_PARTS = """auto commit|update contributing|<?xml|merge branch|merge pull request|
signed-off-by""".replace("\n", "").split("|")


def _wording(subject: str, commit: str) -> str:
    lower = subject.lower()
    verbs = [line for line in (DATA / "commitpackft-verbs.txt").read_text().splitlines() if line[0] != "#"]
    if not any(lower.startswith(verb + " ") for verb in verbs):
        return ""
    if lower in BANNED_SUBJECTS or any(part in lower for part in BANNED_PARTS):
        return ""
    if re.match(r"v?\d+\.\d+\.\d+", lower) or re.match(r"[0-9a-f]+(-[0-9a-f]+)*$", lower):
        return ""
    if "cherry picked from commit" in subject or re.search("[0-9a-f]{40}", subject):
        return ""
    subject = subject.replace("[ci skip]", "").strip()
    number = int(hashlib.sha256(f"0:{commit}".encode()).hexdigest()[:16], 16)
    if re.match("Bump|Set version|Update version", subject) and number >= 0.1 * 16**16:
        return ""
    return subject if _plain(subject.lower()) and len(subject.split()) >= 4 else ""


def _plain(lower: str) -> bool:
    parts = [
        " i ",
        "i've",
        "i'm",
        "code review",
        "cdpcp",
        "//codereview",
        "work in progress",
        "http://",
        "https://",
        "| leetcode",
    ]
    jokes = [
        "fix that bug where things didn't work but now they should",
        "put the thingie in the thingie",
        "add a beter commit message",
    ]
    if any(part in lower for part in parts) or lower in jokes or ("thanks to" in lower and "for" in lower):
        return False
    return not re.search(r"(issue|bug|feature)\s*\d", lower) and not re.search(r"(?<!\w)wip(?!\w)", lower)
