"""Program in, verdict out, many at once."""

from crosstune.execution._judge import Judge
from crosstune.execution._needs import needs
from crosstune.execution._stream import Judgement, judge_file

__all__ = ["Judge", "Judgement", "judge_file", "needs"]
