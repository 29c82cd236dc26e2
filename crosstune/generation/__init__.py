"""Problems in, completions out: back ends and the extraction of code from answers."""

from crosstune.generation._back_end import Answer, BackEnd, Decoding, Request, Session
from crosstune.generation._generate import SECOND_QUESTION, generate
from crosstune.plugins import Registry

BACK_ENDS = Registry("crosstune.generation", "BACK_END", "back end", BackEnd)

__all__ = [
    "BACK_ENDS",
    "SECOND_QUESTION",
    "Answer",
    "BackEnd",
    "Decoding",
    "Request",
    "Session",
    "generate",
]
