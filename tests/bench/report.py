"""The page docs/benchmarks.md: the machine, the numbers, and how to repeat them."""

from __future__ import annotations

import math
import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from hack.stage import run

if TYPE_CHECKING:
    from tests.bench.marks import Marks

RATIO_TARGET, PYTHON_TARGET = 2.3, 0.150
# Where the seconds go: what is between two marks.
STAGES = (
    ("webhook, EventListener", "", "deliver run"),
    ("Tekton makes the deliver pod", "deliver run", "deliver pod"),
    ("the pod starts", "deliver pod", "step diff"),
    ("step diff, and its hand-over", "step diff", "step classify"),
    ("step classify, and its hand-over", "step classify", "step render"),
    ("step render up to the app's run", "step render", "app run"),
    ("Tekton makes the app run's pod", "app run", "app run's pod"),
    ("the pod starts", "app run's pod", "step roll-out"),
    ("step roll-out up to the apply", "step roll-out", "applied"),
    ("Kubernetes makes the app's pod", "applied", "app pod"),
    ("the app's pod starts", "app pod", "app pod ready"),
    ("its Deployment is healthy", "app pod ready", "ready"),
    ("the commit's status says so", "ready", "told"),
    ("the app's run has succeeded", "told", "app run done"),
)
JOURNEY = (
    ("push to deliver run created", "deliver run"),
    ("push to app run created", "app run"),
    ("push to applied", "applied"),
    ("push to Ready", "ready"),
    ("push to commit status success", "told"),
)


_READING = """\
With so few rounds p95 is the slowest one. Every pod of Tekton's has an init container, and the kubelet looks once a
second whether a container has ended: that is the difference between the second and the third row, and most of what the
first row has over the second. A step of Tekton's that follows another looks once a second too, from its own start on:
that is the hand-over below.
"""


