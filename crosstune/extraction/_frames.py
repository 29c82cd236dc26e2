"""Code in frames other than Markdown's: LaTeX listings, here documents, JSON, an interpreter's prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

_LISTING = re.compile(
    r"[ \t]*\\begin\{((?:lstlisting|minted|verbatim)\*?)\}((?:\[[^\]\n]*\]|\{[^}\n]*\})*)[ \t]*$"
)
_LISTING_LANGUAGE = re.compile(r"language\s*=\s*\{?([\w+#]+)|\{([\w+#]+)\}")
_HERE = re.compile(r"[ \t]*(?:\$ )?(?:cat|tee)\b[^\n]*<<-?[ \t]*['\"]?(\w+)")
_OBJECT = re.compile(r"^(?:[ \t]*(?:<[|\w]+>|\[TOOL_CALLS\]))?[ \t\n]{0,8}(?=[{\[])", re.MULTILINE)
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)")
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


def here_documents(script: str) -> list[str]:
    """The files that a shell script writes with ``cat > FILE <<EOF``."""
    if "<<" not in script:
        return []
    lines = script.split("\n")
    return ["\n".join([*lines[begin + 1 : end], ""]) for begin, end, _ in _framed(lines, _HERE, "%s")]


def _framed(
    lines: Sequence[str], opener: re.Pattern[str], closer: str
) -> list[tuple[int, int, re.Match[str]]]:
    """The lines with what opens and what closes each frame; ``closer`` has the opener's first group."""
    found: list[tuple[int, int, re.Match[str]]] = []
    last, tries = -1, 0
    for at, line in enumerate(lines):
        if at <= last or tries == _MOST_FRAMES or (match := opener.match(line)) is None:
            continue
        tries += 1
        end = next((k for k in range(at + 1, len(lines)) if lines[k].strip() == closer % match[1]), None)
        if end is not None:
            last = end
            found.append((at, end, match))
    return found


def without_prompts(code: str) -> str:
    """What was typed at Python's prompt, without the output; other code as it is."""
    if not code.lstrip().startswith(">>> "):
        return code
    return "".join(
        f"{line[match.end() :]}\n" for line in code.split("\n") if (match := _PROMPT.match(line)) is not None
    )


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
            waiting += reversed(current)
