"""From a model's answer to the candidate program."""

from crosstune.extraction._extract import extract

__all__ = ["extract"]
