"""Prompt forms, one file each: how what is asked and what is answered become text."""

from crosstune.plugins import Registry
from crosstune.prompts._border import asking_text, training_text
from crosstune.prompts._form import PromptForm
from crosstune.prompts._line_diff import apply_line_diff, line_diff, numbered

PROMPTS = Registry("crosstune.prompts", "PROMPT", "prompt form", PromptForm)

__all__ = [
    "PROMPTS",
    "PromptForm",
    "apply_line_diff",
    "asking_text",
    "line_diff",
    "numbered",
    "training_text",
]
