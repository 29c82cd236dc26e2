"""Finish reasons: each server's own word for the end of an answer, as one of a few.

The words are those of OpenAI, Anthropic, Google, Mistral, Cohere, DeepSeek, Amazon, IBM, vLLM, SGLang, TGI,
llama.cpp, Ollama, LM Studio and the like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

STOP, LENGTH, CONTENT_FILTER, TOOL_CALLS, ERROR = "stop", "length", "content_filter", "tool_calls", "error"

_WORDS: Mapping[str, str] = {
    STOP: """stop eos eos_token eos_token_id eos_found end_turn end_of_turn turn_end end_of_text endoftext
        end_of_sequence stop_sequence stop_sequences stop_token stop_tokens stop_str stop_string stop_word
        stop_words stop_string_found stop_criteria stopped end done finish finished complete completed natural
        normal success""",
    LENGTH: """length max_tokens max_token max_new_tokens max_output_tokens max_completion_tokens
        max_tokens_reached max_predicted_tokens_reached max_length max_len length_limit token_limit limit
        model_length model_context_window_exceeded context_length context_length_reached
        context_length_exceeded context_window_exceeded error_limit truncated incomplete num_predict""",
    CONTENT_FILTER: """content_filter content_filtered content_filtering filtered safety recitation blocklist
        blocked prohibited_content spii refusal refused sensitive moderation guardrail guardrails
        guardrail_intervened policy_violation content_policy_violation error_toxic""",
    TOOL_CALLS: "tool_calls tool_call tool_use function_call malformed_function_call malformed_tool_call",
    ERROR: """error abort aborted cancelled canceled failed failure network_error server_error internal_error
        insufficient_system_resource overloaded timeout timed_out time_limit model_unloaded
        service_unavailable""",
}
_MEANINGS = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
_PREFIX = re.compile(r"^(?:finish|stop|done)_?reason[._]")
_UNKNOWN = {"", "null", "none", "unspecified", "unknown", "other"}


def finish_reason(word: object) -> str:
    """``stop``, ``length``, ``content_filter`` (withheld by the service), ``tool_calls``, ``error`` (no fault
    of the model: ask again), or else the server's word; empty if it gave none."""
    if isinstance(word, Mapping):  # SGLang: {"type": "length", "length": 16}
        word = word.get("type")
    if not isinstance(word, str):
        return ""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word.strip())
    name = _PREFIX.sub("", re.sub(r"[\s_-]+", "_", spaced).casefold())
    if name in _UNKNOWN:
        return ""
    if name not in _MEANINGS and name.startswith("error"):
        return ERROR
    return _MEANINGS.get(name, name)
