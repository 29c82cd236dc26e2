"""Run git on an opened repository: stream its output, and read objects in batches."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from crosstune.mining.repository._git import Repository, Unreadable

READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object's size in bytes and, if contents were requested, its bytes."""

    size: int
    data: bytes = b""


def git_output(repository: Repository, *arguments: str, text: str = "") -> Iterator[bytes]:
    """Yield git's standard output in chunks, with ``text`` as its standard input.

    Raises:
        Unreadable: git failed; the output before that has been yielded.
    """
    with _stdin_file(text) as stdin, tempfile.TemporaryFile() as stderr:
        with _git_process(repository, arguments, stdin, stderr) as process:
            assert process.stdout
            while chunk := process.stdout.read(READ_BYTES):
                yield chunk
        if process.returncode:
            raise Unreadable(_last_line(stderr))


def read_objects(
    repository: Repository, ids: Sequence[str], *, contents: bool, kind: bytes = b"blob"
) -> Iterator[GitObject | None]:
    """Yield the object of each id in order; None if it is missing, damaged or not a ``kind``.

    Without ``contents`` the kind is not checked, because git needs longer for it than for the size. A damaged
    object can end ``cat-file``; it is then restarted after that object.
    """
    done = 0
    while done < len(ids):
        for each in _cat_file(repository, ids[done:], contents, kind):
            yield each
            done += 1
        if done < len(ids):
            yield None
            done += 1


def _cat_file(
    repository: Repository, ids: Sequence[str], contents: bool, kind: bytes
) -> Iterator[GitObject | None]:
    mode = "--batch" if contents else "--batch-check=%(objectname) - %(objectsize)"
    with (
        _stdin_file("\n".join(ids) + "\n") as stdin,
        tempfile.TemporaryFile() as stderr,
        _git_process(repository, ("cat-file", mode, "--buffer"), stdin, stderr) as process,
    ):
        stream = process.stdout
        assert stream
        while header := stream.readline():
            words = header.split()
            if len(words) != 3:
                yield None
                continue
            size = int(words[2])
            data = stream.read(size + 1)[:size] if contents else b""
            if contents and len(data) < size:
                return
            yield GitObject(size, data) if words[1] in {kind, b"-"} else None


@contextlib.contextmanager
def _git_process(
    repository: Repository, arguments: Sequence[str], stdin: IO[bytes], stderr: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """A running git process, killed if the reader stops early."""
    with subprocess.Popen(
        repository.git(*arguments),
        stdin=stdin,
        stdout=subprocess.PIPE,
        pipesize=READ_BYTES,  # with the default size both sides wait for each other too often
        stderr=stderr,
        env=repository.environment(),
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


@contextlib.contextmanager
def _stdin_file(text: str) -> Iterator[IO[bytes]]:
    """A temporary file with ``text``: with a pipe, git and this process could block each other."""
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        yield file


def _last_line(stderr: IO[bytes]) -> str:
    stderr.seek(0)
    lines = [line for line in stderr.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("fatal: ") if lines else "git failed"
