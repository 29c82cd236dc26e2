"""Measurements: ratios of what is done here to the plain way, taken in one run on one machine."""
