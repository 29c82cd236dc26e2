"""Format numbers, and make untrusted text readable."""

from __future__ import annotations

import unicodedata

MINUS, TIMES = "\u2212", "\u00d7"
ABSENT = "\u2013"
"""Shown where a table has no value."""


def percent(fraction: float) -> str:
    """``52.8`` for 0.528."""
    return f"{100 * fraction:.1f}"


def points(value: float) -> str:
    """``+49.4``; negative values get a typographic minus sign, and what rounds to 0 gets none."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else ("+" if value > 0 else MINUS) + text


def bounds(low: float, high: float) -> str:
    """``[28.2, 68.0]``, in the unit given."""
    ends = [f"{MINUS if end < 0 and round(end, 1) else ''}{abs(end):.1f}" for end in (low, high)]
    return f"[{', '.join(ends)}]"


def signed(value: float) -> str:
    """``0.42``, or ``-0.60`` with a typographic minus sign: two decimals, for correlations."""
    return (MINUS if round(value, 2) < 0 else "") + f"{abs(value):.2f}"


def p_value(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def duration(seconds: float) -> str:
    """``9.5 s``, ``38 s``, ``4 min 10 s``, ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def visible(text: str) -> str:
    """``text`` with invisible characters, and those that would reverse the line, made readable.

    Control characters become their pictures (U+2400 …); format characters such as the bidirectional
    overrides, surrogates and non-characters become their code points in brackets.
    """
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if character in "\n\t" or 0x20 <= code < 0x7F:
        return character
    if code < 0x20 or code == 0x7F:
        return chr(0x2421 if code == 0x7F else 0x2400 + code)
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
    return f"[U+{code:04X}]" if hidden else character
