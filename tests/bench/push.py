"""hack/dev bench push: from a push to a running app, beside what the cluster itself needs to start two pods."""

from __future__ import annotations

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from generator.cluster.connect import from_kubeconfig
from hack.stage import Cluster, Gitea, Stage
from hack.stage.borrow import borrow_unless_given
from hack.stage.reach import reach
from hack.stage.sample import VERSIONS
from hack.stage.watcher import DEPLOYMENTS, PIPELINE_RUNS, PODS, TASK_RUNS, Watcher
from tests.bench import floor
from tests.bench.marks import Bench, push
from tests.bench.read_page import kept
from tests.bench.report import Measured, page

NAMESPACE, TARGET, FLOOR, REPOSITORY = "bench-pushboat", "bench-shop", "bench-floor", "bench-shop"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    parser = ArgumentParser(prog="hack/dev bench push", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write")
    options = parser.parse_args()
    borrow_unless_given()
    with tempfile.TemporaryDirectory(prefix="pushboat-bench-") as folder:
        measured = _measure(Path(folder), options.rounds)
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(page(measured) + kept(options.output))
    print(options.output.read_text())
    for miss in measured.misses:
        print(f"missed: {miss}", file=sys.stderr)
    return 1 if measured.misses else 0


def _measure(folder: Path, rounds: int) -> Measured:
    cluster, image = Cluster(), os.environ["PUSHBOAT_STEP_IMAGE"]
    stage = Stage(cluster, Gitea.from_environment(), REPOSITORY, NAMESPACE, TARGET, folder, image)
    _clear(stage)
    _say("setting the stage")
    checkout = stage.make_repository()
    stage.install()
    stage.webhook_url = reach(cluster, NAMESPACE, "el-pushboat", 8080)
    stage.hook()
    cluster.kubectl("create", "namespace", FLOOR)
    try:
        return _rounds(Bench(stage, _watcher(), checkout), image, rounds)
    finally:
        _clear(stage, wait=False)


def _watcher() -> Watcher:
    watcher = Watcher(from_kubeconfig())
    watcher.follow(PIPELINE_RUNS.format(NAMESPACE), PODS.format(NAMESPACE))
    watcher.follow(PODS.format(TARGET), DEPLOYMENTS.format(TARGET))
    return watcher.follow(PODS.format(FLOOR), TASK_RUNS.format(FLOOR))


def _rounds(bench: Bench, image: str, rounds: int) -> Measured:
    api, measured = from_kubeconfig(), Measured()
    _say("warming up: the app is created")
    push(bench, VERSIONS[0])
    floor.two_pods(api, bench.watcher, FLOOR, image, "warm")
    floor.task_run(api, bench.watcher, FLOOR, image, "warm")
    for number in range(1, rounds + 1):
        measured.floor.append(floor.two_pods(api, bench.watcher, FLOOR, image, str(number)))
        measured.ended.append(floor.two_pods_to_their_end(api, bench.watcher, FLOOR, image, str(number)))
        measured.prepared.append(floor.two_pods(api, bench.watcher, FLOOR, image, str(number), prepared=True))
        measured.task_run.append(floor.task_run(api, bench.watcher, FLOOR, image, str(number)))
        measured.pushes.append(push(bench, VERSIONS[number % len(VERSIONS)]))
        _say(
            f"round {number} of {rounds}: two pods {measured.floor[-1]:.2f} s, TaskRun {measured.task_run[-1]:.2f} s, "
            f"push to Ready {measured.pushes[-1]['ready']:.2f} s"
        )
    measured.python = floor.python_starts(api, bench.watcher, FLOOR, image)
    return measured


def _clear(stage: Stage, *, wait: bool = True) -> None:
    stage.remove()
    waiting = "true" if wait else "false"
    stage.cluster.kubectl(
        "delete", "namespace", NAMESPACE, TARGET, FLOOR, "--ignore-not-found", f"--wait={waiting}", "--timeout=120s"
    )


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
