"""A stand-in for GitHub Enterprise: its commit status API by hand, git itself by the real Git host behind it.

Pods reach it on the address of the Git host. It refuses what GitHub refuses: a missing User-Agent, a wrong token,
and a description of more than 140 characters.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

_POST = re.compile(r"/api/v3/repos/([^/]+/[^/]+)/statuses/([0-9a-f]{40})")
_GET = re.compile(r"/api/v3/repos/([^/]+/[^/]+)/commits/([0-9a-f]{40})/status\?per_page=50&page=([0-9]+)")


class GitHubHost(ThreadingHTTPServer):
    """`posted` holds every status in the order it came."""

    def __init__(self, behind: str, token: str) -> None:
        super().__init__((urlsplit(behind).hostname or "", 0), _Handler)
        self.behind, self.token = behind, token
        self.posted: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """The root that repositories' URLs start with."""
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    def latest(self, commit: str) -> dict[str, dict[str, str]]:
        """The newest status of each context."""
        return {one["context"]: one for one in self.posted if one["sha"] == commit}


class _Handler(BaseHTTPRequestHandler):
    server: GitHubHost

    def log_message(self, *words: Any) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        match = _GET.fullmatch(self.path)
        if not match:
            self._pass_on()
        elif self._is_allowed():
            found = list(self.server.latest(match.group(2)).values())
            page = int(match.group(3))
            self._answer(
                200, {"state": "pending", "statuses": found[(page - 1) * 50 : page * 50], "total_count": len(found)}
            )

    def do_POST(self) -> None:
        match = _POST.fullmatch(self.path)
        if not match:
            self._pass_on()
        elif self._is_allowed():
            body = json.loads(self._body())
            if len(body["description"]) > 140 or body["state"] not in ("error", "failure", "pending", "success"):
                self._answer(422, {"message": "Validation Failed"})
                return
            self.server.posted.append({"sha": match.group(2), **body})
            self._answer(201, body)

    def _is_allowed(self) -> bool:
        if self.headers["Authorization"] == f"Bearer {self.server.token}" and self.headers["User-Agent"] == "pushboat":
            return True
        self._answer(401, {"message": "Bad credentials"})
        return False

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _pass_on(self) -> None:
        data = self._body() if self.command == "POST" else None
        keep = {
            key: self.headers[key]
            for key in ("Authorization", "Content-Type", "Content-Encoding", "Accept", "Git-Protocol")
            if key in self.headers
        }
        request = urllib.request.Request(self.server.behind + self.path, data=data, headers=keep, method=self.command)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                self._send(response.status, response.headers.get("Content-Type", ""), response.read())
        except urllib.error.HTTPError as error:
            self._send(error.code, "text/plain", error.read())

    def _answer(self, status: int, body: Any) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def github_host(behind: str, token: str) -> Iterator[GitHubHost]:
    """A running stand-in."""
    with GitHubHost(behind, token) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
