"""JSON over HTTP with kept-alive connections and bounded retries.

The standard library's client, because a step pays for its imports in every pod: 20 ms here against 90 ms for
urllib3 and 280 ms for the kubernetes package (docs/decisions/0003). Redirects are never followed, so a
credential cannot leave the host it is meant for.
"""

from __future__ import annotations

import http.client
import json
import random
import ssl
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator.model.errors import PushboatError, RetryLaterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RETRIED = (429, 502, 503, 504)
_SLOWEST_PAUSE = 8.0


class HttpError(PushboatError):
    """An answer that is not a success; `body` is its JSON where there is one."""

    def __init__(self, status: int, message: str, body: dict[str, Any]) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    retry_after: float
    data: bytes


class Transport:
    """One server. Safe to use from several threads: each has a connection of its own.

    `headers` is asked before every request, so that a token that changes on disk is read again.
    `patience` is how long, in seconds, a request is tried while the server does not answer or is busy.
    """

    def __init__(
        self,
        url: str,
        headers: Callable[[], dict[str, str]],
        *,
        tls: ssl.SSLContext | None = None,
        patience: float = 30.0,
    ) -> None:
        parts = urlsplit(url)
        self.url, self.prefix = url, parts.path.rstrip("/")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname or "", parts.port
        self._headers, self._tls, self._patience = headers, tls, patience
        self._local = threading.local()

    def request(self, method: str, path: str, body: Any = None, *, content_type: str = "application/json") -> Any:
        """The JSON answer. Raises HttpError for a refusal and RetryLaterError when patience has run out."""
        data = None if body is None else json.dumps(body).encode()
        answer = self._persist(method, path, data, content_type)
        found = _json(answer.data)
        if answer.status >= 300:
            text = found.get("message") if isinstance(found, dict) else None
            message = f"{method} {self._host}{path.partition('?')[0]}: {answer.status} {text or ''}".rstrip()
            raise HttpError(answer.status, message, found if isinstance(found, dict) else {})
        return found

    def lines(self, path: str, *, timeout: float | None = None) -> Iterator[str]:
        """The answer's text, line by line as it arrives. Raises HttpError, or RetryLaterError when it breaks off.

        `timeout` is the longest silence, in seconds; without one a line may take for ever.
        """
        connection = self._connect(timeout=timeout)
        try:
            connection.request("GET", self.prefix + path, headers=self._headers())
            response = connection.getresponse()
            if response.status >= 300:
                raise HttpError(
                    response.status, f"GET {path.partition('?')[0]}: {response.status}", _json(response.read()) or {}
                )
            for line in response:
                yield line.decode(errors="replace").rstrip("\n")
        except (OSError, http.client.HTTPException) as error:
            raise RetryLaterError(f"{self.url} does not answer ({error or type(error).__name__})") from error
        finally:
            connection.close()

    def _persist(self, method: str, path: str, data: bytes | None, content_type: str) -> _Answer:
        deadline, pause = time.monotonic() + self._patience, 0.2
        while True:
            problem, wait = "", pause
            try:
                answer = self._once(method, path, data, content_type)
                if answer.status not in _RETRIED:
                    return answer
                problem, wait = f"it answered {answer.status}", max(pause, answer.retry_after)
            except (OSError, http.client.HTTPException) as error:
                problem = str(error) or type(error).__name__
            wait *= random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
            if time.monotonic() + wait > deadline:
                raise RetryLaterError(f"{self.url} does not answer ({problem}) after {self._patience:.0f} s of trying")
            time.sleep(wait)
            pause = min(pause * 2, _SLOWEST_PAUSE)

    def _once(self, method: str, path: str, data: bytes | None, content_type: str) -> _Answer:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        fresh = connection is None
        connection = connection or self._connect(timeout=30)
        self._local.connection = connection
        headers = {**self._headers(), "Accept": "application/json"}
        if data is not None:
            headers["Content-Type"] = content_type
        try:
            connection.request(method, self.prefix + path, body=data, headers=headers)
            response = connection.getresponse()
            wait = response.headers.get("Retry-After", "0")
            return _Answer(response.status, float(wait) if wait.isdigit() else 0.0, response.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            self._local.connection = None
            if fresh:
                raise
            return self._once(method, path, data, content_type)  # the server had closed an idle connection

    def _connect(self, timeout: float | None) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        self._tls = self._tls or ssl.create_default_context()
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=self._tls)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data) if data.strip() else {}
    except ValueError:
        return {"message": data[:200].decode(errors="replace")}
