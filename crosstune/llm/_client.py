"""The one way to ask a server: many questions in, their answers out, nothing asked twice."""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crosstune.errors import CrosstuneError
from crosstune.llm._attempt import Caller, check_ready
from crosstune.llm._budget import Budget
from crosstune.llm._exchange import FailedRequest, Request, Response, Usage, request_key
from crosstune.llm._journal import Journal
from crosstune.llm._round import Asked, Round
from crosstune.llm._settings import Endpoint, Server
from crosstune.records import Progress


class Client:
    """Asks one model on one server. Use as a context manager.

    ``options`` go into each request's body as they are (and into its key). ``folder`` holds the
    journal: what is in it is not asked again, what it cost counts against the budget. Without one
    nothing outlives the client.
    """

    def __init__(
        self,
        server: Server,
        model: str,
        *,
        endpoint: Endpoint = "chat",
        options: Mapping[str, Any] | None = None,
        folder: Path | None = None,
    ) -> None:
        """
        Raises:
            MissingExtra: the `openai` package is not installed.
            ServiceError: the environment variable that should hold the key is not set.
            CorruptArtifact: a line in the journal is not one of ours.
        """
        self._server, self._model, self._endpoint, self._options = (
            server,
            model,
            endpoint,
            dict(options or {}),
        )
        check_ready(server)
        self._journal = Journal(folder) if folder else None
        self._settled: dict[str, Response | FailedRequest] = self._journal.settled if self._journal else {}
        self._used = self._journal.used if self._journal else Usage()

    @property
    def used(self) -> Usage:
        """All tokens that the folder of answers knows of, those of faulty attempts too."""
        return self._used

    @property
    def report(self) -> str:
        """What was used and spent, in words."""
        return Budget(self._server, self._used).report()

    def key(self, request: Request) -> str:
        return request_key(self._model, self._endpoint, self._options, request)

    def ask(self, requests: Sequence[Request], progress: Progress) -> list[Response | FailedRequest]:
        """What came of each request, in their order. Raises as `stream` does."""
        found: dict[int, Response | FailedRequest] = {}
        for index, outcome in self.stream(requests):
            found[index] = outcome
            progress(len(found), len(requests))
        return [found[index] for index in range(len(requests))]

    def stream(
        self, requests: Sequence[Request]
    ) -> Generator[tuple[int, Response | FailedRequest], None, None]:
        """Each request's place with what came of it: first what is known, the others as they come.

        Equal requests are asked once. Closing the iterator stops what is on its way.

        Raises:
            Incomplete: the budget is spent or an answer could not be kept; says how to go on.
            ServiceError: the server is down or refuses everything; says how to go on.
        """
        places: dict[str, list[int]] = {}
        for index, request in enumerate(requests):
            places.setdefault(self.key(request), []).append(index)
        wanted = [(key, requests[indices[0]]) for key, indices in places.items() if key not in self._settled]
        for key, indices in places.items():
            if key in self._settled:
                yield from ((index, self._settled[key]) for index in indices)
        if not wanted:
            return
        try:
            for outcome in self._asked(wanted):
                yield from ((index, outcome) for index in places[outcome.key])
        except CrosstuneError as error:
            answered = sum(key in self._settled for key in places)
            raise type(error)(f"{error}. {self._how_to_go_on(answered, len(places))}") from None

    def _how_to_go_on(self, answered: int, total: int) -> str:
        if not self._journal:
            return f"{answered} of {total} questions were answered"
        return (
            f"{answered} of {total} questions are answered and kept in {self._journal.folder}. "
            "Mend the cause (for a budget: raise it) and run again: what is answered is not asked again"
        )

    def _asked(self, wanted: Sequence[Asked]) -> Iterator[Response | FailedRequest]:
        """Runs a `Round` in a thread of its own, so that it works inside a running event loop too."""
        told: queue.SimpleQueue[Response | FailedRequest | None] = queue.SimpleQueue()
        started: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None] = (
            queue.SimpleQueue()
        )

        async def main() -> None:
            task = asyncio.current_task()
            assert task is not None
            started.put((asyncio.get_running_loop(), task))
            caller = Caller(self._server, self._model, self._endpoint, self._options)
            budget = Budget(self._server, self._used)
            try:
                await Round(self._server, caller, budget, self._journal, told.put).run(wanted)
            finally:
                self._used = budget.used

        with ThreadPoolExecutor(1, "asking") as pool:
            future = pool.submit(lambda: asyncio.run(main()))
            future.add_done_callback(lambda _: started.put(None))
            future.add_done_callback(lambda _: told.put(None))
            running = started.get()
            try:
                while (outcome := told.get()) is not None:
                    if not self._journal and (isinstance(outcome, Response) or outcome.final):
                        self._settled[outcome.key] = outcome
                    yield outcome
                future.result()
            finally:
                if running and not future.done():
                    with contextlib.suppress(RuntimeError):  # it ended between the two lines
                        running[0].call_soon_threadsafe(running[1].cancel)

    def close(self) -> None:
        if self._journal:
            self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
