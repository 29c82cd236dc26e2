"""Code in frames other than Markdown's: LaTeX listings, Python's quotes, here documents, JSON, YAML."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

_LISTING = re.compile(
    r"[ \t]*\\begin\{((?:lstlisting|minted|verbatim)\*?)\}((?:\[[^\]\n]*\]|\{[^}\n]*\})*)[ \t]*$"
)
_LISTING_LANGUAGE = re.compile(r"language\s*=\s*\{?([\w+#]+)|\{([\w+#]+)\}")
_HERE = re.compile(r"[ \t]*(?:\$ )?(?:cat|tee)\b[^\n]*<<-?[ \t]*['\"]?(\w+)")
_OBJECT = re.compile(r"^(?:[ \t]*(?:<[|\w]+>|\[TOOL_CALLS\]))?[ \t\n]{0,8}(?=[{\[])", re.MULTILINE)
_QUOTES = re.compile(r"('''|\"\"\")([A-Za-z][\w+#-]*)[ \t]*$")
_SCALAR = re.compile(
    r"^([ \t]*)(?:- )?[\w-]+:[ \t]*[|>][-+\d]*[ \t]*\n((?:\1[ \t]+[^\n]*(?:\n|$)|[ \t]*\n)+)", re.MULTILINE
)
_MOST_OBJECTS, _MOST_FRAMES = 8, 20


def listings_as_fences(text: str) -> str:
    """``text`` with its LaTeX listings as Markdown's code blocks."""
    if "\\begin{" not in text or "```" in text:
        return text
    lines = text.split("\n")
    for begin, end, match in _framed(lines, _LISTING, "\\end{%s}"):
        language = _LISTING_LANGUAGE.search(match[2])
        lines[begin] = "``````" + ((language[1] or language[2]).lower() if language else "")
        lines[end] = "``````"
    return "\n".join(lines)


def quotes_as_fences(text: str, names: Sequence[str]) -> str:
    """``text`` with blocks in Python's long quotes that open with one of a language's ``names`` as
    Markdown's."""
    if "```" in text or not ("'''" in text or '"""' in text):
        return text
    lines = text.split("\n")
    for begin, end, match in _framed(lines, _QUOTES, "%s", indented=False):
        if match[2].lower() in names:
            lines[begin], lines[end] = f"``````{match[2].lower()}", "``````"
    return "\n".join(lines)


def here_documents(script: str) -> list[str]:
    """The files that a shell script writes with ``cat > FILE <<EOF``."""
    if "<<" not in script:
        return []
    lines = script.split("\n")
    return ["\n".join([*lines[begin + 1 : end], ""]) for begin, end, _ in _framed(lines, _HERE, "%s")]


def _framed(
    lines: Sequence[str], opener: re.Pattern[str], closer: str, *, indented: bool = True
) -> list[tuple[int, int, re.Match[str]]]:
    """The lines with what opens and what closes each frame; ``closer`` has the opener's first group, and may
    be ``indented``."""
    found: list[tuple[int, int, re.Match[str]]] = []
    last, tries = -1, 0
    for at, line in enumerate(lines):
        if at <= last or tries == _MOST_FRAMES or (match := opener.match(line)) is None:
            continue
        tries += 1
        wanted = closer % match[1]
        rest = range(at + 1, len(lines))
        end = next((k for k in rest if (lines[k].strip() if indented else lines[k].rstrip()) == wanted), None)
        if end is not None:
            last = end
            found.append((at, end, match))
    return found


def yaml_texts(text: str, name: str) -> list[str]:
    """The block scalars with ``name`` of YAML."""
    return [textwrap.dedent(match[2]) for match in _SCALAR.finditer(text) if name in match[2]]


def json_texts(text: str, name: str) -> list[str]:
    """The strings with ``name`` in the JSON objects of ``text`` that begin a line: the arguments of a tool's
    call, or an answer that was asked for as JSON."""
    found: list[str] = []
    decoder, at = json.JSONDecoder(strict=False), 0
    for _ in range(_MOST_OBJECTS):
        if (match := _OBJECT.search(text, at)) is None:
            break
        try:
            value, at = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            at = match.end() + 1
        else:
            found += [each for each in _strings(value) if name in each]
    return found


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, dict):
            waiting += reversed(current.values())
        elif isinstance(current, list):
            waiting += ["".join(current)] if _is_notebook_source(current) else reversed(current)


def _is_notebook_source(value: list[Any]) -> bool:
    """Whether it is the code of a notebook's cell: lines with their ends."""
    lines = all(isinstance(each, str) for each in value)
    return lines and len(value) > 1 and all(each.endswith("\n") for each in value[:-1])
