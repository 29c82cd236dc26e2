"""Find the format of a log and read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosstune.errors import DataError, UnknownName
from crosstune.logs._log import Log, LogReader
from crosstune.logs._source import Source
from crosstune.plugins import Registry


def read_logs(readers: Registry[LogReader], given: str) -> Sequence[Log]:
    """Every log in ``given``: a path, or ``FORMAT:PATH`` where the format is not to be recognised.

    Raises:
        DataError: there is no such file, no reader recognises it, or it is malformed.
        UnknownName: no reader has the name of the format.
    """
    name, _, path = given.partition(":")
    if path and not Path(given).exists():
        if name not in readers.names():
            raise UnknownName("log format", name, readers.names())
        source = Source(Path(path))
        return _read(readers.load(name), source)
    source = Source(Path(given))
    found = [reader for reader in readers.all().values() if reader.recognises(source)]
    if not found:
        known = "; ".join(f"{reader.title} ({name})" for name, reader in readers.all().items())
        raise DataError(
            f"{given}: no run and no known log; expected a folder RUNS/NAME, written by "
            f"`crosstune study run`, or one of: {known}. To name the format: FORMAT:{given}"
        )
    if len(found) > 1:
        names = " and ".join(reader.name for reader in found)
        raise DataError(
            f"{given}: has logs of {names}; name the file, or its format: {found[0].name}:{given}"
        )
    return _read(found[0], source)


def _read(reader: LogReader, source: Source) -> Sequence[Log]:
    logs = reader.read(source)
    if not logs or not all(log.samples for log in logs):
        raise DataError(f"{source.path}: it has no samples ({reader.title})")
    return logs