@dataclass
class Measured:
    """Everything of one run, in seconds."""

    floor: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    prepared: list[float] = field(default_factory=list)
    task_run: list[float] = field(default_factory=list)
    pushes: list[Marks] = field(default_factory=list)
    python: dict[str, list[float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return median(one["ready"] for one in self.pushes) / median(self.ended)

    @property
    def ratio_to_ready(self) -> float:
        """The same against two pods that are only waited for until they are Ready."""
        return median(one["ready"] for one in self.pushes) / median(self.floor)

    @property
    def misses(self) -> list[str]:
        """The targets that were missed, in words."""
        found = []
        if self.ratio > RATIO_TARGET:
            found.append(f"push to Ready is {self.ratio:.2f} times the floor, and the target is {RATIO_TARGET}")
        found += [
            f"{name} starts in {1000 * median(times):.0f} ms, and the target is {1000 * PYTHON_TARGET:.0f} ms"
            for name, times in self.python.items()
            if median(times) >= PYTHON_TARGET
        ]
        return found


def p95(values: list[float]) -> float:
    """The nearest rank."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _row(name: str, values: list[float], more: str = "") -> str:
    return f"| {name} | {median(values):.2f} s | {p95(values):.2f} s | {min(values):.2f} s |{more}"


def page(measured: Measured) -> str:
    """The whole page."""
    sections = (_intro(measured), _table(measured), _stages(measured), _python(measured), _machine(), _repeat())
    return "\n".join(sections)


def _intro(measured: Measured) -> str:
    verdict = "missed" if measured.ratio > RATIO_TARGET else "met"
    return f"""# Benchmarks

Written by `hack/dev bench push`. All of it is measured on a real cluster, in one run, in rounds: two bare pods, a
TaskRun, a push, and again; so that whatever else the machine does hits all of them alike.

## From a push to a running app

A push changes the version of an app of one Deployment with one replica. Time begins when the command `git push`
returns. An app's way has two pods of ours that run to their end one after the other (plan-changes, roll-out), and then
its own. The floor is what the cluster itself needs for two such pods that do nothing.

**Push to Ready takes {measured.ratio:.2f} times the floor; the target of at most {RATIO_TARGET} is {verdict}.**
Against two bare pods that are only waited for until they are Ready, and have no init container, it is
{measured.ratio_to_ready:.2f} times.
"""


def _table(measured: Measured) -> str:
    count = len(measured.pushes)
    rows = [
        f"| {count} rounds | p50 | p95 | least |\n|---|---|---|---|",
        _row("floor: two bare pods that do nothing, one run to its end after the other", measured.ended),
        _row("two bare pods that go on running, one Ready after the other", measured.floor),
        _row("the same with an init container each, as Tekton's pods have", measured.prepared),
        _row("a TaskRun of one step that does nothing, created to succeeded", measured.task_run),
        *(_row(name, [one[mark] for one in measured.pushes]) for name, mark in JOURNEY),
    ]
    return "\n".join(rows) + f"\n\n{_READING}"


def _stages(measured: Measured) -> str:
    rows = ["## Where the seconds go\n", "| from one mark to the next | p50 | p95 | least |", "|---|---|---|---|"]
    for name, begin, end in STAGES:
        rows.append(_row(name, [one[end] - one.get(begin, 0.0) for one in measured.pushes]))
    rows.append(
        "\nMarks are the arrival of watch events, and for steps the start that Tekton's entrypoint records.\n"
        f"`git push` itself took {median(one['push'] for one in measured.pushes):.2f} s (p50), before that.\n"
    )
    return "\n".join(rows)


def _python(measured: Measured) -> str:
    rows = [
        "## Python of a step\n",
        f'`python3 -c "import STEP"` in a pod of the step image, from its start to its end; the target is a p50 below '
        f"{1000 * PYTHON_TARGET:.0f} ms.\n",
        "| 20 times each | p50 | p95 |\n|---|---|---|",
        *(f"| {name} | {1000 * median(t):.0f} ms | {1000 * p95(t):.0f} ms |" for name, t in measured.python.items()),
    ]
    return "\n".join(rows) + "\n"


def _machine() -> str:
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    lines = [
        "## The machine\n",
        f"- {datetime.now(UTC):%Y-%m-%d}, Pushboat at commit {_commit()}",
        f"- {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory, Linux {platform.release()}",
        f"- Kubernetes {_kubernetes()} ({os.environ.get('PUSHBOAT_CLUSTER', 'a named cluster')}), "
        f"Tekton Pipelines {_info('pipelines-info')}, Triggers {_info('triggers-info')}",
        "- Tekton's flags: " + ", ".join(_flags()),
    ]
    return "\n".join(lines) + "\n"


def _commit() -> str:
    dirty = run("git", "status", "--porcelain", "generator", "tasks", "pipelines", "triggers").strip()
    return run("git", "rev-parse", "--short", "HEAD").strip() + (", with changes" if dirty else "")


def _processor() -> str:
    found = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return found[0].partition(": ")[2].strip() if found else platform.machine()


def _kubernetes() -> str:
    return run("kubectl", "get", "nodes", "-o", "jsonpath={.items[0].status.nodeInfo.kubeletVersion}").strip()


def _info(name: str) -> str:
    path = "jsonpath={.data.version}"
    found = run("kubectl", "-n", "tekton-pipelines", "get", "configmap", name, "-o", path, check=False).strip()
    return found or "of an unknown version"


def _flags() -> list[str]:
    names = ("set-security-context", "running-in-environment-with-injected-sidecars")
    path = " ".join(f"{name}={{.data.{name}}}" for name in names)
    return run(
        "kubectl", "-n", "tekton-pipelines", "get", "configmap", "feature-flags", "-o", f"jsonpath={path}"
    ).split()


def _repeat() -> str:
    return """## To repeat

```
hack/dev bench push
```

It uses the cluster of `eval "$(hack/dev cluster env)"` where that is set, else the one that `hack/dev cluster up`
makes. Nothing else should run on the machine meanwhile. It ends with 1 when a target is missed.
"""
