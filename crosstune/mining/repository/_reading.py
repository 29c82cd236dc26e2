"""What git tells of an opened repository: its output as a stream, objects in one go."""

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
class Blob:
    """An object as ``cat-file`` saw it: its size alone, or its bytes too."""

    size: int
    data: bytes = b""


def output(repository: Repository, *arguments: str, text: str = "") -> Iterator[bytes]:
    """What git writes, in pieces, given ``text`` to read.

    Raises:
        Unreadable: it ended with an error; what came before was yielded.
    """
    with _file(text) as given, tempfile.TemporaryFile() as told:
        with _started(repository, arguments, given, told) as process:
            assert process.stdout
            while piece := process.stdout.read(READ_BYTES):
                yield piece
        if process.returncode:
            raise Unreadable(_last_line(told))


def blobs(
    repository: Repository, ids: Sequence[str], *, contents: bool, kind: bytes = b"blob"
) -> Iterator[Blob | None]:
    """For each of ``ids``, in order: the object; None where it is missing, damaged or of another kind.

    Without ``contents`` the kind is not looked at: finding it out takes longer than the size.
    A damaged object can end ``cat-file``; it is then started again behind that object.
    """
    done = 0
    while done < len(ids):
        for blob in _cat(repository, ids[done:], contents, kind):
            yield blob
            done += 1
        if done < len(ids):
            yield None
            done += 1


def _cat(repository: Repository, ids: Sequence[str], contents: bool, kind: bytes) -> Iterator[Blob | None]:
    mode = "--batch" if contents else "--batch-check=%(objectname) - %(objectsize)"
    with (
        _file("\n".join(ids) + "\n") as given,
        tempfile.TemporaryFile() as told,
        _started(repository, ("cat-file", mode, "--buffer"), given, told) as process,
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
            yield Blob(size, data) if words[1] in {kind, b"-"} else None


@contextlib.contextmanager
def _started(
    repository: Repository, arguments: Sequence[str], given: IO[bytes], told: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """A running git; it is ended when the reader stops early."""
    with subprocess.Popen(
        repository.git(*arguments),
        stdin=given,
        stdout=subprocess.PIPE,
        pipesize=READ_BYTES,  # else both sides wait for each other all the time
        stderr=told,
        env=repository.environment(),
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


@contextlib.contextmanager
def _file(text: str) -> Iterator[IO[bytes]]:
    """A file to read ``text`` from: unlike a pipe it cannot block both sides."""
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        yield file


def _last_line(told: IO[bytes]) -> str:
    told.seek(0)
    lines = [line for line in told.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("fatal: ") if lines else "git ended with an error"
