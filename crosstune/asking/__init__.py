"""Questions to any OpenAI-compatible server: asked once, kept, paid for within a budget."""

from crosstune.asking._client import Client
from crosstune.asking._exchange import Answer, Fault, Request, Usage, request_key
from crosstune.asking._journal import Journal
from crosstune.asking._reach import reachable, server_needs
from crosstune.asking._settings import Prices, Server, Style

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
    "server_needs",
]
