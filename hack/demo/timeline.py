"""One push as it is delivered: each line appears when its event does, with the seconds since the push."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from generator.health import health_of
from generator.model import names
from generator.model.health import HealthState
from hack.demo import screen
from hack.demo.local import APP
from hack.stage import wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from hack.stage import Checkout, Stage
    from hack.stage.watcher import Event, Watcher

_VERSION = "app.kubernetes.io/version"


class Timeline:
    """A push and what follows it."""

    def __init__(self, stage: Stage, watcher: Watcher, checkout: Checkout, message: str, text: str) -> None:
        self.stage, self.watcher, self.times = stage, watcher, dict[str, float]()
        checkout.write(f"apps/{APP}.yaml", text)
        self._begin = time.time()
        self.commit = checkout.push(message)
        self._pushed = time.time()
        screen.command("git push", "  #", checkout.git("log", "-1", "--format=%h %s"))
        screen.put("  seconds since the push")

    def deliver(self, version: str) -> dict[str, float]:
        """A create or an upgrade."""
        self._starts()
        self._see("applied", f"Deployment {APP} {version} is applied", lambda e: _is(e, version))
        self._see("ready", f"all its pods run {version} and are available", lambda e: _is(e, version) and _healthy(e))
        self._told()
        return self.times

    def remove(self) -> dict[str, float]:
        """A delete."""
        self._starts()
        gone = [self._first(f"{kind} {APP} to go", _gone(kind)) for kind in ("Deployment", "Service")]
        for event in sorted(gone, key=lambda event: event.at):
            self._say(
                event.at, f"{event.kind} {APP} is gone{', with its pods' * (event.kind == 'Deployment')}", "ready"
            )
        removal = wait("the commit that removes the YAML", self._removal)
        self._say(time.time(), f"Git: {removal}")
        self._told()
        return self.times

    def _starts(self) -> None:
        """What all pushes have in common: the webhook's run, and the app's own."""
        deliver = self._see(
            "deliver run", "the webhook has started run {}",
            lambda e: e.kind == "PipelineRun" and e.name.endswith(f"-{self.commit[:12]}"),
        )  # fmt: skip
        self._see("", "  its pod plans: diff, classify, render", lambda e: _runs(e, deliver.name))
        run = self._see(
            "app run", "run {} is created",
            lambda e: e.kind == "PipelineRun" and e.labels.get(names.COMMIT) == self.commit,
        )  # fmt: skip
        screen.put(f"{'':9}  {screen.paint(run.item['metadata']['annotations']['pushboat.dev/description'], 'dim')}")

    def _see(self, mark: str, text: str, test: Callable[[Event], object]) -> Event:
        found = self._first(text.replace("{}", "").strip(), test)
        self._say(found.at, text.replace("{}", found.name), mark)
        return found

    def _first(self, what: str, test: Callable[[Event], object]) -> Event:
        return self.watcher.first(what, lambda e: _not_failed(e, self.commit) and test(e), self._begin)

    def _say(self, at: float, text: str, mark: str = "") -> None:
        seconds = max(0.0, at - self._pushed)
        if mark:
            self.times[mark] = seconds
        screen.put(f"  {screen.paint(f'{seconds:6.1f}', 'cyan')}   {text}")

    def _told(self) -> None:
        status = self.stage.status(self.commit, f"pushboat/{APP}")
        self._say(time.time(), f"commit status pushboat/{APP}: {status['state']}: {status['description']}", "told")
        if status["state"] != "success":
            raise RuntimeError(f"the delivery of {APP} failed: {status['description']}")

    def _removal(self) -> str:
        path = f"/repos/{self.stage.gitea.user}/{self.stage.repository}/commits?limit=1&stat=false"
        newest = self.stage.gitea.call("GET", path)[0]
        message = newest["commit"]["message"].splitlines()[0]
        author = newest["commit"]["author"]["name"]
        return "" if newest["sha"] == self.commit else f"{newest['sha'][:7]} {message} ({author})"


def _is(event: Event, version: str) -> bool:
    return event.kind == "Deployment" and not event.gone and event.labels.get(_VERSION) == version


def _gone(kind: str) -> Callable[[Event], bool]:
    return lambda event: event.gone and event.kind == kind


def _healthy(event: Event) -> bool:
    return health_of(event.item).state is HealthState.HEALTHY


def _runs(event: Event, run: str) -> bool:
    if event.kind != "Pod" or event.labels.get("tekton.dev/pipelineRun") != run:
        return False
    return str(event.item.get("status", {}).get("phase")) == "Running"


def _not_failed(event: Event, commit: str) -> bool:
    """A run of this push that failed ends the wait for what will not come: RuntimeError."""
    ours = event.labels.get(names.COMMIT) == commit or event.name.endswith(f"-{commit[:12]}")
    if event.kind == "PipelineRun" and ours and event.condition("Succeeded") == "False":
        conditions = event.item["status"]["conditions"]
        raise RuntimeError(f"run {event.name} failed: {conditions[0].get('message', '')}")
    return True
