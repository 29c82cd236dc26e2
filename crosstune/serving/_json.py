"""Answers as JSON."""

from __future__ import annotations

import json
from typing import Any

from fastapi.responses import JSONResponse


class AsciiResponse(JSONResponse):
    """JSON in ASCII: what clients send back to themselves may hold half a surrogate pair, which UTF-8 has no
    form for."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode()
