"""Tests of the few problems that call cases cannot express: an answer with a property, and values that a
language's cases do not have.

A template is in ``solutions/``: in a line with ``CALL``, ``EXPECTED`` or ``ARGUMENTS`` these are replaced by
source text, once for each recorded call; ``TOLERANCE`` is the one that the test has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosstune.benchmarks.humaneval_replay._recording import Call, Recorded
from crosstune.languages import Signature, TypedSyntax, fitted

_WORD = re.compile(r"\b[A-Z]{4,}\b")
_REPEATED = re.compile(r"\b(?:CALL|EXPECTED|ARGUMENTS)\b")


def tests(template: str, recording: Recorded, signature: Signature, syntax: TypedSyntax | None) -> str:
    """The tests of one problem; ``syntax`` None: in Python."""
    lines = (_lines(line, recording, signature, syntax) for line in template.splitlines())
    return "".join(f"{line}\n" for group in lines for line in group)


def _lines(line: str, recording: Recorded, signature: Signature, syntax: TypedSyntax | None) -> Iterator[str]:
    if not _REPEATED.search(line):
        yield line
        return
    for call in recording.calls:
        texts = _python(call, signature) if syntax is None else _texts(call, signature, syntax)
        words = {**texts, "TOLERANCE": repr(call.tolerance)}
        yield _WORD.sub(lambda found: words.get(found[0], found[0]), line)  # noqa: B023 (called at once)


def _texts(call: Call, signature: Signature, syntax: TypedSyntax) -> dict[str, str]:
    write = syntax.argument or syntax.literal
    pairs = zip(call.arguments, signature.parameters, strict=True)
    arguments = (write(fitted(value, kind), kind) for value, (_, kind) in pairs)
    expected = syntax.literal(fitted(call.expected, signature.result), signature.result)
    named = {"ARGUMENTS": ", ".join(arguments), "EXPECTED": expected}
    return {**named, "CALL": syntax.call(signature, call.arguments)}


def _python(call: Call, signature: Signature) -> dict[str, str]:
    arguments = ", ".join(map(repr, call.arguments))
    called = f"{signature.name}({arguments})"
    return {"ARGUMENTS": arguments, "EXPECTED": repr(call.expected), "CALL": called}
