"""Questions to any OpenAI-compatible server: asked once, kept, paid for within a budget."""

from crosstune.llm._client import Client
from crosstune.llm._exchange import FailedRequest, Request, Response, Usage, request_key
from crosstune.llm._journal import Journal
from crosstune.llm._reach import reachable, server_requirements
from crosstune.llm._settings import Endpoint, Prices, Server

__all__ = [
    "Client",
    "Endpoint",
    "FailedRequest",
    "Journal",
    "Prices",
    "Request",
    "Response",
    "Server",
    "Usage",
    "reachable",
    "request_key",
    "server_requirements",
]
