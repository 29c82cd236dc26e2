"""Others' logs: read them, compare them paired by problem, and find out why two of them differ."""

from collections.abc import Sequence

from crosstune.logs._causes import Cause, Reason, Side, reasons
from crosstune.logs._compare import compare_logs
from crosstune.logs._find import problem_finder
from crosstune.logs._judging import Find
from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._page import page_of
from crosstune.logs._pairing import Paired, chosen, paired
from crosstune.logs._read import read_logs as _read_logs
from crosstune.logs._reconcile import Difference, Reconciliation, code_of, reconcile
from crosstune.logs._source import Fields, Source
from crosstune.plugins import Registry

LOG_READERS = Registry("crosstune.logs", "READER", "log format", LogReader)

__all__ = [
    "LOG_READERS",
    "Cause",
    "Difference",
    "Fields",
    "Find",
    "Log",
    "LogReader",
    "LogSample",
    "Outcome",
    "Paired",
    "Reason",
    "Reconciliation",
    "Side",
    "Source",
    "chosen",
    "code_of",
    "compare_logs",
    "page_of",
    "paired",
    "problem_finder",
    "read_logs",
    "reasons",
    "reconcile",
]


def read_logs(path: str) -> Sequence[Log]:
    """Every log in ``path``: a file or folder, or ``FORMAT:PATH`` to name its format.

    Raises:
        DataError: there is no such file, no reader recognises it, or it is malformed.
        UnknownName: no reader has the name of the format.
    """
    return _read_logs(LOG_READERS, path)
