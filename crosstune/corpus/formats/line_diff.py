"""Commits as line diffs: the old file with numbered lines is the prompt, the changed lines the completion."""

from crosstune.corpus.formats._format import Format, Row
from crosstune.prompts import line_diff, numbered
from crosstune.records import Example


def _row(example: Example) -> Row | None:
    if example.task != "commit":
        return None
    instruction, old = split_commit(example)
    return {"prompt": f"{instruction}\n{numbered(old)}", "completion": line_diff(old, example.completion)}


def split_commit(example: Example) -> tuple[str, str]:
    """Split a commit's prompt into the instruction (subject and, if any, body) and the old text."""
    subject, body = example.provenance.get("subject", ""), example.provenance.get("body", "")
    instruction = f"{subject}\n\n{body}" if body else subject
    if instruction and example.prompt.startswith(f"{instruction}\n"):
        return instruction, example.prompt[len(instruction) + 1 :]
    subject, _, old = example.prompt.partition("\n")
    return subject, old


FORMAT = Format("line-diff", _row, requires="commits")
