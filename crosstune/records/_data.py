"""What is learned, asked, answered and scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosstune.records._judging import CallCase, Case, Comparison, Limits, Status

Progress = Callable[[int, int], None]
"""Progress callback ``(done, total)``; the total is 0 while it is unknown."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A change of a single file in a repository's history.

    ``time`` is when it was committed, in seconds since 1970. ``old`` and ``new`` are the ``piece`` of the
    file that is kept (file, definition or hunk), which begins at lines ``old_line`` and ``new_line``,
    counted from 1. ``body`` is the part of the instruction that follows the subject.
    """

    repository: str
    commit: str
    subject: str
    message: str
    path: str
    old: str
    new: str
    old_blob: str
    new_blob: str
    language: str
    licence: str
    time: int = 0
    body: str = ""
    piece: str = "file"
    old_line: int = 1
    new_line: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Example:
    """One training example.

    ``prompt`` has no template yet; it is empty for raw text, all of which is learned. ``language`` is the
    name of a programming language, or empty for prose. ``system`` is the system prompt, and ``history`` the
    conversation before ``prompt``; both are context that is not learned, and mostly empty.
    """

    id: str
    prompt: str
    completion: str
    language: str
    task: str
    source: str
    provenance: Mapping[str, str] = field(default_factory=dict)
    system: str = ""
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One benchmark problem in one language, and what is needed to judge an answer.

    ``instruction`` has no template yet. ``declaration`` is the beginning of the answer, which the model is
    given. ``canonical`` and ``buggy`` are complete candidates (declaration and body), empty if the
    benchmark has none. ``setup`` is put before the candidate. ``given_code`` is all code that the benchmark
    gives (imports, types, helpers, the signature of what is asked for); unlike ``declaration`` it is the same
    for all tasks. ``tested`` is the name that the tests call, if it is not ``entry_point``. ``cases``
    judge an answer instead of ``tests``, where there are some. ``comparison``, ``limits`` and ``standard``:
    see `Program`. ``stops`` end the continuation of ``declaration``, instead of the language's own.
    ``defect`` is a known error in the benchmark's own data, or empty.
    """

    id: str
    benchmark: str
    task: str
    language: str
    instruction: str
    declaration: str
    entry_point: str
    tests: str
    setup: str = ""
    canonical: str = ""
    buggy: str = ""
    defect: str = ""
    standard: str = ""
    given_code: str = ""
    tested: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[Case | CallCase, ...] = ()
    comparison: Comparison = field(default_factory=Comparison)
    limits: Limits | None = None
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer to one problem. ``text`` is raw: nothing has been extracted yet.

    ``finish_reason`` is ``stop``, ``length`` (cut at the limit), ``error`` (there is no answer: never
    judged), ``content_filter`` (withheld by the service), or another word of the server. ``reasoning`` is
    what the model wrote before its answer.
    """

    problem: str
    benchmark: str
    language: str
    task: str
    sample: int
    prompt: str
    text: str
    finish_reason: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class EvaluatedSample:
    """One completion and its verdict, with everything that a report shows of it.

    ``isolation``: see `Verdict`. ``finish_reason``: see `Completion`; empty if it is not known. ``repeats``:
    the candidate has the body that was to be repaired, unchanged.
    """

    model: str
    seed: int
    benchmark: str
    language: str
    task: str
    problem: str
    sample: int
    prompt: str
    text: str
    candidate: str
    status: Status
    stage: str
    stdout: str
    stderr: str
    cpu_seconds: float
    defect: str = ""
    isolation: str = ""
    finish_reason: str = ""
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of a step: ``what`` it is, whether it is ``met``, and ``how`` to meet it."""

    what: str
    met: bool
    how: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """pass@1 of one model on one benchmark, language and task with one seed.

    Of ``n`` problems ``passed`` were solved (the mean over samples, so it may be fractional).
    ``pass_at_1``, ``low`` and ``high`` (95 %) are fractions of 1. ``statuses`` counts verdicts. ``judged``
    of the ``asked`` programs have a verdict; the others, and the ``unjudged`` problems without any, are not
    in ``n``, since the judge failed on them. Problems with ``defects`` (known errors in the benchmark's own
    data) are in ``n``, as in published rates; ``pass_at_1_sound`` is the rate without them, None if there
    are none or no other problems. Of the ``judged`` programs, ``separate`` had their tests in a process of
    their own. ``cut`` answers were cut at the length limit, ``repeated`` ones have the body that was to be
    repaired.
    """

    model: str
    benchmark: str
    language: str
    task: str
    seed: int
    n: int
    samples: int
    passed: float
    pass_at_1: float
    low: float
    high: float
    statuses: Mapping[str, int] = field(default_factory=dict)
    unjudged: int = 0
    defects: int = 0
    judged: int = 0
    asked: int = 0
    pass_at_1_sound: float | None = None
    separate: int = 0
    cut: int = 0
    repeated: int = 0
