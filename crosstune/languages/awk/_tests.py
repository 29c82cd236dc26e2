"""Tests in AWK, changed so that they report their end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\\\n)|(?P<comment>\#[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<line>\n)|(?P<mark>.)""",
    re.DOTALL,
)
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/")
_VALUES = frozenset({"word", "number", "text"})
_OPENING, _CLOSING = "([", ")]"
_BEFORE_PATTERNS = frozenset({"print", "printf", "return", "exit", "in", "case"})


def judged(tests: str, passed: str) -> str:
    """The tests, which do what ``passed`` says where they end: after their last rule, or with ``exit`` and
    status 0. With another status they fail."""
    tokens = list(_tokens(tests))
    text = "".join(_with_reports(tokens, passed))
    rules = _rules(tokens)
    if rules <= {"BEGIN", "function", "func"}:
        return f"{text}\nBEGIN {{ {passed} }}\n"
    return f"{text}\nBEGIN {{ judge_begun = 1 }}\nEND {{ if (judge_begun) {{ {passed} }} }}\n"


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kinds and texts; a slash begins a pattern where no value is before it."""
    at, before = 0, ("mark", ";")
    while at < len(text):
        is_value = (before[0] in _VALUES and before[1] not in _BEFORE_PATTERNS) or before[1] in (
            ")",
            "]",
            "$",
        )
        pattern = None if is_value or text[at] != "/" else _PATTERN.match(text, at)
        match = pattern or _TOKEN.match(text, at)
        assert match is not None
        kind = "text" if pattern else match.lastgroup or "mark"
        if kind not in ("space", "comment"):
            before = (kind, match[0])
        yield kind, match[0]
        at = match.end()


def _rules(tokens: list[tuple[str, str]]) -> set[str]:
    """The words or marks with which the rules begin."""
    found, depth, begins = set[str](), 0, True
    for kind, text in tokens:
        if kind in ("space", "comment", "line"):
            continue
        if begins and depth == 0 and text != ";":
            found.add(text)
            begins = False
        depth += (text == "{" and kind == "mark") - (text == "}" and kind == "mark")
        if text == "}" and depth == 0:
            begins = True
    return found


def _with_reports(tokens: list[tuple[str, str]], passed: str) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        kind, text = tokens[at]
        at += 1
        if kind != "word" or text != "exit":
            yield text
            continue
        end = _statement_end(tokens, at)
        status = "".join(text for kind, text in tokens[at:end] if kind != "comment").strip()
        yield _exit(status, passed)
        at = end
        if at < len(tokens) and tokens[at][1] == ";" and _next_word(tokens, at + 1) == "else":
            at += 1


def _exit(status: str, passed: str) -> str:
    fails = 'printf "failed wrong_answer" > "/dev/fd/4"; close("/dev/fd/4")'
    if not status:
        return f"{{ {passed}; exit }}"
    reported = f"if (judge_status + 0) {{ {fails} }} else {{ {passed} }}"
    return f"{{ judge_status = ({status}); {reported} exit judge_status }}"


def _statement_end(tokens: list[tuple[str, str]], at: int) -> int:
    depth = 0
    for position in range(at, len(tokens)):
        kind, text = tokens[position]
        if kind == "line" or (kind == "mark" and depth == 0 and text in ";}"):
            return position
        if kind == "mark":
            depth += (text in _OPENING) - (text in _CLOSING)
    return len(tokens)


def _next_word(tokens: list[tuple[str, str]], at: int) -> str:
    return next((text for kind, text in tokens[at:] if kind not in ("space", "comment", "line")), "")
