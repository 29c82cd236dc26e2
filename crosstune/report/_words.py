"""Numbers, names and lists as a reader expects them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from crosstune.analysis import Findings, TaskKey
from crosstune.languages import LANGUAGES

MINUS, TIMES = "\u2212", "\u00d7"


def percent(fraction: float) -> str:
    """``52.8`` of 0.528."""
    return f"{100 * fraction:.1f}"


def points(value: float) -> str:
    """``+49.4``, with a real minus sign where it is needed; what rounds to 0 has no sign."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else ("+" if value > 0 else MINUS) + text


def bounds(low: float, high: float) -> str:
    """``[28.2, 68.0]``, in the unit given."""
    ends = [f"{MINUS if end < 0 and round(end, 1) else ''}{abs(end):.1f}" for end in (low, high)]
    return f"[{', '.join(ends)}]"


def signed(value: float) -> str:
    """``0.42`` or ``-0.60`` with a real minus sign: two decimals, for correlations."""
    return (MINUS if round(value, 2) < 0 else "") + f"{abs(value):.2f}"


def p_value(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def count(n: int, one: str, many: str = "") -> str:
    """``1 seed``, ``4,320 programs``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(items: Sequence[str]) -> str:
    """``a, b and c``; nothing of nothing."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def duration(seconds: float) -> str:
    """``38 s``, ``4 min 10 s``, ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def language_title(name: str) -> str:
    """As its own file says; a name nobody provides (an imported run) stands for itself."""
    return LANGUAGES.load(name).title if name in LANGUAGES.names() else name or "prose"


def task_title(task_key: TaskKey, findings: Findings) -> str:
    """``Python fix``; without the task where there is but one, with the benchmark where there are several."""
    benchmarks, _, tasks = (set(names) for names in zip(*findings.task_keys, strict=True))
    title = language_title(task_key.language) + (f" {task_key.task}" if len(tasks) > 1 else "")
    return f"{task_key.benchmark}: {title}" if len(benchmarks) > 1 else title


def basis(findings: Findings) -> str:
    """What the intervals are over: ``60 problems and 3 seeds``."""
    problems = sorted({rate.problems for rate in findings.rates.values()})
    seeds = max((rate.seeds for rate in findings.rates.values()), default=0)
    span = f"{problems[0]:,} to {problems[-1]:,} problems" if len(problems) > 1 else ""
    over = span or count(problems[0] if problems else 0, "problem")
    return f"{over} and {count(seeds, 'seed')}" if seeds > 1 else f"{over}, with one seed"


def visible(text: str) -> str:
    """``text`` with what can't be seen, or would turn the line around, made readable.

    Control characters become their pictures (U+2400 …), format characters such as the
    bidirectional overrides, surrogates and non-characters their code points in brackets.
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
