"""Repositories by URL: kept as bare clones in a cache folder, brought up to date when asked for again.

Here git runs with the user's own settings (proxy, keys, credential helpers): the user named the URL. What
then reads the clone does not, see `_git`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from crosstune.errors import DataError, MissingTool
from crosstune.mining.repository._git import Unreadable

AT_ONCE = 4
URL = re.compile(r"(?:(?P<scheme>\w[\w+.-]*)://|(?:[\w.-]+@)?[\w-]+(?:\.[\w-]+)+:(?!\\)).+")
PROTOCOLS = ("https", "http", "ssh", "git", "file")
REFERENCES = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
STALLED = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60")


def clones() -> Path:
    """The folder in which clones are kept unless another is named."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "crosstune" / "repositories"


def listed(names: Sequence[str]) -> list[str]:
    """``names``, with each ``@file`` replaced by that file's lines: a path or URL each; empty ones and what
    begins with ``#`` do not count, and paths are relative to the file.

    Raises:
        DataError: no such file, or it is not text.
    """
    found: list[str] = []
    for name in names:
        found += _lines(Path(name[1:])) if name.startswith("@") else [name]
    return list(dict.fromkeys(found))


def _lines(file: Path) -> list[str]:
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as fault:
        raise DataError(f"{file}: cannot be read as a list of repositories: {fault}") from None
    given = [line for line in lines if line and not line.startswith("#")]
    return [line if URL.fullmatch(line) else str(file.parent / Path(line).expanduser()) for line in given]


@dataclass(frozen=True, slots=True)
class Fetched:
    """``paths`` is where repositories stand, in order. By URL, with the reason: ``failed`` could not be
    fetched, ``stale`` could not be brought up to date, and stand as they were fetched before."""

    paths: list[Path]
    failed: dict[str, str]
    stale: dict[str, str]


def fetched(names: Sequence[str], folder: Path) -> Fetched:
    """The repositories of these names, those named by a URL below ``folder``. One that fails stops no other.

    Raises:
        MissingTool: no git.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(lambda name: _placed(name, folder), names))
    told = {_without_secret(name): place for name, place in zip(names, found, strict=True)}
    return Fetched(
        [path for path, _ in found if path],
        {name: why for name, (path, why) in told.items() if not path},
        {name: why for name, (path, why) in told.items() if path and why},
    )


def _placed(name: str, folder: Path) -> tuple[Path | None, str]:
    """Where it stands, and why it is not there or not up to date; empty where it is."""
    url = URL.fullmatch(name)
    if url is None:
        return Path(name), ""
    if url["scheme"] and url["scheme"] not in PROTOCOLS:
        return None, f"not fetched by {url['scheme']}; known: {', '.join(PROTOCOLS)}"
    place = _place(name, folder)
    try:
        return _fetched(name, place), ""
    except Unreadable as fault:
        return (place if place.exists() else None), str(fault)


def _place(url: str, folder: Path) -> Path:
    plain = _without_secret(url)
    readable = re.sub(r"[^\w.-]+", "-", re.sub(r"^\w+://|\.git/?$", "", plain)).strip("-.")[-80:]
    return folder / f"{readable}-{hashlib.sha256(plain.encode()).hexdigest()[:10]}.git"


def _fetched(url: str, place: Path) -> Path:
    # Filled aside: what stands in its place has been fetched whole once.
    aside = place.with_suffix(f".{os.getpid()}.part")
    place.parent.mkdir(parents=True, exist_ok=True)
    target = place if place.exists() else aside
    try:
        if target == aside:
            _git("init", "--quiet", "--bare", "--template=", str(aside))
            _git(f"--git-dir={aside}", "config", "remote.origin.url", _without_secret(url))
        options = ("--quiet", "--prune", "--no-auto-gc", "--no-recurse-submodules", "--no-write-fetch-head")
        _git(f"--git-dir={target}", *STALLED, "fetch", *options, "--", url, *REFERENCES)
        if target == aside:
            aside.rename(place)
    except OSError:
        if not place.exists():  # else another process was faster
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return place


def _git(*arguments: str) -> None:
    own = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "LC_ALL": "C"}
    own |= {"GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS)}
    own |= {"GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")}
    kept = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_WORK_TREE"}}
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False, env=kept | own)
    except FileNotFoundError:
        raise MissingTool("git", "fetching repositories", "apt-get install git") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        told = [line.removeprefix("fatal: ") for line in words if line.startswith("fatal: ")] or words[-1:]
        raise Unreadable(_without_secret(told[0]) if told else "git ended with an error")


def _without_secret(text: str) -> str:
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)
