"""Reading a repository that nobody vouches for, with git.

Its objects are read through an empty repository of our own, so none of its configuration, hooks,
attributes, replacements or promised remotes has any effect: no program of its choosing is started and
nothing is fetched. Only to find its tips is git run on it, with a command that starts nothing.
What this does not protect against: faults in git itself when it unpacks hostile objects.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstune.errors import MissingTool

BLANK_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}
PLAIN = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
OTHER_HASH = PLAIN.replace("= 0", "= 1") + "[extensions]\n\tobjectFormat = sha256\n"
NOT_HISTORY = ("refs/notes/", "refs/stash", "refs/replace/")


class Unreadable(Exception):
    """A repository, or part of it, that git cannot read; the text says why, in git's words."""


@dataclass(frozen=True)
class Repository:
    """A repository opened for reading. ``tips`` are what HEAD and its references name, sorted by theirs;
    ``shallow`` are the commits whose parents a shallow clone left out."""

    name: str
    tips: tuple[str, ...]
    shallow: frozenset[str]
    own: Path
    objects: Path

    def git(self, *arguments: str) -> list[str]:
        return ["git", f"--git-dir={self.own}", *arguments]

    def environment(self) -> dict[str, str]:
        return _environment() | {"GIT_OBJECT_DIRECTORY": str(self.objects)}


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Repository]:
    """The repository at ``path``: a work tree, a linked one, a bare repository or a mirror.

    Raises:
        Unreadable: not a repository, or one without any commit.
        MissingTool: no git.
    """
    directory = _git_directory(path)
    common = _common(directory)
    tips = _tips(directory)
    if not tips:
        raise Unreadable("it has no commits")
    with tempfile.TemporaryDirectory(prefix="crosstune-git-") as own:
        _make_own(Path(own), tips[0], common / "shallow")
        yield Repository(
            name=_name(path, common),
            tips=tips,
            shallow=_shallow(common / "shallow"),
            own=Path(own),
            objects=common / "objects",
        )


def weight(path: Path) -> int:
    """About how much work a repository is: the bytes of its packs; 0 where there is none."""
    try:
        packs = (_common(_git_directory(path)) / "objects" / "pack").glob("*.pack")
        return sum(each.stat().st_size for each in packs)
    except (Unreadable, OSError):
        return 0


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | BLANK_ENVIRONMENT


def _git_directory(path: Path) -> Path:
    """Where the repository's own files stand, found without git: it would look in parents as well."""
    if not path.is_dir():
        raise Unreadable("no such folder")
    inside = path / ".git"
    if inside.is_dir():
        return inside
    if inside.is_file():
        pointer = re.fullmatch(r"gitdir: (.+)\n?", inside.read_text("utf-8", "replace"))
        if pointer is None:
            raise Unreadable("its .git file names no folder")
        return (path / pointer[1]).resolve()
    if (path / "HEAD").is_file() and (path / "objects").is_dir():
        return path
    raise Unreadable("not a git repository")


def _common(directory: Path) -> Path:
    """Where objects and references stand; a linked work tree's own folder says where."""
    pointer = directory / "commondir"
    return (
        (directory / pointer.read_text("utf-8").strip()).resolve()
        if pointer.is_file()
        else directory.resolve()
    )


def _ask(directory: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", f"--git-dir={directory}", *arguments],
            capture_output=True,
            check=False,
            env=_environment(),
        )
    except FileNotFoundError:
        raise MissingTool("git", "mining repositories", "apt-get install git") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git ended with an error"]
        raise Unreadable(words[-1].removeprefix("fatal: "))
    return done.stdout.decode("utf-8", "surrogateescape")


def _head(directory: Path, known: Mapping[str, str]) -> str:
    pointer = re.fullmatch(r"ref: (\S+)\n?", (directory / "HEAD").read_text("utf-8", "replace"))
    if pointer and pointer[1] in known:
        return known[pointer[1]]
    try:
        return _ask(
            directory, "rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}"
        ).strip()
    except Unreadable:
        return ""  # unborn, or it names a branch that is not there: the other references still count


def _tips(directory: Path) -> tuple[str, ...]:
    """What HEAD and the references name, in the order of their names, each once. Not only commits: to ask
    for the kind of each takes longer than to let ``git log`` leave out the others."""
    asked = _ask(directory, "for-each-ref", "--sort=refname", "--format=%(objectname) %(refname)")
    pairs = (line.partition(" ") for line in asked.splitlines())
    found = {reference: name for name, _, reference in pairs}
    head = _head(directory, found)
    named = (name for reference, name in found.items() if not reference.startswith(NOT_HISTORY))
    return tuple(dict.fromkeys([*([head] if head else []), *named]))


def _make_own(own: Path, tip: str, shallow: Path) -> None:
    """What ``git init --bare`` would make, as far as reading needs it, and in no time."""
    for folder in ("objects", "refs"):
        (own / folder).mkdir()
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    (own / "config").write_text(OTHER_HASH if len(tip) == 64 else PLAIN)
    if shallow.is_file():
        (own / "shallow").write_bytes(shallow.read_bytes())


def _shallow(file: Path) -> frozenset[str]:
    return frozenset(file.read_text("ascii", "replace").split()) if file.is_file() else frozenset()


def _name(path: Path, directory: Path) -> str:
    """``host/owner/name`` of where it was cloned from, if that is elsewhere; else the folder's name."""
    folder = path.resolve()
    return _origin(directory) or folder.name.removesuffix(".git") or folder.parent.name


def _origin(directory: Path) -> str:
    config = directory / "config"
    if not config.is_file() or b'"origin"' not in config.read_bytes():
        return ""
    try:
        url = _ask(directory, "config", f"--file={config}", "--no-includes", "--get", "remote.origin.url")
    except Unreadable:
        return ""
    found = re.match(
        r"(?:\w+://)?(?:[^@/]*@)?(?P<host>[\w.-]+\.\w+)(?::\d+)?[:/](?P<path>[^?#]+)", url.strip()
    )
    return f"{found['host']}/{found['path'].strip('/').removesuffix('.git')}" if found else ""
