"""Fetch repositories by URL into bare clones in a cache folder, and update the clones on later calls.

Here git runs with the user's settings (proxy, keys, credential helpers), because the user gave the URL.
Reading the clone afterwards does not use them; see `_git`.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from crosstune.errors import DataError, MissingTool
from crosstune.files import atomic_write, text_digest
from crosstune.mining.repository._git import Unreadable
from crosstune.user_folders import cache_folder, expanded

PARALLEL_FETCHES = 4
URL = re.compile(r"(?:(?P<scheme>\w[\w+.-]*)://|(?:[\w.-]+@)?[\w-]+(?:\.[\w-]+)+:(?!\\)).+")
PROTOCOLS = ("https", "http", "ssh", "git", "file")
REFERENCES = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
ABORT_STALLED = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Local ``paths`` of repositories, in order.

    ``failed`` maps each URL that could not be fetched to the error; ``stale`` each that could not be updated
    and is used as last fetched.
    """

    paths: Sequence[Path]
    failed: dict[str, str] = field(default_factory=dict)
    stale: dict[str, str] = field(default_factory=dict)


def default_cache() -> Path:
    """The default folder for clones."""
    return cache_folder() / "repositories"


def expand_lists(names: Sequence[str]) -> list[str]:
    """Replace each ``@FILE`` in ``names`` by the paths and URLs on that file's lines.

    Empty lines and lines beginning with ``#`` are skipped; relative paths are relative to the file.

    Raises:
        DataError: no such file, or it is not text.
    """
    expanded: list[str] = []
    for name in names:
        expanded += _lines(Path(name[1:])) if name.startswith("@") else [name]
    return list(dict.fromkeys(expanded))


def _lines(file: Path) -> list[str]:
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read as a list of repositories: {error}") from None
    names = [line for line in lines if line and not line.startswith("#")]
    return [name if URL.fullmatch(name) else str(file.parent / expanded(name)) for name in names]


def fetch(names: Sequence[str], cache: Path | None = None) -> Fetched:
    """Clone or update the URLs among ``names`` in the folder ``cache``; other names are local paths.

    If one fails, the rest are still fetched.

    Raises:
        MissingTool: git is not installed.
    """
    folder = cache or default_cache()
    with ThreadPoolExecutor(PARALLEL_FETCHES) as threads:
        try:
            results = list(threads.map(lambda name: _local_path(name, folder), names))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)  # do not fetch the others first
            raise
    outcomes = {_without_password(name): result for name, result in zip(names, results, strict=True)}
    return Fetched(
        [path for path, _ in results if path],
        failed={name: why for name, (path, why) in outcomes.items() if not path},
        stale={name: why for name, (path, why) in outcomes.items() if path and why},
    )


def _local_path(name: str, folder: Path) -> tuple[Path | None, str]:
    """The repository's path, None if it is missing, and the error, empty if it is up to date."""
    url = URL.fullmatch(name)
    if url is None:
        return Path(name), ""
    if url["scheme"] and url["scheme"] not in PROTOCOLS:
        return None, f"{url['scheme']} is not supported; supported: {', '.join(PROTOCOLS)}"
    clone = _clone_path(name, folder)
    try:
        _clone_or_update(name, clone)
    except Unreadable as error:
        return (clone if clone.exists() else None), str(error)
    return clone, ""


def _clone_path(url: str, folder: Path) -> Path:
    plain = _without_password(url)
    readable = re.sub(r"[^\w.-]+", "-", re.sub(r"^\w+://|\.git/?$", "", plain)).strip("-.")[-80:]
    return folder / f"{readable}-{text_digest(plain)[:10]}.git"


def _clone_or_update(url: str, clone: Path) -> None:
    if clone.exists():
        _fetch_into(clone, url)
        return
    try:
        with atomic_write(clone) as new:
            _git("init", "--quiet", "--bare", "--template=", str(new))
            _git(f"--git-dir={new}", "config", "remote.origin.url", _without_password(url))
            _fetch_into(new, url)
    except OSError:
        if not clone.exists():  # otherwise another process has cloned it first
            raise


def _fetch_into(directory: Path, url: str) -> None:
    options = ("--quiet", "--prune", "--no-auto-gc", "--no-recurse-submodules", "--no-write-fetch-head")
    _git(f"--git-dir={directory}", *ABORT_STALLED, "fetch", *options, "--", url, *REFERENCES)


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
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")] or lines[-1:]
        raise Unreadable(_without_password(fatal[0]) if fatal else "git failed")


def _without_password(text: str) -> str:
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)
