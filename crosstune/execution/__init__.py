"""Judge programs: run each in a sandbox and return a verdict, many at once."""

from crosstune.execution._health import Health, examine, judged_languages
from crosstune.execution._judge import Judge
from crosstune.execution._lines import BadLine, RowReader, Submission, extra_columns
from crosstune.execution._reasons import reasons_text
from crosstune.execution._requirements import requirements
from crosstune.execution._stream import Judgement, judge_file

__all__ = [
    "BadLine",
    "Health",
    "Judge",
    "Judgement",
    "RowReader",
    "Submission",
    "examine",
    "extra_columns",
    "judge_file",
    "judged_languages",
    "reasons_text",
    "requirements",
]
