"""The option ``--isolation``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosstune.records import Isolation


def isolation_of(given: str | None) -> Isolation:
    """
    Raises:
        UsageError: it is none of the three.
    """
    from crosstune.errors import UsageError

    match given:
        case None | "auto":
            return "auto"
        case "separate":
            return "separate"
        case "shared":
            return "shared"
    raise UsageError(f"--isolation {given}: expected auto, separate or shared")
