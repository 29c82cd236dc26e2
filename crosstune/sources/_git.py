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
from collections.abc import Iterator
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
NOT_HISTORY = ("refs/notes/", "refs/stash", "refs/replace/")


class Unreadable(Exception):
    """A repository, or part of it, that git cannot read; the text says why, in git's words."""


@dataclass(frozen=True)
class Repository:
    """A repository opened for reading. ``tips`` are what its references name, sorted by theirs;
    ``shallow`` are the commits whose parents a shallow clone left out."""

    name: str
    tips: tuple[str, ...]
    shallow: frozenset[str]
    head: str
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
    objects, shallow = _ask(
        directory, "rev-parse", "--path-format=absolute", "--git-path", "objects", "--git-path", "shallow"
    ).splitlines()
    head = _head(directory)
    tips = _tips(directory, head)
    if not tips:
        raise Unreadable("it has no commits")
    with tempfile.TemporaryDirectory(prefix="crosstune-git-") as own:
        _make_own(Path(own), tips[0], Path(shallow))
        yield Repository(
            name=_name(path, directory),
            tips=tips,
            shallow=_shallow(Path(shallow)),
            head=head or tips[0],
            own=Path(own),
            objects=Path(objects),
        )


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


def _head(directory: Path) -> str:
    try:
        return _ask(
            directory, "rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}"
        ).strip()
    except Unreadable:
        return ""  # unborn, or it names a branch that is not there: the other references still count


def _tips(directory: Path, head: str) -> tuple[str, ...]:
    """What HEAD and the references name, in the order of their names, each once. Not only commits: to ask
    for the kind of each takes longer than to let ``git log`` leave out the others."""
    tips = dict.fromkeys([head] if head else [])
    asked = "--format=%(objectname) %(refname)"
    for line in _ask(directory, "for-each-ref", "--sort=refname", asked).splitlines():
        name, _, reference = line.partition(" ")
        if not reference.startswith(NOT_HISTORY):
            tips[name] = None
    return tuple(tips)


def _make_own(own: Path, tip: str, shallow: Path) -> None:
    kind = "sha256" if len(tip) == 64 else "sha1"
    _run_init(own, kind)
    if shallow.is_file():
        (own / "shallow").write_bytes(shallow.read_bytes())


def _run_init(own: Path, kind: str) -> None:
    command = ["git", "init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(own)]
    subprocess.run(command, check=True, capture_output=True, env=_environment())


def _shallow(file: Path) -> frozenset[str]:
    return frozenset(file.read_text("ascii", "replace").split()) if file.is_file() else frozenset()


def _name(path: Path, directory: Path) -> str:
    """``host/owner/name`` of where it was cloned from, if that is elsewhere; else the folder's name."""
    folder = path.resolve()
    return _origin(directory) or folder.name.removesuffix(".git") or folder.parent.name


def _origin(directory: Path) -> str:
    config = directory / "config"
    if not config.is_file():
        return ""
    try:
        url = _ask(directory, "config", f"--file={config}", "--no-includes", "--get", "remote.origin.url")
    except Unreadable:
        return ""
    found = re.match(
        r"(?:\w+://)?(?:[^@/]*@)?(?P<host>[\w.-]+\.\w+)(?::\d+)?[:/](?P<path>[^?#]+)", url.strip()
    )
    return f"{found['host']}/{found['path'].strip('/').removesuffix('.git')}" if found else ""
