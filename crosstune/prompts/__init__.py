"""Prompt forms, one file each: how what is asked and what is answered become text."""

from crosstune.discovery import Shelf
from crosstune.prompts._border import asking_text, training_text
from crosstune.prompts._form import PromptForm

PROMPTS = Shelf("crosstune.prompts", "PROMPT", "prompt form", PromptForm)

__all__ = ["PROMPTS", "PromptForm", "asking_text", "training_text"]
