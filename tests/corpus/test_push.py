"""Sending a corpus to a hub: a scripted one on this machine, which keeps what it was asked."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from crosstune import corpus
from crosstune.errors import DataError, PrerequisiteError, ServiceError, UsageError
from tests.corpus.test_rework import WORK, example, write


class Hub:
    """Answers what `create_repo` and `upload_folder` ask; ``refuse`` maps a path's end to a status."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.tokens: set[str | None] = set()
        self.refuse: dict[str, int] = {}
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                owner.answer(self)

            def do_POST(self) -> None:
                owner.answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        path = request.path.partition("?")[0]
        self.asked.append((request.command, path, body))
        self.tokens.add(request.headers.get("Authorization"))
        status = next((code for end, code in self.refuse.items() if path.endswith(end)), 200)
        found = self._found(path, body) if status == 200 else {"error": "no"}
        text = json.dumps(found).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def _found(self, path: str, body: bytes) -> Any:
        if path.endswith("/repos/create"):
            return {"url": f"{self.url}/datasets/ann/set", "id": "x"}
        if path.endswith("/preupload/main"):
            files = json.loads(body)["files"]
            return {
                "files": [
                    {"path": each["path"], "uploadMode": "regular", "shouldIgnore": False} for each in files
                ]
            }
        if path.endswith("/commit/main"):
            return {
                "success": True,
                "commitOid": "0" * 40,
                "commitUrl": f"{self.url}/datasets/ann/set/commit/{0:040}",
            }
        return {"id": "ann/set", "sha": "0" * 40, "siblings": [], "private": True}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def sent(self) -> dict[str, bytes]:
        """The files of the commit."""
        [body] = [body for _, path, body in self.asked if path.endswith("/commit/main")]
        rows = [json.loads(line) for line in body.splitlines()]
        return {
            row["value"]["path"]: base64.b64decode(row["value"]["content"])
            for row in rows
            if row["key"] == "file"
        }


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    found = Hub()
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", found.url)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("HF_TOKEN", "hf_scripted")
    yield found
    found.close()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    source = write(tmp_path / "in", [example(n) for n in range(6)])
    corpus.rework([source], tmp_path / "out", WORK)
    return tmp_path / "out"


def test_what_is_sent_is_the_corpus_and_no_more(hub: Hub, made: Path) -> None:
    assert "/datasets/ann/set/commit/0000" in corpus.push(made, "ann/set")
    creation = next(json.loads(body) for _, path, body in hub.asked if path.endswith("/repos/create"))
    assert (creation["type"], creation["organization"], creation["name"]) == ("dataset", "ann", "set")
    assert creation["visibility"] == "private"
    assert hub.tokens == {"Bearer hf_scripted"}
    sent = hub.sent()
    assert sorted(sent) == ["README.md", "data/python-00000.parquet", "funnel.json"]
    assert all((made / name).read_bytes() == content for name, content in sent.items())


def test_public_is_asked_for(hub: Hub, made: Path) -> None:
    corpus.push(made, "ann/set", public=True)
    creation = next(json.loads(body) for _, path, body in hub.asked if path.endswith("/repos/create"))
    assert creation["visibility"] == "public"


@pytest.mark.parametrize(
    ("end", "status", "expected"),
    [
        ("/repos/create", 401, (PrerequisiteError, "set HF_TOKEN")),
        ("/repos/create", 403, (PrerequisiteError, "ann/set: this token may not write there")),
        ("/commit/main", 403, (PrerequisiteError, "ann/set: this token may not write there")),
        ("/commit/main", 400, (ServiceError, "answered 400: .*; run it again to go on")),
    ],
)
def test_refusals_are_told(
    hub: Hub, made: Path, end: str, status: int, expected: tuple[type[Exception], str]
) -> None:
    hub.refuse = {end: status, "/datasets/ann/set": 404}
    with pytest.raises(expected[0], match=expected[1]):
        corpus.push(made, "ann/set")
    hub.refuse = {}
    assert corpus.push(made, "ann/set")


def test_no_token_and_no_hub(hub: Hub, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    hub.refuse = {"/repos/create": 401, "/datasets/ann/set": 401}
    with pytest.raises(PrerequisiteError, match="hf auth login"):
        corpus.push(made, "ann/set")
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ServiceError, match="cannot be reached"):
        corpus.push(made, "ann/set")


def test_what_cannot_be_sent_is_said_before_anything_is_asked(hub: Hub, made: Path, tmp_path: Path) -> None:
    for name in ("set", "a/b/c", "a b/c", ""):
        with pytest.raises(UsageError, match="expected OWNER/NAME"):
            corpus.push(made, name)
    with pytest.raises(DataError, match="no such file or folder"):
        corpus.push(tmp_path / "nothing", "ann/set")
    (made / "README.md").unlink()
    with pytest.raises(UsageError, match="has no card; make it: crosstune corpus card"):
        corpus.push(made, "ann/set")
    assert hub.asked == []
