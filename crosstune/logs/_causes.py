"""Why two logs differ on one answer: decided from what both say and how both answers are judged here.

The chain from a question to a number has five links: the prompt, the model's answer to it (sampling), the
code that the harness takes from the answer (extraction), the time that it gives the code (time-out), and its
verdict. A log deviates where its verdict is not the one that its answer gets here, extracted and judged by
crosstune. If exactly one log deviates, both answers are equally good, and the difference was made after the
answer, in that log. If none deviates, the answers differ, because of the prompt or by sampling. If both
deviate, all three reasons apply.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from crosstune.logs._log import LogSample, Outcome
from crosstune.records import Status, Verdict


class Cause(enum.StrEnum):
    """The first link of the chain that explains a difference."""

    PROMPT = "prompt"
    SAMPLING = "sampling"
    EXTRACTION = "extraction"
    TIMEOUT = "time-out"
    VERDICT = "verdict"
    HARNESS = "harness"
    """One of the harnesses failed, and has no verdict."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause, ``side`` (0: the first log, 1: the second, None: between the two), and a sentence about it."""

    cause: Cause
    side: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One log's sample with its ``value`` there, and the verdicts here: of its ``code``, and of its
    ``answer`` as it is extracted here (None: not in the log, or not judged). ``seconds``: the harness's time
    limit, 0 if unknown. ``harness`` names the log in sentences."""

    sample: LogSample
    value: float | None
    harness: str
    seconds: float = 0.0
    code: Verdict | None = None
    answer: Verdict | None = None

    @property
    def here(self) -> Verdict | None:
        """The verdict that the answer gets here: that of the code where the answer is not in the log."""
        return next((each for each in (self.answer, self.code) if _judged(each)), None)

    @property
    def passed(self) -> bool:
        return self.value is not None and self.value >= 1

    @property
    def deviates(self) -> bool | None:
        """Whether the log's verdict is another than here; None: it was not judged here."""
        return None if self.here is None else self.here.passed != self.passed


