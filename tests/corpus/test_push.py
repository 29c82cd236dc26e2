"""Uploads to a scripted hub on this machine, which records its requests."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest

from crosstune import corpus
from crosstune.errors import DataError, PrerequisiteError, ServiceError, UsageError
from tests.corpus.samples import KEEP_ODD, example, write_corpus


class Hub:
    """Responds to `create_repo` and `upload_folder`; ``refuse`` maps the end of a path to a status."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.tokens: set[str | None] = set()
        self.refuse: dict[str, int] = {}
        self.errors: list[dict[str, str]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                owner.respond(self)

            def do_POST(self) -> None:
                owner.respond(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        path = request.path.partition("?")[0]
        self.requests.append((request.command, path, body))
        if "/repos/" in path or "/datasets/" in path:  # not what the library asks in the background
            self.tokens.add(request.headers.get("Authorization"))
        status = next((code for end, code in self.refuse.items() if path.endswith(end)), 200)
        value = self._response(path, body) if status == 200 else {"error": "no", "errors": self.errors}
        text = json.dumps(value).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def _response(self, path: str, body: bytes) -> Any:
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

    def uploaded(self) -> dict[str, bytes]:
        """The files of the commit."""
        [body] = [body for _, path, body in self.requests if path.endswith("/commit/main")]
        rows = [json.loads(line) for line in body.splitlines()]
        return {
            row["value"]["path"]: base64.b64decode(row["value"]["content"])
            for row in rows
            if row["key"] == "file"
        }


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    scripted = Hub()
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", scripted.url)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("HF_TOKEN", "hf_scripted")
    yield scripted
    scripted.close()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    source = write_corpus(tmp_path / "in", [example(n) for n in range(6)])
    corpus.transform([source], tmp_path / "out", KEEP_ODD)
    return tmp_path / "out"


def test_push_uploads_only_the_corpus(hub: Hub, made: Path) -> None:
    assert "/datasets/ann/set/commit/0000" in corpus.push(made, "ann/set")
    creation = next(json.loads(body) for _, path, body in hub.requests if path.endswith("/repos/create"))
    assert (creation["type"], creation["organization"], creation["name"]) == ("dataset", "ann", "set")
    assert creation["visibility"] == "private"
    assert hub.tokens == {"Bearer hf_scripted"}
    uploaded = hub.uploaded()
    assert sorted(uploaded) == ["README.md", "data/python-00000.parquet", "funnel.json"]
    assert all((made / name).read_bytes() == content for name, content in uploaded.items())


def test_public_creates_a_public_data_set(hub: Hub, made: Path) -> None:
    corpus.push(made, "ann/set", public=True)
    creation = next(json.loads(body) for _, path, body in hub.requests if path.endswith("/repos/create"))
    assert creation["visibility"] == "public"


@pytest.mark.parametrize(
    ("end", "status", "expected"),
    [
        ("/repos/create", 401, (PrerequisiteError, "set HF_TOKEN")),
        ("/repos/create", 403, (PrerequisiteError, "ann/set: the token has no write access")),
        ("/commit/main", 403, (PrerequisiteError, "ann/set: the token has no write access")),
        ("/commit/main", 400, (ServiceError, "responded 400: .*; run it again to resume")),
    ],
)
def test_refused_uploads_name_the_cause(
    hub: Hub, made: Path, end: str, status: int, expected: tuple[type[Exception], str]
) -> None:
    hub.refuse = {end: status, "/datasets/ann/set": 404}
    with pytest.raises(expected[0], match=expected[1]):
        corpus.push(made, "ann/set")
    hub.refuse = {}
    assert corpus.push(made, "ann/set")


def test_missing_token_and_unreachable_hub(hub: Hub, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    hub.refuse = {"/repos/create": 401, "/datasets/ann/set": 401}
    with pytest.raises(PrerequisiteError, match="hf auth login"):
        corpus.push(made, "ann/set")
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ServiceError, match="cannot be reached"):
        corpus.push(made, "ann/set")


def test_unusable_arguments_are_refused_before_any_request(hub: Hub, made: Path, tmp_path: Path) -> None:
    for name in ("set", "a/b/c", "a b/c", ""):
        with pytest.raises(UsageError, match="expected OWNER/NAME"):
            corpus.push(made, name)
    with pytest.raises(DataError, match="no such file or folder"):
        corpus.push(tmp_path / "nothing", "ann/set")
    (made / "README.md").unlink()
    with pytest.raises(UsageError, match="no README.md; write it with: crosstune corpus card"):
        corpus.push(made, "ann/set")
    assert hub.requests == []


@pytest.mark.parametrize("end", ["/api/validate-yaml", "/commit/main"])
def test_a_refused_card_is_an_error_without_a_traceback(hub: Hub, made: Path, end: str) -> None:
    hub.refuse[end] = 400
    hub.errors = [{"message": '"license" must be one of [mit, other]'}]
    with pytest.raises(
        DataError, match="README.md: the Hub refuses its metadata: .*license.* must be one of"
    ):
        corpus.push(made, "ann/set")


@pytest.mark.usefixtures("hub")
def test_a_name_that_the_hub_refuses(made: Path) -> None:
    with pytest.raises(UsageError, match="ann/a--b: not a name of a dataset"):
        corpus.push(made, "ann/a--b")
