"""The results of cases that call a function, with what was expected and what came."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import replace

from crosstune.execution._answers import Answer, Fields, received
from crosstune.execution._conversation import Spent
from crosstune.execution._same_values import Comparer
from crosstune.execution._shown_values import shown, shown_large
from crosstune.execution._standard_values import Argument, Failure, Unlike
from crosstune.languages import Likeness
from crosstune.records import CallCase, CaseResult, Status

_TAIL_BYTES = 4096
_EXITS = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit"})
"""What ends a program in Python; a case that expects any error means none of these."""
_MOST_SHOWN = 2000


def same_answer(comparer: Comparer, case: CallCase, answer: Answer, *, failing: str = "") -> bool:
    """Whether an answer is what the case expects. ``failing``: see `CallTarget`."""
    if failing and not answer.raised:
        return _same_outcome(comparer, case, answer, failing == "last")
    return _same(comparer, case, answer)


def _same_outcome(comparer: Comparer, case: CallCase, answer: Answer, is_last: bool) -> bool:
    """The same of a function that returns an error if it fails, as a part of its result or instead of one."""
    *others, last = answer.result if is_last and isinstance(answer.result, tuple) else (answer.result,)
    if case.error is not None:
        return (
            isinstance(last, Failure)
            and _is_failure(last, case.error)
            and _same_arguments(comparer, case, answer)
        )
    if is_last and isinstance(last, Failure):
        # A text is expected in its place.
        return _same(comparer, case, replace(answer, result=(*others, last.value) if others else last.value))
    alone = others[0] if len(others) == 1 else tuple(others)
    has_none = is_last and last is None and others
    return _same(comparer, case, answer) or bool(
        has_none and _same(comparer, case, replace(answer, result=alone))
    )


def _is_failure(failure: Failure, wanted: str) -> bool:
    """Whether a returned error has that text, or is of that variant of an enumeration."""
    value = failure.value
    if isinstance(value, Fields):
        return wanted in ("", "Err", value.name, value.name.rpartition("::")[2])
    return wanted in ("", "Err", "error") or value == wanted


def _same(comparer: Comparer, case: CallCase, answer: Answer) -> bool:
    if answer.raised != (case.error is not None):
        return False
    if case.error is not None:
        if not case.error:
            return answer.kind not in _EXITS
        return _is_a(answer.kind, case.error, comparer.likeness.error_bases)
    result = _result(case, answer)
    same = _is_equal(case.expected, result) or comparer.same(case.expected, result)
    return same and _same_arguments(comparer, case, answer)


def _is_equal(expected: object, result: object) -> bool:
    """Whether large lists are equal as Python sees it, which is fast. If not, they may still be the same."""
    return isinstance(expected, list) and isinstance(result, list) and expected == result


def _result(case: CallCase, answer: Answer) -> object:
    """The result, which may be one of the arguments."""
    if not isinstance(answer.result, Argument):
        return answer.result
    position = answer.result.position
    if position in answer.changed:
        return answer.changed[position]
    if not 0 <= position < len(case.arguments):
        return Unlike("an argument that was not given")
    return received(case.arguments[position])


def _same_arguments(comparer: Comparer, case: CallCase, answer: Answer) -> bool:
    if case.changed is None:
        return True
    after = [
        answer.changed[at] if at in answer.changed else received(each)
        for at, each in enumerate(case.arguments)
    ]
    return len(after) == len(case.changed) and all(map(comparer.same, case.changed, after))


def _is_a(kind: str, expected: str, bases: Mapping[str, str]) -> bool:
    """Whether an error of that kind is one of the expected kind, or of one that is derived from it: in
    Python, or by the ``bases`` of its language."""
    name, wanted = (each.rpartition(".")[2].rpartition("::")[2] for each in (kind, expected))
    if kind == expected or name == wanted:
        return True
    while name in bases:
        name = bases[name]
        if name == wanted:
            return True
    own, base = getattr(builtins, name, None), getattr(builtins, wanted, None)
    return isinstance(own, type) and isinstance(base, type) and issubclass(own, base)


def passed(answer: Answer, spent: Spent) -> CaseResult:
    return CaseResult(
        Status.PASSED,
        cpu_seconds=spent.cpu_seconds,
        wall_seconds=spent.wall_seconds,
        stdout=_tail(answer.stdout),
        stderr=_tail(answer.stderr),
    )


def failed(status: Status, why: str, spent: Spent) -> CaseResult:
    return CaseResult(
        status, exit_status=1, cpu_seconds=spent.cpu_seconds, wall_seconds=spent.wall_seconds, stderr=why
    )


def wrong(case: CallCase, answer: Answer, frame: bytes, likeness: Likeness, spent: Spent) -> CaseResult:
    """The result of a case whose answer is not what was expected."""
    status = Status.WRONG_ANSWER
    if answer.raised and case.error is None:
        status = Status.INCOMPLETE if answer.kind == "SystemExit" else Status.RUNTIME_ERROR
        text = f"{answer.kind}: {answer.message}"[:_MOST_SHOWN]
        # JavaScript sends the value itself, in base64, in the place of a trace.
        trace = answer.trace[-_MOST_SHOWN:].rstrip() if " " in answer.trace else ""
        text = f"{trace or text}\n"
    elif answer.raised:
        wanted = f"an error of the kind {case.error}" if case.error else "an error"
        text = f"expected {wanted}, got {answer.kind[:60]}: {answer.message[:200]}\n"
    else:
        text = _difference(case, answer, frame, likeness)
    result = failed(status, _printable(text) + answer.stderr, spent)
    return _with_output(result, answer)


def _difference(case: CallCase, answer: Answer, frame: bytes, likeness: Likeness) -> str:
    call = f"{case.call}({', '.join(map(shown, case.arguments))[:200]})"
    if case.error is not None:
        expected = f"an error of the kind {case.error}" if case.error else "an error"
    else:
        expected = shown(case.expected)
    given = shown(_result(case, answer)) if answer.complete else shown_large(frame, answer.at, likeness)
    text = f"{call}\nexpected: {expected}\nreturned: {given}\n"
    if case.changed is not None and answer.complete:
        after = [answer.changed.get(at, received(each)) for at, each in enumerate(case.arguments)]
        text += f"expected arguments after the call: {shown(case.changed)}\nthey are: {shown(after)}\n"
    return text


def _with_output(result: CaseResult, answer: Answer) -> CaseResult:
    return CaseResult(
        result.status,
        exit_status=result.exit_status,
        cpu_seconds=result.cpu_seconds,
        wall_seconds=result.wall_seconds,
        stdout=_tail(answer.stdout),
        stderr=_tail(result.stderr),
    )


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _tail(text: str) -> str:
    return text.encode("utf-8", "replace")[-_TAIL_BYTES:].decode("utf-8", "replace")
