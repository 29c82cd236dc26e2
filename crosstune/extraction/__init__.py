"""From a model's answer to the candidate program that it means."""

from crosstune.extraction._extract import Extraction, How, Part, extract

__all__ = ["Extraction", "How", "Part", "extract"]
