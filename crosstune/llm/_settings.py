"""How a server is reached and what it may cost; nothing here changes what is asked."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import pydantic

from crosstune.settings import EnvText, InputPath, Settings

MILLION = 1_000_000
Endpoint = Literal["chat", "completions"]
"""``chat`` asks ``/chat/completions`` with messages, ``completions`` asks ``/completions`` with text."""


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            f"{url!r} is not the address of a server; expected http(s)://HOST[:PORT]/…, up to and with "
            "its version, as in http://localhost:8000/v1"
        )
    if parts.username or parts.password or parts.query:
        raise ValueError("the address must hold no password and no query; name the key with key_variable")
    return url.rstrip("/")


class Prices(Settings):
    """What a server takes, in any one currency."""

    input: float = pydantic.Field(ge=0, allow_inf_nan=False)
    """Price of a million prompt tokens."""
    output: float = pydantic.Field(ge=0, allow_inf_nan=False)
    """Price of a million answer tokens."""

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        return (prompt_tokens * self.input + completion_tokens * self.output) / MILLION


class Server(Settings):
    """An OpenAI-compatible server.

    Whoever holds one in its own settings leaves it out of a step's key (``Field(exclude=True)``):
    the same model behind another address, with another budget, gives the same step.
    """

    url: Annotated[EnvText, pydantic.AfterValidator(_address)]
    """Its address up to and with the version, such as http://localhost:8000/v1."""
    key_variable: str = ""
    """Name of the environment variable that holds the key; empty where the server asks for none."""
    concurrency: int = pydantic.Field(16, ge=1, le=1024)
    """Questions on their way at one time."""
    timeout_seconds: float = pydantic.Field(180, gt=0)
    """Wall seconds one attempt may take, from sending to the answer's last byte."""
    attempts: int = pydantic.Field(6, ge=1)
    """How often one question is asked at most, when the fault may pass."""
    first_wait_seconds: float = pydantic.Field(1, ge=0)
    """Wait before the second attempt; each later one doubles it."""
    longest_wait_seconds: float = pydantic.Field(120, ge=0)
    """Longest wait between attempts. A server that asks for a longer one is not asked again now."""
    limit_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the server calls the most tokens an answer may have."""
    prices: Prices | None = None
    """What tokens cost; without it cost is not counted."""
    budget: float | None = pydantic.Field(None, ge=0, allow_inf_nan=False)
    """The most that all answers kept in one folder may cost, over all runs, in the prices' currency."""
    keep: InputPath | None = None
    """A folder in which answers outlive the step, for other steps and studies to use; without it they
    are kept in the step's own work folder, which goes when the step is finished."""

    @pydantic.model_validator(mode="after")
    def _budget_needs_prices(self) -> Self:
        if self.budget is not None and self.prices is None:
            raise ValueError("a budget needs prices: {input: …, output: …} per million tokens")
        return self
