"""From rates to findings: transfer, its intervals, what goes together, what went wrong."""

from crosstune.analysis._ability import Relation
from crosstune.analysis._averages import AtK, Average
from crosstune.analysis._compare import Changed, Comparison, compare, fallen
from crosstune.analysis._contrast import ALPHA, Contrast, Gain
from crosstune.analysis._correlations import Correlations, Matrix, correlate
from crosstune.analysis._exchange import Balance, Exchange
from crosstune.analysis._findings import Findings, analyse
from crosstune.analysis._flagged import Flagged
from crosstune.analysis._mixed import Versus
from crosstune.analysis._problems import ProblemTable
from crosstune.analysis._published import BASE as PUBLISHED_BASE
from crosstune.analysis._published import PAPERS, Claim, PublishedTable, published_tables
from crosstune.analysis._published_beside import Beside, published_beside
from crosstune.analysis._published_codem import Figure4, codem_claims, figure4
from crosstune.analysis._published_octopack import octopack_averages, octopack_claims
from crosstune.analysis._rate import Rate
from crosstune.analysis._results import results
from crosstune.analysis._run import Cell, Corpus, CorpusCell, Model, Run, Step
from crosstune.analysis._trees import Merge, Tree, cluster

__all__ = [
    "ALPHA",
    "PAPERS",
    "PUBLISHED_BASE",
    "AtK",
    "Average",
    "Balance",
    "Beside",
    "Cell",
    "Changed",
    "Claim",
    "Comparison",
    "Contrast",
    "Corpus",
    "CorpusCell",
    "Correlations",
    "Exchange",
    "Figure4",
    "Findings",
    "Flagged",
    "Gain",
    "Matrix",
    "Merge",
    "Model",
    "ProblemTable",
    "PublishedTable",
    "Rate",
    "Relation",
    "Run",
    "Step",
    "Tree",
    "Versus",
    "analyse",
    "cluster",
    "codem_claims",
    "compare",
    "correlate",
    "fallen",
    "figure4",
    "octopack_averages",
    "octopack_claims",
    "published_beside",
    "published_tables",
    "results",
]
