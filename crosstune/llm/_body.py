"""The body of a request, and the most tokens that it can cost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from crosstune.llm._content import unicode
from crosstune.llm._records import Request, Usage
from crosstune.llm._settings import Endpoint

TEMPLATE_TOKENS = 64
"""The tokens that a server's chat template usually adds to a prompt, at most."""
LIMITS = (
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "max_new_tokens",
    "n_predict",
    "num_predict",
)
"""Servers' names for the maximum number of completion tokens."""
COUNTS = ("n", "best_of", "num_return_sequences", "candidate_count")
"""Servers' names for the number of answers to one request."""
_MORE_TOKENS = re.compile(r"budget|tokens|^n_predict$|^num_predict$", re.IGNORECASE)
_NO_MORE_TOKENS = re.compile(r"^min|logprobs|prompt", re.IGNORECASE)


def request_body(
    request: Request, model: str, endpoint: Endpoint, limit_field: str, options: Mapping[str, Any]
) -> dict[str, Any]:
    """All fields. ``options`` are added or replace others; those that are None are left out."""
    body: dict[str, Any] = {"model": model}
    if endpoint == "chat":
        body["messages"] = _messages(request)
    else:
        body["prompt"] = unicode(request.prompt)
    body |= {"temperature": request.temperature, "top_p": request.top_p}
    if request.stops:
        body["stop"] = list(request.stops)
    if request.seed is not None:
        body["seed"] = request.seed
    body |= {limit_field: request.max_tokens, **options}
    return {name: value for name, value in body.items() if value is not None}


def _messages(request: Request) -> list[dict[str, str]]:
    turns = [("system", request.system), ("user", request.prompt), ("assistant", request.opening)]
    return [{"role": role, "content": unicode(text)} for role, text in turns if text or role == "user"]


def is_limited(body: Mapping[str, Any]) -> bool:
    """Whether the body limits the tokens of an answer; some servers take 0 and -1 as no limit."""
    limits = [_number(body[name]) for name in LIMITS if name in body]
    return bool(limits) and all(limit is not None and limit > 0 for limit in limits)


def max_usage(body: Mapping[str, Any]) -> Usage:
    """The most tokens that one attempt can use: a token is at least one byte long."""
    limit = max(_number(body.get(name)) or 0 for name in LIMITS)
    answers = max(1, *(_number(body.get(name)) or 1 for name in COUNTS))
    completion = answers * (limit + sum(_further_tokens(body)))
    return Usage(_prompt_bytes(body) + TEMPLATE_TOKENS, completion, estimated=True)


def _prompt_bytes(body: Mapping[str, Any]) -> int:
    """The bytes of all text in the body that the model may be given, also of tools and the like."""
    given = {"model", "temperature", "top_p", "stop", "seed", *LIMITS, *COUNTS}
    return sum(_text_bytes(value) for name, value in body.items() if name not in given)


def _text_bytes(value: Any) -> int:
    if isinstance(value, list) and all(isinstance(each, dict) and "content" in each for each in value):
        return sum(_text_bytes(each["content"]) for each in value)  # messages
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, list | Mapping):
        return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return 0


def _further_tokens(value: Any, depth: int = 0) -> Iterator[int]:
    """Budgets that may come on top of the limit, as of reasoning: ``{"reasoning": {"max_tokens": 2000}}``."""
    if not isinstance(value, Mapping):
        return
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from _further_tokens(each, depth + 1)
        elif (depth or name not in LIMITS) and _MORE_TOKENS.search(name) and not _NO_MORE_TOKENS.search(name):
            yield max(0, _number(each) or 0)


def _number(value: Any) -> int | None:
    """A whole number, also as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None
