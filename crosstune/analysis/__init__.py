"""From rates to findings: transfer, its intervals, what goes together, what went wrong."""

from crosstune.analysis._ability import Relation
from crosstune.analysis._averages import AtK, Average
from crosstune.analysis._contrast import ALPHA, Contrast, Gain
from crosstune.analysis._correlations import Correlations, Matrix, correlate
from crosstune.analysis._exchange import Balance, Exchange
from crosstune.analysis._findings import Findings, analyse
from crosstune.analysis._flagged import Flagged
from crosstune.analysis._mixed import Versus
from crosstune.analysis._problems import ProblemTable
from crosstune.analysis._rate import Rate
from crosstune.analysis._results import results
from crosstune.analysis._run import Cell, Corpus, CorpusCell, Model, Run, Step
from crosstune.analysis._trees import Merge, Tree, cluster

__all__ = [
    "ALPHA",
    "AtK",
    "Average",
    "Balance",
    "Cell",
    "Contrast",
    "Corpus",
    "CorpusCell",
    "Correlations",
    "Exchange",
    "Findings",
    "Flagged",
    "Gain",
    "Matrix",
    "Merge",
    "Model",
    "ProblemTable",
    "Rate",
    "Relation",
    "Run",
    "Step",
    "Tree",
    "Versus",
    "analyse",
    "cluster",
    "correlate",
    "results",
]
