"""Judge programs: run each in a sandbox and return a verdict, many at once."""

from crosstune.execution._asyncio import async_result
from crosstune.execution._execute import Ended, Executed, Execution
from crosstune.execution._health import Health, examine, judged_languages
from crosstune.execution._judge import Judge
from crosstune.execution._languages import toolchain_of
from crosstune.execution._lines import (
    BadLine,
    ProgramReader,
    RowReader,
    Submission,
    extra_columns,
    verdict_row,
)
from crosstune.execution._reasons import reasons_text
from crosstune.execution._requirements import requirements
from crosstune.execution._shard_inputs import inputs_without_verdict, shard_inputs
from crosstune.execution._stream import Judgement, TakesPrograms, judge_file
from crosstune.execution._verdicts import unjudged

__all__ = [
    "BadLine",
    "Ended",
    "Executed",
    "Execution",
    "Health",
    "Judge",
    "Judgement",
    "ProgramReader",
    "RowReader",
    "Submission",
    "TakesPrograms",
    "async_result",
    "examine",
    "extra_columns",
    "inputs_without_verdict",
    "judge_file",
    "judged_languages",
    "reasons_text",
    "requirements",
    "shard_inputs",
    "toolchain_of",
    "unjudged",
    "verdict_row",
]
