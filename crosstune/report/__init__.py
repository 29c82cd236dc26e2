"""Findings as pictures, tables and one page."""
