"""Questions to any OpenAI-compatible server: asked once, kept, paid for within a budget."""

from crosstune.llm._client import Client
from crosstune.llm._exchange import Answer, Fault, Request, Usage, request_key
from crosstune.llm._journal import Journal
from crosstune.llm._reach import reachable, server_requirements
from crosstune.llm._settings import Prices, Server, Style

__all__ = [
    "Answer",
    "Client",
    "Fault",
    "Journal",
    "Prices",
    "Request",
    "Server",
    "Style",
    "Usage",
    "reachable",
    "request_key",
    "server_requirements",
]
