"""Findings as pictures, tables and one page."""

from crosstune.report._terminal import transfer_table

__all__ = ["transfer_table"]
