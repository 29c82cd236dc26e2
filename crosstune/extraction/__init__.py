"""From a model's answer to the candidate program that it means."""

from crosstune.extraction._extract import extract
from crosstune.extraction._reasoning import without_reasoning
from crosstune.extraction._result import Extraction, How

__all__ = ["Extraction", "How", "extract", "without_reasoning"]
