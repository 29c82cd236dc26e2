"""Fetch repositories by URL into bare clones in a cache folder, and update the clones on later calls.

Here git runs with the user's settings (proxy, keys, credential helpers), because the user gave the URL.
Reading the clone afterwards does not use them; see `_git`.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
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
STOP_SECONDS = 0.8
"""How long git has to end by itself after a signal."""
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
        lines = [line.strip() for line in file.read_text("utf-8-sig").splitlines()]
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
    folder, git = cache or default_cache(), _FetchingGit()
    with ThreadPoolExecutor(PARALLEL_FETCHES) as threads:
        try:
            results = list(threads.map(lambda name: _local_path(git, name, folder), names))
        except BaseException:
            git.stop()
            # Waits until the threads have removed what they had not finished.
            threads.shutdown(cancel_futures=True)
            raise
    outcomes = {without_password(name): result for name, result in zip(names, results, strict=True)}
    return Fetched(
        [path for path, _ in results if path],
        failed={name: why for name, (path, why) in outcomes.items() if not path},
        stale={name: why for name, (path, why) in outcomes.items() if path and why},
    )


class _FetchingGit:
    """Runs git for several threads, until it is stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def __call__(self, *arguments: str) -> None:
        """
        Raises:
            Unreadable: git failed or was stopped; the text is its message.
            MissingTool: git is not installed.
        """
        process = self._start(arguments)
        try:
            _, errors = process.communicate()
        finally:
            with self._lock:
                self._running.discard(process)
        if process.returncode:
            lines = errors.decode("utf-8", "replace").strip().splitlines()
            fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
            message = (fatal or lines[-1:] or ["git failed"])[0]
            raise Unreadable(without_password(message))

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise Unreadable("stopped")
            try:
                process = subprocess.Popen(
                    ["git", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=_environment(),
                    start_new_session=True,  # a group of its own, with git's helpers
                )
            except FileNotFoundError:
                raise MissingTool("git", "fetching repositories", "apt-get install git") from None
            self._running.add(process)
            return process

    def stop(self) -> None:
        """End all running processes and start no others. SIGTERM first: git then removes its lock files."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in running:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, number)
            until = time.monotonic() + STOP_SECONDS
            while any(process.returncode is None for process in running) and time.monotonic() < until:
                time.sleep(0.01)  # the threads wait for their processes


def _local_path(git: _FetchingGit, name: str, folder: Path) -> tuple[Path | None, str]:
    """The repository's path, None if it is missing, and the error, empty if it is up to date."""
    url = URL.fullmatch(name)
    if url is None:
        return Path(name), ""
    if url["scheme"] and url["scheme"] not in PROTOCOLS:
        return None, f"{url['scheme']} is not supported; supported: {', '.join(PROTOCOLS)}"
    clone = _clone_path(name, folder)
    try:
        _clone_or_update(git, name, clone)
    except Unreadable as error:
        return (clone if clone.exists() else None), str(error)
    return clone, ""


def _clone_path(url: str, folder: Path) -> Path:
    plain = without_password(url)
    readable = re.sub(r"[^\w.-]+", "-", re.sub(r"^\w+://|\.git/?$", "", plain)).strip("-.")[-80:]
    return folder / f"{readable}-{text_digest(plain)[:10]}.git"


def _clone_or_update(git: _FetchingGit, url: str, clone: Path) -> None:
    if clone.exists():
        _fetch_into(git, clone, url)
        return
    try:
        with atomic_write(clone) as new:
            git("init", "--quiet", "--bare", "--template=", str(new))
            git(f"--git-dir={new}", "config", "remote.origin.url", without_password(url))
            _fetch_into(git, new, url)
    except OSError:
        if not clone.exists():  # otherwise another process has cloned it first
            raise


def _fetch_into(git: _FetchingGit, directory: Path, url: str) -> None:
    options = ("--quiet", "--prune", "--no-auto-gc", "--no-recurse-submodules", "--no-write-fetch-head")
    git(f"--git-dir={directory}", *ABORT_STALLED, "fetch", *options, "--", url, *REFERENCES)


def _environment() -> dict[str, str]:
    own = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "LC_ALL": "C"}
    own |= {"GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS)}
    own |= {"GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")}
    kept = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_WORK_TREE"}}
    return kept | own


def distinct(names: Sequence[str]) -> list[str]:
    """The URLs and absolute paths of ``names``, each once."""
    found = [name if URL.fullmatch(name) else str(Path(name).resolve()) for name in names]
    return list({without_password(name): name for name in found}.values())


def without_password(text: str) -> str:
    """A URL as it may be shown and stored."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)
