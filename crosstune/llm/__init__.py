"""A client for OpenAI-compatible servers: it stores every response, sends no answered request again, and
keeps to a budget."""

from crosstune.llm._client import Client
from crosstune.llm._journal import Journal
from crosstune.llm._parsing import CONTEXT_OVERFLOW
from crosstune.llm._reachability import reachable, server_requirements
from crosstune.llm._records import FailedRequest, Request, Response, Result, Usage, request_key
from crosstune.llm._settings import Endpoint, Prices, Server

__all__ = [
    "CONTEXT_OVERFLOW",
    "Client",
    "Endpoint",
    "FailedRequest",
    "Journal",
    "Prices",
    "Request",
    "Response",
    "Result",
    "Server",
    "Usage",
    "reachable",
    "request_key",
    "server_requirements",
]
