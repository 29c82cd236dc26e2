"""Why a server refuses a request, from the text of its error: what to do depends on it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

from crosstune.llm._body import LIMITS

_CONTEXT_CODES = {
    "context_length_exceeded",
    "exceed_context_size_error",
    "string_above_max_length",
    "model_max_prompt_tokens_exceeded",
    "input_too_long",
}
_CONTEXT = re.compile(
    r"context[ _-]?(?:length|window|size|limit)"
    r"|max(?:imum)?[ _](?:context|sequence|model|input|prompt)[ _]len"
    r"|max_model_len|max_seq_len|max_num_tokens|maximum (?:number of )?(?:input|prompt) tokens"
    r"|too many (?:input |prompt )?tokens"
    r"|(?:prompt|input|request|messages?|text)(?: \S+){0,4} (?:is|are|was) too (?:long|large)|too long for"
    r"|exceed\w* (?:\S+ ){0,4}(?:context|(?:number of )?input tokens)|input token count"
    r"|longer than the (?:\S+ )?(?:model|maximum|context)|reduce the length"
    r"|`inputs` tokens \+ `max_new_tokens`|n_ctx\b|range of input length",
    re.IGNORECASE,
)
_FILTER_CODES = {
    "content_filter",
    "content_policy_violation",
    "data_inspection_failed",
    "moderation_blocked",
    "responsibleaipolicyviolation",
}
_FILTER = re.compile(
    r"content management policy|content[ _]policy violation|violat\w* (?:\S+ ){0,3}polic|data_inspection"
    r"|(?:input|prompt|content|request) (?:was|is|has been) (?:flagged|filtered|blocked)"
    r"|inappropriate content|(?:rejected|blocked) (?:\S+ ){0,3}safety",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"api[ _-]?key (?:is |was )?(?:not valid|invalid|expired|incorrect|missing|required)"
    r"|(?:invalid|incorrect|expired|missing|no) (?:x-)?api[ _-]?key|unauthenticated|not authenticated",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"credit balance|insufficient (?:\S+ )?(?:credits?|balance|funds|quota)|out of credits?|billing"
    r"|payment required",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"not a valid model|(?:unknown|invalid) model\b|no such model|model_not_found"
    r"|model ['\"`]?\S+ (?:was |is |could )?(?:not (?:be )?found|not exist|does ?n[o']t exist)",
    re.IGNORECASE,
)
_STREAM_ONLY = re.compile(
    r"(?:only|must|require\w*|need\w*)\b.{0,60}\bstream|stream\w*\b.{0,60}\b(?:only|must|required?|enable)\b"
    r"|non-?stream\w*\b.{0,60}\bnot|not\b.{0,60}\bnon-?stream|not\b.{0,40}\bwithout stream"
    r"|(?:enable|set)\b.{0,30}\bstream|non-streaming calls",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"unsupported|not (?:be )?(?:support|allow|permit|recogni|available|compatible|accept|a valid)|unknown|"
    r"unrecogni|unexpected|invalid|extra|only the default|cannot|can't|must be|does ?n[o']t|deprecated|"
    r"incompatible|too large|at most|no longer|out of range|should be|less than|greater than",
    re.IGNORECASE,
)


def is_context_overflow(message: str, code: str) -> bool:
    """Whether the prompt, or the prompt with its answer, does not fit into the model's context."""
    return code.casefold() in _CONTEXT_CODES or bool(_CONTEXT.search(message))


def is_filtered(message: str, code: str) -> bool:
    """Whether the service withholds an answer because of its content, or that of the prompt."""
    return code.casefold() in _FILTER_CODES or bool(_FILTER.search(message))


def refused_access(message: str, code: str) -> Literal["", "key", "credit", "model"]:
    """What the server misses, so that it accepts no request at all, whatever its status: Google answers a
    wrong key with 400, Anthropic an account without credit, OpenRouter an unknown model."""
    for name, pattern in _ACCESS:
        if pattern.search(message) or pattern.search(code):
            return name
    return ""


_ACCESS: tuple[tuple[Literal["key", "credit", "model"], re.Pattern[str]], ...] = (
    ("key", _KEY),
    ("credit", _CREDIT),
    ("model", _MODEL),
)


def wants_stream(message: str) -> bool:
    """Whether the server answers only in a stream."""
    return bool(_STREAM_ONLY.search(message))


def refused_field(message: str, parameter: str, fields: Collection[str]) -> str:
    """The field of the body that the server does not accept in any request; empty if it is not that."""
    if parameter:
        names = [name for name in re.split(r"[^\w]+", parameter) if name in fields]
        if names:
            return names[-1]
    if not _DENIES.search(message):
        return ""
    named = {name: at for name in fields if (at := _position(name, message)) >= 0}
    return min(named, key=lambda name: named[name], default="")


def _position(name: str, message: str) -> int:
    """Where ``name`` is named as a field: in quotes, or as a word that only a field can be."""
    word = re.escape(name)
    pattern = rf"['\"`\u2018\u201c]{word}['\"`\u2019\u201d]"
    if "_" in name or name == "temperature":
        pattern += rf"|\b{word}\b"
    found = re.search(pattern, message, re.IGNORECASE)
    return found.start() if found else -1


def how_to_leave_out(field: str, message: str, options: Mapping[str, object]) -> str:
    """What to change in the settings so that the server accepts requests."""
    if field in options and options[field] is not None:
        return f"Correct or remove {field!r} in the options of the model's settings"
    if field in LIMITS:
        other = next((name for name in ("max_completion_tokens", "max_tokens") if name != field), "")
        if other in message:
            return f"Set the server's limit_field to {other}"
        return f"Lower the limit of tokens, or set the server's limit_field to another name than {field}"
    if {"temperature", "top_p"} <= {name for name in ("temperature", "top_p") if name in message}:
        field = "top_p"
    return f"To leave it out, add to the options of the model's settings: {{{field}: null}}"
