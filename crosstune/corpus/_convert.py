"""Examples as lines of JSON, in the forms that others read."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from crosstune.corpus._store import guarded
from crosstune.errors import UnknownName
from crosstune.prompts import PROMPTS, line_diff, numbered, training_text
from crosstune.records import Example

Row = dict[str, Any]


def forms() -> tuple[str, ...]:
    """Names: this project's records, the usual two, commits as line diffs, and each prompt template."""
    return (*OWN, *(name for name in PROMPTS.names() if not PROMPTS.load(name).chat))


def convert(examples: Iterable[Example], path: Path, form: str) -> tuple[int, int]:
    """Write the examples to ``path`` as lines of JSON; how many there were, and how many had no such form.

    `records` has all fields of an example; `prompt-completion` and `messages` have what is asked and
    answered; `line-diff` has for commits the changed lines as the answer, others have no such form. A prompt
    form's rows are its text before and after the border, so that together they are what is trained on.

    Raises:
        UnknownName: no such form.
        Incomplete: the disk is full. Whatever stood at ``path`` before still stands there.
    """
    if form not in forms():
        raise UnknownName("form", form, forms())
    row = OWN.get(form) or _prompted(form)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")

    def write() -> tuple[int, int]:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = left_out = 0
        with aside.open("w", encoding="utf-8") as file:
            for made in map(row, examples):
                if made is None:
                    left_out += 1
                else:
                    written += 1
                    file.write(json.dumps(made, ensure_ascii=False) + "\n")
        aside.replace(path)
        return written, left_out

    try:
        return guarded(path, write)
    finally:
        aside.unlink(missing_ok=True)


def _records(example: Example) -> Row:
    return dataclasses.asdict(example)


def _pair(example: Example) -> Row:
    return {"prompt": example.prompt, "completion": example.completion}


def _messages(example: Example) -> Row:
    asked = [{"role": "user", "content": example.prompt}] if example.prompt else []
    return {"messages": [*asked, {"role": "assistant", "content": example.completion}]}


def _line_diff(example: Example) -> Row | None:
    if example.task != "commit":
        return None
    subject, old = split_commit(example)
    return {"prompt": f"{subject}\n{numbered(old)}", "completion": line_diff(old, example.completion)}


def _prompted(form: str) -> Callable[[Example], Row]:
    prompt_form = PROMPTS.load(form)

    def row(example: Example) -> Row:
        before, after = training_text(prompt_form, example.prompt, example.completion)
        return {"prompt": before, "completion": after}

    return row


def split_commit(example: Example) -> tuple[str, str]:
    """What a commit asks (subject, and body where it has one) and the old text."""
    subject, body = example.provenance.get("subject", ""), example.provenance.get("body", "")
    asked = f"{subject}\n\n{body}" if body else subject
    if asked and example.prompt.startswith(f"{asked}\n"):
        return asked, example.prompt[len(asked) + 1 :]
    subject, _, old = example.prompt.partition("\n")
    return subject, old


OWN: dict[str, Callable[[Example], Row | None]] = {
    "records": _records,
    "prompt-completion": _pair,
    "messages": _messages,
    "line-diff": _line_diff,
}
