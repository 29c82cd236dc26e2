"""Measurements against the plain way: ratios, taken in one run on one machine."""
