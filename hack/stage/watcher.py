"""What happens in a cluster, as it happens: watches on a few kinds, each event with the time it arrived."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.model.errors import PushboatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cluster.api import Api

    Test = Callable[["Event"], object]

# What a watch ends with when the server, or the network between, gives up on it.
_BROKEN = (PushboatError, OSError, http.client.HTTPException, ValueError)

PODS = "/api/v1/namespaces/{}/pods"
SERVICES = "/api/v1/namespaces/{}/services"
DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments"
PIPELINE_RUNS = "/apis/tekton.dev/v1/namespaces/{}/pipelineruns"
TASK_RUNS = "/apis/tekton.dev/v1/namespaces/{}/taskruns"


@dataclass(frozen=True, slots=True)
class Event:
    """One change of an object; `at` is this machine's clock."""

    at: float
    gone: bool
    item: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.kind} {self.name}{' gone' if self.gone else ''}"

    @property
    def kind(self) -> str:
        return str(self.item["kind"])

    @property
    def name(self) -> str:
        return str(self.item["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.item["metadata"].get("labels") or {})

    @property
    def phase(self) -> str:
        """A pod's phase."""
        return str(self.item.get("status", {}).get("phase", ""))

    def condition(self, name: str) -> str:
        """The status of a condition: True, False, Unknown, or nothing where it is not there."""
        found = self.item.get("status", {}).get("conditions", [])
        return next((str(one["status"]) for one in found if one["type"] == name), "")


class Watcher:
    """Collects what happens from the call of `follow` on."""

    def __init__(self, api: Api) -> None:
        self.events: list[Event] = []
        self._api, self._news = api, threading.Condition()

    def follow(self, *paths: str) -> Watcher:
        """Watch the objects at these paths of the API."""
        for path in paths:
            threading.Thread(target=self._watch, args=(path, self._version(path)), daemon=True).start()
        return self

    def first(self, what: str, test: Test, after: float, seconds: float = 240) -> Event:
        """The first event later than `after` that passes the test; waits for it, and raises TimeoutError."""
        seen, deadline = 0, time.monotonic() + seconds
        with self._news:
            while True:
                for event in self.events[seen:]:
                    if event.at >= after and test(event):
                        return event
                seen = len(self.events)
                if not self._news.wait(max(0.0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    raise TimeoutError(f"waited {seconds:.0f} s for {what}")

    def _version(self, path: str) -> str:
        return str(self._api.transport.request("GET", f"{path}?limit=1")["metadata"]["resourceVersion"])

    def _watch(self, path: str, version: str) -> None:
        while True:
            with suppress(*_BROKEN):
                version = self._read(path, version)
            with suppress(*_BROKEN):
                version = version or self._version(path)
            time.sleep(0.05)

    def _read(self, path: str, version: str) -> str:
        """Give every event on until the server ends the watch; the version to go on from, or nothing."""
        for line in self._api.transport.lines(f"{path}?watch=1&resourceVersion={version}&timeoutSeconds=1800"):
            found = json.loads(line)
            if found["type"] == "ERROR":
                return ""
            version = found["object"]["metadata"]["resourceVersion"]
            with self._news:
                self.events.append(Event(time.time(), found["type"] == "DELETED", found["object"]))
                self._news.notify_all()
        return version
