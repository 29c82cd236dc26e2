"""Open an untrusted repository for reading with git.

Objects are read through an empty repository created here. The configuration, hooks, attributes, replacement
objects and promisor remotes of the untrusted repository therefore have no effect: git starts no program that
they name, and fetches nothing. Git runs on the untrusted repository itself only to list its references, with
commands that start no other program. This does not protect against bugs in git's decoding of hostile objects.
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

ISOLATED_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}
SHA1_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
SHA256_CONFIG = SHA1_CONFIG.replace("= 0", "= 1") + "[extensions]\n\tobjectFormat = sha256\n"
EXCLUDED_REFERENCES = ("refs/notes/", "refs/stash", "refs/replace/")


class Unreadable(Exception):
    """Git cannot read a repository or a part of it; the text is git's message."""


@dataclass(frozen=True)
class Repository:
    """A repository opened for reading.

    ``tips`` are the objects of HEAD and of the references, sorted by reference name; ``shallow`` are the
    commits whose parents a shallow clone left out. A ``partial`` clone left out contents or trees.
    ``git_directory`` is the empty repository through which git reads the untrusted ``objects``.
    """

    name: str
    tips: tuple[str, ...]
    shallow: frozenset[str]
    git_directory: Path
    objects: Path
    partial: bool = False

    def git(self, *arguments: str) -> list[str]:
        return ["git", f"--git-dir={self.git_directory}", *arguments]

    def environment(self) -> dict[str, str]:
        return _environment() | {"GIT_OBJECT_DIRECTORY": str(self.objects)}


@contextlib.contextmanager
def open_repository(path: Path) -> Iterator[Repository]:
    """Open the repository at ``path``: a work tree, a linked work tree, a bare repository or a mirror.

    Raises:
        Unreadable: not a repository, or it has no commits.
        MissingTool: git is not installed.
    """
    directory = _git_directory(path)
    common = _common_directory(directory)
    tips = _tips(directory)
    if not tips:
        raise Unreadable("it has no commits")
    with tempfile.TemporaryDirectory(prefix="crosstune-git-") as empty:
        _make_empty_repository(Path(empty), tips[0], common / "shallow")
        yield Repository(
            name=_name(path, common),
            tips=tips,
            shallow=_shallow(common / "shallow"),
            git_directory=Path(empty),
            objects=common / "objects",
            partial=_is_partial(common),
        )


def pack_bytes(path: Path) -> int:
    """The total size of a repository's packs, an estimate of its mining time; 0 if it has none."""
    try:
        packs = (_common_directory(_git_directory(path)) / "objects" / "pack").glob("*.pack")
        return sum(pack.stat().st_size for pack in packs)
    except (Unreadable, OSError):
        return 0


def is_partial(path: Path) -> bool:
    """Whether the repository at ``path`` is a partial clone."""
    try:
        return _is_partial(_common_directory(_git_directory(path)))
    except (Unreadable, OSError):
        return False


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | ISOLATED_ENVIRONMENT


def _git_directory(path: Path) -> Path:
    """Locate the repository's own directory without git, which would also search the parent folders."""
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


def _common_directory(directory: Path) -> Path:
    """The directory with objects and references; a linked work tree's own directory points to it."""
    pointer = directory / "commondir"
    return (
        (directory / pointer.read_text("utf-8").strip()).resolve()
        if pointer.is_file()
        else directory.resolve()
    )


def _run_git(directory: Path, *arguments: str) -> str:
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
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise Unreadable(lines[-1].removeprefix("fatal: "))
    return done.stdout.decode("utf-8", "surrogateescape")


def _head(directory: Path, references: Mapping[str, str]) -> str:
    pointer = re.fullmatch(r"ref: (\S+)\n?", (directory / "HEAD").read_text("utf-8", "replace"))
    if pointer and pointer[1] in references:
        return references[pointer[1]]
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
    try:
        return _run_git(directory, *arguments).strip()
    except Unreadable:
        return ""  # unborn, or its branch does not exist: the other references still count


def _tips(directory: Path) -> tuple[str, ...]:
    """The objects of HEAD and the references, each once. Some may not be commits: asking for the type of each
    is slower than letting ``git log`` skip them."""
    lines = _run_git(
        directory, "for-each-ref", "--sort=refname", "--format=%(objectname) %(refname)"
    ).splitlines()
    pairs = (line.partition(" ") for line in lines)
    references = {reference: tip for tip, _, reference in pairs}
    head = _head(directory, references)
    tips = (tip for reference, tip in references.items() if not reference.startswith(EXCLUDED_REFERENCES))
    return tuple(dict.fromkeys([*([head] if head else []), *tips]))


def _make_empty_repository(directory: Path, tip: str, shallow: Path) -> None:
    """Write the files of ``git init --bare`` that reading needs, without starting git."""
    for folder in ("objects", "refs"):
        (directory / folder).mkdir()
    (directory / "HEAD").write_text("ref: refs/heads/main\n")
    (directory / "config").write_text(SHA256_CONFIG if len(tip) == 64 else SHA1_CONFIG)
    if shallow.is_file():
        (directory / "shallow").write_bytes(shallow.read_bytes())


def _shallow(file: Path) -> frozenset[str]:
    return frozenset(file.read_text("ascii", "replace").split()) if file.is_file() else frozenset()


def _is_partial(directory: Path) -> bool:
    """Whether the clone was made with ``--filter``: git marks the packs that it got from such a remote."""
    return any((directory / "objects" / "pack").glob("*.promisor"))


def _name(path: Path, directory: Path) -> str:
    """``host/owner/name`` of the remote it was cloned from; without one, the folder's name."""
    folder = path.resolve()
    return _origin(directory) or folder.name.removesuffix(".git") or folder.parent.name


def _origin(directory: Path) -> str:
    config = directory / "config"
    if not config.is_file() or b'"origin"' not in config.read_bytes():
        return ""
    try:
        url = _run_git(directory, "config", f"--file={config}", "--no-includes", "--get", "remote.origin.url")
    except Unreadable:
        return ""
    match = re.match(
        r"(?:\w+://)?(?:[^@/]*@)?(?P<host>[\w.-]+\.\w+)(?::\d+)?[:/](?P<path>[^?#]+)", url.strip()
    )
    return f"{match['host']}/{match['path'].strip('/').removesuffix('.git')}" if match else ""
