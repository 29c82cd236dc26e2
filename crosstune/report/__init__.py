"""Render findings as figures, tables and one page."""

from crosstune.report._exports import EXPORT_FORMATS, write_exports
from crosstune.report._figure_files import write_figures
from crosstune.report._page import render, write
from crosstune.report._results import results
from crosstune.report._summary import Statement, summary
from crosstune.report._table_files import TABLE_FORMATS, write_tables
from crosstune.report._terminal import transfer_table

__all__ = [
    "EXPORT_FORMATS",
    "TABLE_FORMATS",
    "Statement",
    "render",
    "results",
    "summary",
    "transfer_table",
    "write",
    "write_exports",
    "write_figures",
    "write_tables",
]
