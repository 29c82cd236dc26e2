"""Program in, verdict out, many at once."""

from crosstune.execution._judge import Judge
from crosstune.execution._needs import needs

__all__ = ["Judge", "needs"]
