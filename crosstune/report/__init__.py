"""Findings as pictures, tables and one page."""

from crosstune.report._exports import EXPORT_FORMS, write_exports
from crosstune.report._files import write_figures
from crosstune.report._page import render, write
from crosstune.report._summary import Statement, summary
from crosstune.report._tables_write import TABLE_FORMS, write_tables
from crosstune.report._terminal import transfer_table

__all__ = [
    "EXPORT_FORMS",
    "TABLE_FORMS",
    "Statement",
    "render",
    "summary",
    "transfer_table",
    "write",
    "write_exports",
    "write_figures",
    "write_tables",
]
