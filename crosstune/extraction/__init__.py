"""Extract the candidate program from a model's answer."""

from crosstune.extraction._extract import extract

__all__ = ["extract"]
