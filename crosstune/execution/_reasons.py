"""List why programs could not be judged: each reason once, with its number of programs."""

from __future__ import annotations

from collections.abc import Mapping

_LISTED = 20
_MOST_CHARACTERS = 600
"""Of a reason: a sandbox's message may hold a whole log."""


def reasons_text(reasons: Mapping[str, Mapping[str, int]]) -> str:
    """The ``reasons`` (language, reason, number of programs) as indented lines, the most frequent first."""
    counted = [
        (count, f"{language}: {_shown(reason)}")
        for language, counts in reasons.items()
        for reason, count in counts.items()
    ]
    counted.sort(key=lambda each: (-each[0], each[1]))
    lines = [f"  {count} x {text}" for count, text in counted[:_LISTED]]
    if len(counted) > _LISTED:
        lines.append(f"  and {len(counted) - _LISTED} more reasons")
    return "\n".join(lines)


def _shown(reason: str) -> str:
    text = reason.strip() or "without a message"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]} …"
