"""Send many requests to a server and collect their results; an answered request is not sent again."""

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
from crosstune.llm._batch import Batch, KeyedRequest
from crosstune.llm._budget import Budget
from crosstune.llm._journal import Journal
from crosstune.llm._records import FailedRequest, Request, Response, Result, Usage, request_key
from crosstune.llm._settings import Endpoint, Server
from crosstune.llm._transport import Transport, check_ready
from crosstune.records import Progress


class Client:
    """A client for one model on one server. Use as a context manager.

    ``options`` are added unchanged to each request's body, and to its key. ``folder`` contains the journal: a
    request with a stored result is not sent again, and its cost counts towards the budget. Without a folder,
    results are kept only in memory.
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
            ServiceError: the environment variable for the API key is not set.
        """
        self._server, self._model, self._endpoint = server, model, endpoint
        self._options = dict(options or {})
        check_ready(server)
        self._journal = Journal(folder) if folder else None
        self._settled: dict[str, Result] = self._journal.settled if self._journal else {}
        self._used = self._journal.used if self._journal else Usage()
        self.last_failure = ""
        """The kind and the server's message of the last failed request; empty if none has failed."""

    @property
    def used(self) -> Usage:
        """All tokens recorded in the folder, including those of failed attempts."""
        return self._used

    @property
    def report(self) -> str:
        """Tokens used and money spent, as text."""
        return Budget(self._server, self._used).report()

    def key(self, request: Request) -> str:
        return request_key(self._model, self._endpoint, self._options, request)

    def ask(self, requests: Sequence[Request], progress: Progress) -> list[Result]:
        """The result of each request, in their order. Raises as `stream` does."""
        results: dict[int, Result] = {}
        for index, result in self.stream(requests):
            results[index] = result
            progress(len(results), len(requests))
        return [results[index] for index in range(len(requests))]

    def stream(self, requests: Sequence[Request]) -> Generator[tuple[int, Result], None, None]:
        """Yield each request's index with its result: stored results first, new ones as they arrive.

        Equal requests are sent once. Closing the iterator cancels the requests in flight.

        Raises:
            Incomplete: the budget is spent or a result could not be stored; the message says how to continue.
            ServiceError: the server is down or refuses every request; the message says how to continue.
        """
        indices: dict[str, list[int]] = {}
        for index, request in enumerate(requests):
            indices.setdefault(self.key(request), []).append(index)
        unsettled = [(key, requests[each[0]]) for key, each in indices.items() if key not in self._settled]
        for key, each in indices.items():
            if key in self._settled:
                self._note(self._settled[key])
                yield from ((index, self._settled[key]) for index in each)
        if not unsettled:
            return
        try:
            for result in self._send(unsettled):
                self._note(result)
                yield from ((index, result) for index in indices[result.key])
        except CrosstuneError as error:
            answered = sum(key in self._settled for key in indices)
            raise type(error)(f"{error}. {self._how_to_continue(answered, len(indices))}") from None

    def _note(self, result: Result) -> None:
        if isinstance(result, FailedRequest):
            self.last_failure = f"{result.kind}: {result.detail}"

    def _how_to_continue(self, answered: int, total: int) -> str:
        if not self._journal:
            return f"{answered} of {total} requests were answered"
        return (
            f"{answered} of {total} requests are answered and stored in {self._journal.folder}. "
            "Remove the cause (raise the budget if it is spent) and run again: only the rest is requested"
        )

    def _send(self, requests: Sequence[KeyedRequest]) -> Iterator[Result]:
        """Run a `Batch` in its own thread, because the caller may be inside a running event loop."""
        results: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        started: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None] = (
            queue.SimpleQueue()
        )

        async def main() -> None:
            task = asyncio.current_task()
            assert task is not None
            started.put((asyncio.get_running_loop(), task))
            transport = Transport(self._server, self._model, self._endpoint, self._options)
            budget = Budget(self._server, self._used)
            try:
                await Batch(self._server, transport, budget, self._journal, results.put).run(requests)
            finally:
                self._used = budget.used

        with ThreadPoolExecutor(1, "llm-client") as pool:
            future = pool.submit(lambda: asyncio.run(main()))
            future.add_done_callback(lambda _: started.put(None))
            future.add_done_callback(lambda _: results.put(None))
            running = started.get()
            try:
                while (result := results.get()) is not None:
                    if not self._journal and (isinstance(result, Response) or result.final):
                        self._settled[result.key] = result
                    yield result
                future.result()
            finally:
                if running and not future.done():
                    with contextlib.suppress(RuntimeError):  # the loop has just been closed
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
