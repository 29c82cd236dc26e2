"""Problems in, completions out: back ends and the extraction of code from answers."""

from crosstune.discovery import Shelf
from crosstune.generation._back_end import Answer, BackEnd, Decoding, Request, Session

BACK_ENDS = Shelf("crosstune.generation", "BACK_END", "back end", BackEnd)

__all__ = ["BACK_ENDS", "Answer", "BackEnd", "Decoding", "Request", "Session"]
