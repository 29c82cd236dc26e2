"""From rates to findings: transfer, its intervals, what goes together, what went wrong."""

from crosstune.analysis._correlations import Correlations, Matrix, correlate
from crosstune.analysis._findings import ALPHA, Findings, Gain, Rate, analyse
from crosstune.analysis._results import results
from crosstune.analysis._run import Cell, Corpus, CorpusCell, Model, Run, Step

__all__ = [
    "ALPHA",
    "Cell",
    "Corpus",
    "CorpusCell",
    "Correlations",
    "Findings",
    "Gain",
    "Matrix",
    "Model",
    "Rate",
    "Run",
    "Step",
    "analyse",
    "correlate",
    "results",
]
