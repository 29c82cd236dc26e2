"""The route `/execute_batch` of open-r1's routers for E2B and MorphCloud.

Their clients take the value of a script's last expression, as a notebook shows it, for its reward.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from crosstune.errors import DataError
from crosstune.execution import Executed, Execution
from crosstune.records import Status
from crosstune.serving._languages import language_of
from crosstune.serving._service import Service
from crosstune.serving._whole_programs import message_of, run_limits, timed_out

_PROCESSES = 64
"""The scripts start an interpreter for each test."""

_SHOW_LAST = """\
import ast, sys
tree = ast.parse(open("script.py", encoding="utf-8").read(), "script.py")
last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
names = {"__name__": "__main__"}
exec(compile(tree, "script.py", "exec"), names)
if last is not None:
    value = eval(compile(ast.Expression(last.value), "script.py", "eval"), names)
    if value is not None:
        sys.stdout.flush()
        sys.stdout.write("MARK" + (value if isinstance(value, str) else repr(value)))
"""


class BatchRequest(BaseModel):
    """A batch of scripts: ``languages`` has one for each, ``language`` is that of all."""

    scripts: list[str]
    languages: list[str] | None = None
    language: str = "python"
    timeout: float = Field(30, description="seconds of CPU time for each script")
    request_timeout: float = 30


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["other harnesses"])

    @routes.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @routes.post("/execute_batch")
    async def execute_batch(batch: BatchRequest) -> list[dict[str, Any]]:
        """Run scripts, and return the value of each one's last expression (open-r1's routers)."""
        languages = batch.languages or [batch.language] * len(batch.scripts)
        if len(languages) != len(batch.scripts):
            raise DataError("languages: expected as many as scripts")
        mark = secrets.token_hex(16)
        pairs = zip(batch.scripts, languages, strict=True)
        asked = [_execution(script, language, batch.timeout, mark) for script, language in pairs]
        return [_result(each, mark) for each in await service.executions(asked)]

    return routes


def _execution(script: str, name: str, seconds: float, mark: str) -> Execution:
    language = language_of(name)
    limits = replace(run_limits(language, seconds), processes=_PROCESSES)
    if language.name != "python":
        return Execution(language=language.name, source=script, limits=limits)
    source = _SHOW_LAST.replace("MARK", mark)
    files = {"script.py": script.encode("utf-8", "surrogatepass")}
    return Execution(language=language.name, source=source, files=files, limits=limits)


def _result(done: Executed, mark: str) -> dict[str, Any]:
    """A result for both clients: ``execution`` is that of E2B, ``text`` that of MorphCloud."""
    if done.failed:
        return {"execution": None, "text": None, "exception_str": (done.run or done.build).stderr}
    last = done.run or done.build
    if timed_out(last):
        return {"execution": None, "text": None, "exception_str": "the script reached its limit of time"}
    stdout, marked, value = last.stdout.partition(mark)
    error = None
    if last.status is not Status.PASSED:
        error = {"name": str(last.status), "value": message_of(last)[-500:], "traceback": last.stderr}
    execution = {
        "results": [{"text": value, "is_main_result": True}] if marked else [],
        "logs": {"stdout": [stdout] if stdout else [], "stderr": [last.stderr] if last.stderr else []},
        "error": error,
        "execution_count": 1,
    }
    return {"execution": execution, "text": value if marked else stdout, "exception_str": None}
