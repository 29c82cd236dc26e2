"""Findings as pictures, tables and one page."""

from crosstune.report._files import write_figures
from crosstune.report._page import render, write
from crosstune.report._summary import Statement, summary
from crosstune.report._terminal import transfer_table

__all__ = ["Statement", "render", "summary", "transfer_table", "write", "write_figures"]
