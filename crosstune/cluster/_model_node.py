"""What runs on each node that answers: an open session of a back end, for many shares of the requests."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune import hardware
from crosstune.errors import CrosstuneError, PrerequisiteError
from crosstune.files import file_digest, text_digest
from crosstune.generation import BackEnd, Decoding, GeneratedAnswer, ProtectsText, Request, Session
from crosstune.settings import Settings

_WHOLE_BYTES = 1 << 20
"""Model files up to this size are compared by their contents, larger ones by their names and sizes."""


@dataclass(frozen=True)
class Opened:
    """What a node says about the session that it has opened; ``model`` identifies the model's files."""

    model: str
    description: Mapping[str, Any]
    protect: Callable[[str], str] | None
    """See `generation.ProtectsText`."""


@dataclass
class Answered:
    """The answers to a share of the requests, and why there are not more of them."""

    answers: list[GeneratedAnswer | None]
    error: CrosstuneError | None = None
    """It concerns the node as a whole."""


@dataclass
class NodeModel:
    """The back end's session on one node, or a connection to the server that it names."""

    back_end: BackEnd
    model: str
    decoding: Decoding
    options: Settings
    _held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _session: Session | None = None

    def open(self) -> Opened | CrosstuneError:
        """Load the model. An error is returned, since it concerns this node and not the others."""
        try:
            self._check()
            session = self._held.enter_context(self.back_end.open(self.model, self.decoding, self.options))
        except CrosstuneError as error:
            return error
        self._session = session
        describe = self.back_end.describe
        return Opened(
            model_mark(self.model),
            dict(describe(session)) if describe else {},
            session.protect if isinstance(session, ProtectsText) else None,
        )

    def _check(self) -> None:
        """
        Raises:
            PrerequisiteError: the back end needs something that this node does not have.
        """
        missing = [each for each in self.back_end.requirements(self.model, self.options) if not each.met]
        if missing:
            raise PrerequisiteError("; ".join(f"{each.what} is missing: {each.how}" for each in missing))

    def answer(self, requests: Sequence[Request]) -> Answered:
        """The answers to these requests, in their order."""
        assert self._session is not None, "opened before"
        result = Answered([None] * len(requests))
        try:
            for position, answer in filter(None, self._session.answers(requests, frozenset())):
                result.answers[position] = answer
        except CrosstuneError as error:
            result.error = error
        return result


def gpus_of_one(back_end: BackEnd, options: Settings) -> int:
    """How many of this node's GPUs one session occupies."""
    os.environ.pop("CUDA_VISIBLE_DEVICES", None)  # Ray hides them from what has not reserved any
    return min(back_end.gpus(options)[0], max(1, len(hardware.gpus())))


def model_mark(model: str) -> str:
    """A digest that differs between folders with different models; empty for a name."""
    path = Path(model)
    if not path.exists():
        return ""
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return text_digest("\n".join(f"{each.name} {_content(each)}" for each in files))


def _content(file: Path) -> str:
    size = file.stat().st_size
    return file_digest(file) if size <= _WHOLE_BYTES else f"{size} bytes"