def _judged(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.status is not Status.HARNESS_ERROR


def reasons(first: Side, second: Side) -> tuple[Reason, ...]:
    """Why the values of two samples differ, the most telling reason first."""
    sides = (first, second)
    if lost := [_lost(number, side) for number, side in enumerate(sides) if side.value is None]:
        return tuple(lost)
    if any(side.sample.averaged and 0 < (side.value or 0) < 1 for side in sides):
        text = "the log has only the mean over the problem's samples, not which of them passed"
        return (Reason(Cause.UNKNOWN, None, text), *_answers_differ(first, second))
    if any(side.deviates is None for side in sides):
        return _from_logs(first, second)
    deviating = [_deviation(number, side) for number, side in enumerate(sides) if side.deviates]
    if len(deviating) == 1:
        return tuple(deviating)
    return (*_answers_differ(first, second), *deviating)


def _lost(number: int, side: Side) -> Reason:
    about = side.sample.message.strip().splitlines()
    why = f": {about[-1]}" if about else ""
    return Reason(Cause.HARNESS, number, f"{side.harness} has no verdict{why}")


def _deviation(number: int, side: Side) -> Reason:
    """Why a log's verdict is not the one that its answer gets here."""
    here, code = side.here, side.code
    assert here is not None
    if code is not None and _judged(code) and code.passed != here.passed:
        return Reason(Cause.EXTRACTION, number, _extraction(side, here, code))
    return _timeout(number, side, here) or Reason(Cause.VERDICT, number, _verdict(side, here))


def _extraction(side: Side, here: Verdict, code: Verdict) -> str:
    return (
        f"{side.harness} ran other code than its answer means; judged here, what it ran: {_words(code)}, "
        f"what the answer means: {_words(here)}"
    )


def _timeout(number: int, side: Side, here: Verdict) -> Reason | None:
    took = f"{max(here.wall_seconds, here.cpu_seconds):.1f} s"
    if here.status is Status.TIMEOUT:
        text = f"{side.harness} counts it as passed, but it exceeds the time limit here ({took})"
        return Reason(Cause.TIMEOUT, number, text)
    if side.sample.outcome is Outcome.TIMEOUT:
        return Reason(Cause.TIMEOUT, number, f"{side.harness} stopped it; it passes here in {took}")
    if here.passed and 0 < side.seconds <= max(here.wall_seconds, here.cpu_seconds):
        text = f"it passes here in {took}, but {side.harness} stops a program after {side.seconds:g} s"
        return Reason(Cause.TIMEOUT, number, text)
    return None


def _verdict(side: Side, here: Verdict) -> str:
    said = "passed" if side.passed else "failed"
    about = side.sample.message.strip().splitlines()
    why = f" ({about[-1][:120]})" if about and not side.passed else ""
    return f"{side.harness} counts the same program as {said}{why}; judged here: {_words(here)}"


def _words(verdict: Verdict) -> str:
    return verdict.status.replace("_", " ")


def _answers_differ(first: Side, second: Side) -> tuple[Reason, ...]:
    """Why the answers differ, where they do."""
    a, b = first.sample, second.sample
    if a.prompt is not None and b.prompt is not None and squeezed(a.prompt) != squeezed(b.prompt):
        return (
            Reason(Cause.PROMPT, None, "the prompts differ, and the answers: " + _first_difference(a, b)),
        )
    unknown = "" if a.prompt is not None and b.prompt is not None else "; a log does not have the prompt"
    return (Reason(Cause.SAMPLING, None, f"the answers differ{_settings(a, b)}{unknown}"),)


def squeezed(text: str) -> str:
    """Without differences that no model sees: spaces at the ends of lines, empty lines at both ends."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _first_difference(a: LogSample, b: LogSample) -> str:
    lines = [squeezed(each.prompt or "").split("\n") for each in (a, b)]
    pairs = zip(*lines, strict=False)
    at = next((number for number, (one, other) in enumerate(pairs) if one != other), min(map(len, lines)))
    one, other = (each[at][:60] if at < len(each) else "(nothing)" for each in lines)
    return f"line {at + 1} is {one!r} and {other!r}"


def _settings(a: LogSample, b: LogSample) -> str:
    """`` (cut at the length limit in the second; temperature 0 and 0.8)``; empty if nothing is known."""
    notes = [
        f"{'the first' if side == 0 else 'the second'} was cut at its length limit"
        for side, each in enumerate((a, b))
        if each.finish_reason in ("length", "max_tokens", "model_length", "max_output_tokens")
    ]
    names = sorted({*a.settings} & {*b.settings})
    notes += [
        f"{name} {a.settings[name]} and {b.settings[name]}"
        for name in names
        if a.settings[name] != b.settings[name]
    ]
    return f" ({'; '.join(notes)})" if notes else ""


def _from_logs(first: Side, second: Side) -> tuple[Reason, ...]:
    """What the logs alone say, where at least one answer could not be judged here."""
    a, b = first.sample, second.sample
    sides = (first, second)
    answers = (a.answer, b.answer) if None not in (a.answer, b.answer) else (a.code, b.code)
    if None not in answers and squeezed(str(answers[0])) != squeezed(str(answers[1])):
        differ = _answers_differ(first, second)
        return tuple(replace(each, text=f"{each.text} (not judged here)") for each in differ)
    if None in answers:
        return (Reason(Cause.UNKNOWN, None, "a log does not have the answer, and it was not judged here"),)
    for number, side in enumerate(sides):
        if side.sample.outcome is Outcome.TIMEOUT:
            text = f"{side.harness} stopped it; the answers are the same (not judged here)"
            return (Reason(Cause.TIMEOUT, number, text),)
    if None not in (a.code, b.code) and squeezed(str(a.code)) != squeezed(str(b.code)):
        text = (
            "the answers are the same, but not the code that the harnesses took from them (not judged here)"
        )
        return (Reason(Cause.EXTRACTION, None, text),)
    return (Reason(Cause.VERDICT, None, "the answers are the same, the verdicts are not (not judged here)"),)
