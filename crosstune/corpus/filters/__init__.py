"""Filters of a corpus: each keeps or drops examples and gives the reason."""
