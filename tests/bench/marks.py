"""One push, from the end of `git push` to a healthy Deployment: when each thing on the way happened."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from generator.health import health_of
from generator.model import names
from generator.model.health import HealthState
from hack.stage.sample import definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from hack.stage import Checkout, Stage
    from hack.stage.watcher import Event, Watcher

    First = Callable[..., Event]

APP = "web"
VERSION = "app.kubernetes.io/version"

# What the numbers of one push are called, in the order in which it happens.
Marks = dict[str, float]


@dataclass(frozen=True)
class Bench:
    """What a push needs."""

    stage: Stage
    watcher: Watcher
    checkout: Checkout


def push(bench: Bench, version: str) -> Marks:
    """Push the app at another version; seconds since `git push` returned, for everything that was seen."""
    bench.checkout.write(f"apps/{APP}.yaml", definition(APP, version))
    bench.checkout.git("add", "-A")
    bench.checkout.git("commit", "-q", "-m", f"{APP} {version}")
    begin = time.time()
    bench.checkout.git("push", "-q", "-u", "origin", "main")
    returned = time.time()
    commit = bench.checkout.git("rev-parse", "HEAD")
    ours = partial(bench.watcher.first, after=begin)
    times = _way(bench, ours, commit, version)
    times["told"] = _told(bench, commit)  # before anything that ends later is waited for
    times |= _ends(ours, commit)
    return {name: at - returned for name, at in times.items()} | {"push": returned - begin}


def _way(bench: Bench, first: First, commit: str, version: str) -> Marks:
    """Up to a healthy app."""
    deliver = first("a deliver run", lambda e: _is_deliver(e, commit))
    deliver_pod = first("its pod", lambda e: _pod_of(e, deliver))
    run = first("an app run", lambda e: _is_app_run(e, commit))
    run_pod = first("its pod", lambda e: _pod_of(e, run))
    applied = first("the apply", lambda e: _is_workload(e, version))
    pod = first("the app's pod", lambda e: _is_app_pod(bench, e, version))
    up = first("the app's pod to be ready", lambda e: e.name == pod.name and e.condition("Ready") == "True")
    ready = first("a healthy app", lambda e: _is_workload(e, version) and _healthy(e))
    return {
        "deliver run": deliver.at, "deliver pod": deliver_pod.at, "app run": run.at, "app run's pod": run_pod.at,
        "applied": applied.at, "app pod": pod.at, "app pod ready": up.at, "ready": ready.at,
    }  # fmt: skip


def _ends(first: First, commit: str) -> Marks:
    """The steps, which are only known when their pods have ended, and the end of the app's run."""
    found: Marks = {}
    for test in (_is_deliver, _is_app_run):
        run = first("a run", lambda e, test=test: test(e, commit))
        found |= _steps(first("its pod to end", lambda e, run=run: _pod_of(e, run) and _ended(e)))
        done = first("the run to end", lambda e, run=run: e.name == run.name and e.condition("Succeeded") == "True")
        found[f"{'deliver' if test is _is_deliver else 'app'} run done"] = done.at
    return found


def _is_deliver(event: Event, commit: str) -> bool:
    return event.kind == "PipelineRun" and event.name.endswith(f"-{commit[:12]}")


def _is_app_run(event: Event, commit: str) -> bool:
    return event.kind == "PipelineRun" and event.labels.get(names.COMMIT) == commit


def _pod_of(event: Event, run: Event) -> bool:
    return event.kind == "Pod" and event.labels.get("tekton.dev/pipelineRun") == run.name


def _is_workload(event: Event, version: str) -> bool:
    return event.kind == "Deployment" and event.labels.get(VERSION) == version


def _is_app_pod(bench: Bench, event: Event, version: str) -> bool:
    return (
        event.kind == "Pod"
        and event.item["metadata"]["namespace"] == bench.stage.target
        and event.labels.get(VERSION) == version
    )


def _healthy(event: Event) -> bool:
    return health_of(event.item).state is HealthState.HEALTHY


def _ended(event: Event) -> bool:
    """All its containers have; the pod's phase says so only a second later."""
    found = event.item.get("status", {}).get("containerStatuses", [])
    return bool(found) and all("terminated" in one["state"] for one in found)


def _steps(pod: Event) -> Marks:
    """When Tekton's entrypoint started each step: to the millisecond in its termination message."""
    found: Marks = {}
    for one in pod.item["status"]["containerStatuses"]:
        for entry in json.loads(one["state"]["terminated"].get("message") or "[]"):
            if entry["key"] == "StartedAt":
                started = datetime.fromisoformat(entry["value"]).timestamp()
                found[f"step {one['name'].removeprefix('step-')}"] = started
    return found


def _told(bench: Bench, commit: str) -> float:
    """When the commit's status became final; asked every 30 ms once the app is healthy."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = bench.stage.gitea.statuses(bench.stage.repository, commit).get(f"pushboat/{APP}", {})
        if found.get("state") == "success":
            return time.time()
        if found.get("state") in ("failure", "error"):
            raise RuntimeError(f"the delivery failed: {found['description']}")
        time.sleep(0.03)
    raise TimeoutError(f"no final status on {commit[:7]}")
