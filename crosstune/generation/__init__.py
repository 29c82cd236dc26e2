"""Ask a model to solve a benchmark's problems, through any of several back ends."""

from crosstune.generation._back_end import (
    BackEnd,
    Decoding,
    GeneratedAnswer,
    ProtectsText,
    Request,
    Session,
)
from crosstune.generation._computed_with import OnSession, computed_with_text
from crosstune.generation._generate import SECOND_QUESTION, check_complete, generate
from crosstune.plugins import Registry

BACK_ENDS = Registry("crosstune.generation", "BACK_END", "back end", BackEnd)

__all__ = [
    "BACK_ENDS",
    "SECOND_QUESTION",
    "BackEnd",
    "Decoding",
    "GeneratedAnswer",
    "OnSession",
    "ProtectsText",
    "Request",
    "Session",
    "check_complete",
    "computed_with_text",
    "generate",
]
