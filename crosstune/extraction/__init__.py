"""From a model's answer to the candidate program that it means."""

from crosstune.extraction._extract import extract
from crosstune.extraction._result import Extraction, How
from crosstune.reasoning import without_reasoning

__all__ = ["Extraction", "How", "extract", "without_reasoning"]
