"""Watches what a candidate does to tests that share its process: running them itself, and trying in a fork.

The sandbox loads this file by its path, as it loads `_runner`. A candidate that calls a test, or forks and
goes on in both processes, could learn from what follows which answers are right. So a failed assertion is
final in a test that the candidate has called, and a forked process ends where it would go back to the tests.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, NoReturn

# As they were before a candidate could replace them.
_frame, _set_profile, _thread = sys._getframe, sys.setprofile, threading.get_ident  # noqa: SLF001


def private_codes(code: CodeType, names: frozenset[str]) -> frozenset[int]:
    """The identities of the functions ``names`` of a module, and of methods of its classes."""
    outer = [each for each in code.co_consts if isinstance(each, CodeType)]
    inner = [each for kind in outer for each in kind.co_consts if isinstance(each, CodeType)]
    return frozenset(id(each) for each in (*outer, *inner) if each.co_name in names)


def failed_with(
    codes: frozenset[int], private: frozenset[int], space: dict[str, Any], stop: Callable[[], object]
) -> Callable[[], bool]:
    """A function to call when an assertion of the tests has failed, which returns False. It calls ``stop`` if
    it was in a function of ``private`` that the candidate, and not the tests, has called."""
    identity, frame_of = id, _frame

    def failed() -> bool:
        frame: FrameType | None = frame_of(1)
        called = 0
        while frame is not None and identity(frame.f_code) in codes:
            called, frame = identity(frame.f_code), frame.f_back
        if called in private and frame is not None and _is_candidates(frame.f_globals):
            stop()
        return False

    def _is_candidates(names: dict[str, Any]) -> bool:
        return names is space or "__spec__" not in names  # other modules run tests, too

    return failed


def in_forks(codes: frozenset[int], tests_fork: bool, leave: Callable[[int], NoReturn]) -> Callable[[], None]:
    """A function to call in each forked process: it will ``leave`` when it comes back to the tests with these
    ``codes``, or to the end of the candidate. ``tests_fork``: the tests themselves may fork."""
    main, identity, frame_of, thread, set_profile, new = _thread(), id, _frame, _thread, _set_profile, set

    def in_child() -> None:
        frame: FrameType | None = frame_of(1)
        if frame is None or identity(frame.f_code) in codes:
            return None if tests_fork else leave(1)
        waiting, last = new(), frame
        while frame is not None:
            if identity(frame.f_code) in codes:
                waiting.add(frame)
            last, frame = frame, frame.f_back
        outermost = last if thread() == main else None

        def event(current: FrameType, what: str, _argument: Any) -> None:
            returns = what == "return" and (current.f_back in waiting or current is outermost)
            if returns or current in waiting:
                leave(1)

        set_profile(event)
        return None

    return in_child
