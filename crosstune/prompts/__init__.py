"""Prompt templates, one file each: they turn a question and its answer into text."""

from crosstune.plugins import Registry
from crosstune.prompts._boundary import asking_text, earlier_messages, example_text, training_text
from crosstune.prompts._line_diff import apply_line_diff, line_diff, numbered
from crosstune.prompts._template import PromptTemplate
from crosstune.prompts._text_encoder import TextEncoder
from crosstune.prompts._turn_end import chat_ends, rendered, turn_end

PROMPTS = Registry("crosstune.prompts", "PROMPT", "prompt template", PromptTemplate)

__all__ = [
    "PROMPTS",
    "PromptTemplate",
    "TextEncoder",
    "apply_line_diff",
    "asking_text",
    "chat_ends",
    "earlier_messages",
    "example_text",
    "line_diff",
    "numbered",
    "rendered",
    "training_text",
    "turn_end",
]
