"""Settings for reaching a server and limiting its cost. They do not change the content of a request."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import pydantic

from crosstune.settings import EnvText, InputPath, Settings

MILLION = 1_000_000
Endpoint = Literal["chat", "completions"]
"""``chat`` sends messages to ``/chat/completions``, ``completions`` sends text to ``/completions``."""


def _server_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            f"{url!r} is not a server's URL; expected http(s)://HOST[:PORT]/… including the API version, "
            "for example http://localhost:8000/v1"
        )
    if parts.username or parts.password or parts.query:
        raise ValueError("the URL must not contain a password or a query; name the key with key_variable")
    return url.rstrip("/")


class Prices(Settings):
    """A server's prices, in any one currency."""

    input: float = pydantic.Field(ge=0, allow_inf_nan=False)
    """Price of a million prompt tokens."""
    output: float = pydantic.Field(ge=0, allow_inf_nan=False)
    """Price of a million completion tokens."""

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        return (prompt_tokens * self.input + completion_tokens * self.output) / MILLION


class Server(Settings):
    """An OpenAI-compatible server.

    Settings that contain a `Server` exclude it from a step's key (``Field(exclude=True)``): the same
    model at another URL or with another budget gives the same step.
    """

    url: Annotated[EnvText, pydantic.AfterValidator(_server_url)]
    """The API's base URL including its version, such as http://localhost:8000/v1."""
    key_variable: str = ""
    """Name of the environment variable that contains the API key; empty if the server needs none."""
    concurrency: int = pydantic.Field(16, ge=1, le=1024)
    """Maximum number of requests in flight."""
    timeout_seconds: float = pydantic.Field(180, gt=0)
    """Wall time of one attempt, from sending the request to the last byte of the response."""
    attempts: int = pydantic.Field(6, ge=1)
    """Maximum number of attempts at one request after temporary errors."""
    first_wait_seconds: float = pydantic.Field(1, ge=0)
    """Wait before the second attempt; it doubles with each further attempt."""
    longest_wait_seconds: float = pydantic.Field(120, ge=0)
    """Longest wait between attempts. If the server asks for a longer wait, the request fails in this run."""
    limit_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """The server's name for the maximum number of completion tokens."""
    prices: Prices | None = None
    """Prices of tokens; without them cost is not counted."""
    budget: float | None = pydantic.Field(None, ge=0, allow_inf_nan=False)
    """Maximum cost of all responses stored in one folder, over all runs, in the prices' currency."""
    keep: InputPath | None = None
    """A folder that keeps responses for other steps and studies. Without it they are stored in the step's
    work folder, which is deleted when the step is finished."""

    @pydantic.model_validator(mode="after")
    def _budget_needs_prices(self) -> Self:
        if self.budget is not None and self.prices is None:
            raise ValueError("a budget needs prices: {input: …, output: …} per million tokens")
        return self
