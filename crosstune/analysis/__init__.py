"""Compute findings from verdicts: transfer with intervals, correlations, failures, published comparisons."""

from crosstune.analysis._ability import Relation
from crosstune.analysis._averages import AtK, Average
from crosstune.analysis._compare import ChangedProblem, Comparison, compare, watched
from crosstune.analysis._contrast import ALPHA, Contrast, Gain, corrected, in_points
from crosstune.analysis._correlations import Correlations, Matrix, correlate
from crosstune.analysis._findings import Findings, analyse
from crosstune.analysis._flagged import Flagged
from crosstune.analysis._language_transfer import LanguageTransfer, PairTransfer
from crosstune.analysis._mixed import MixedComparison
from crosstune.analysis._problems import ProblemTable
from crosstune.analysis._published import BASE as PUBLISHED_BASE
from crosstune.analysis._published import PAPERS, Claim, PublishedTable, published_tables
from crosstune.analysis._published_codem import Figure4, codem_claims, figure4
from crosstune.analysis._published_comparison import PublishedComparison, published_comparisons
from crosstune.analysis._published_octopack import octopack_averages, octopack_claims
from crosstune.analysis._rate import Rate
from crosstune.analysis._run import Corpus, CorpusPart, Model, Run, StepSummary, TaskKey
from crosstune.analysis._trees import Merge, Tree, cluster

__all__ = [
    "ALPHA",
    "PAPERS",
    "PUBLISHED_BASE",
    "AtK",
    "Average",
    "ChangedProblem",
    "Claim",
    "Comparison",
    "Contrast",
    "Corpus",
    "CorpusPart",
    "Correlations",
    "Figure4",
    "Findings",
    "Flagged",
    "Gain",
    "LanguageTransfer",
    "Matrix",
    "Merge",
    "MixedComparison",
    "Model",
    "PairTransfer",
    "ProblemTable",
    "PublishedComparison",
    "PublishedTable",
    "Rate",
    "Relation",
    "Run",
    "StepSummary",
    "TaskKey",
    "Tree",
    "analyse",
    "cluster",
    "codem_claims",
    "compare",
    "corrected",
    "correlate",
    "figure4",
    "in_points",
    "octopack_averages",
    "octopack_claims",
    "published_comparisons",
    "published_tables",
    "watched",
]
