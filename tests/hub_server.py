"""A data set on a Hub of this machine, which speaks the part of the Hub's protocol that its library uses."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REPOSITORY = "ann/set"
TOKEN = "hf_written_here"


class HubServer:
    """``files`` are those of the only data set, `REPOSITORY`; only requests with `TOKEN` may change them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.commits = 0
        owner = self

        class Handler(_Handler):
            hub = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def entries(self, folder: str, *, recursive: bool) -> list[dict[str, Any]]:
        """What the Hub lists below a folder."""
        prefix = f"{folder}/" if folder else ""
        found: dict[str, dict[str, Any]] = {}
        for name in sorted(self.files):
            if not name.startswith(prefix):
                continue
            parts = name.removeprefix(prefix).split("/")
            for depth in range(1, len(parts)):
                path = prefix + "/".join(parts[:depth])
                found.setdefault(path, {"type": "directory", "path": path, "oid": "0" * 40, "size": 0})
            found[name] = self.entry(name)
        return [each for path, each in found.items() if recursive or "/" not in path.removeprefix(prefix)]

    def entry(self, name: str) -> dict[str, Any]:
        content = self.files[name]
        return {"type": "file", "path": name, "oid": _oid(content), "size": len(content)}

    def commit(self, lines: bytes) -> dict[str, Any]:
        for row in map(json.loads, lines.splitlines()):
            if row["key"] == "file":
                self.files[row["value"]["path"]] = base64.b64decode(row["value"]["content"])
            elif row["key"] == "deletedFile":
                del self.files[row["value"]["path"]]
        self.commits += 1
        commit = f"{self.commits:040}"
        return {
            "success": True,
            "commitOid": commit,
            "commitUrl": f"{self.url}/datasets/{REPOSITORY}/commit/{commit}",
        }


def _oid(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content)).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        split = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(split.path), urllib.parse.parse_qs(split.query)
        resolved = f"/datasets/{REPOSITORY}/resolve/main/"
        api = f"/api/datasets/{REPOSITORY}"
        if path.startswith(resolved):
            self._file(path.removeprefix(resolved))
        elif path == api or path.startswith(f"{api}/"):
            self._api(path.removeprefix(api).strip("/"), query, body)
        else:
            self._send(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})

    def _file(self, name: str) -> None:
        if name not in self.hub.files:
            self._send(404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"})
            return
        content = self.hub.files[name]
        self._send(200, content, {"ETag": f'"{_oid(content)}"', "X-Repo-Commit": f"{self.hub.commits:040}"})

    def _api(self, what: str, query: dict[str, list[str]], body: bytes) -> None:
        hub = self.hub
        kind, _, rest = what.partition("/")
        folder = rest.partition("/")[2]
        if kind in ("", "revision"):
            names = [{"rfilename": name} for name in sorted(hub.files)]
            self._send(
                200, {"id": REPOSITORY, "sha": f"{hub.commits:040}", "siblings": names, "private": False}
            )
        elif kind == "tree":
            entries = hub.entries(folder, recursive=query.get("recursive", ["false"])[0].lower() == "true")
            missing = bool(folder) and not entries
            error = {"error": "Entry not found"}
            self._send(
                404 if missing else 200,
                error if missing else entries,
                {"X-Error-Code": "EntryNotFound"} if missing else {},
            )
        elif kind == "paths-info":
            asked = urllib.parse.parse_qs(body.decode()).get("paths", [])
            if self.headers.get("Content-Type", "").startswith("application/json"):
                asked = json.loads(body)["paths"]
            known = {each["path"]: each for each in hub.entries("", recursive=True)}
            self._send(200, [known[name] for name in asked if name in known])
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"error": "Invalid username or password."})
        elif kind == "preupload":
            files = json.loads(body)["files"]
            self._send(
                200,
                {
                    "files": [
                        {"path": each["path"], "uploadMode": "regular", "shouldIgnore": False}
                        for each in files
                    ]
                },
            )
        elif kind == "commit":
            self._send(200, hub.commit(body))
        else:
            self._send(404, {"error": f"unknown {self.path}"})

    def _send(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def hub_server() -> Iterator[HubServer]:
    server = HubServer()
    try:
        yield server
    finally:
        server.close()
