"""Part two: the same three pushes on a real cluster, over a real Git host."""

from __future__ import annotations

import os
import shutil
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cluster.connect import from_kubeconfig
from hack.demo import screen
from hack.demo.local import APP
from hack.demo.timeline import Timeline
from hack.stage import Checkout, Cluster, Gitea, Stage, wait
from hack.stage.borrow import borrow
from hack.stage.reach import reach
from hack.stage.sample import definition
from hack.stage.watcher import DEPLOYMENTS, PIPELINE_RUNS, PODS, SERVICES, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

NAMESPACE, TARGET, REPOSITORY = "demo-pushboat", "demo-shop", "demo-shop"
_MARKS = (
    ("deliver run", "deliver run"), ("app run", "app's run"), ("applied", "applied"), ("ready", "Ready or gone"),
    ("told", "commit status"),
)  # fmt: skip


def show(folder: Path, kubeconfig: str) -> None:
    """The whole of part two."""
    screen.title("Part two: the same pushes on a real cluster")
    screen.prose(_announce(kubeconfig))
    exports = borrow(kubeconfig)
    stage, checkout = _set_up(folder)
    watcher = _watcher()
    _finish(_pushes(stage, watcher, checkout), exports, stage)


def stage_of(folder: Path) -> Stage:
    """The stage on the cluster that the environment names."""
    image = os.environ["PUSHBOAT_STEP_IMAGE"]
    return Stage(Cluster(), Gitea.from_environment(), REPOSITORY, NAMESPACE, TARGET, folder, image)


def clear(stage: Stage) -> None:
    """Take away what a demo has made on the cluster and on the Git host."""
    stage.remove()
    stage.cluster.kubectl("delete", "namespace", NAMESPACE, TARGET, "--ignore-not-found", "--timeout=180s")
    with suppress(urllib.error.HTTPError):
        stage.gitea.call("DELETE", f"/repos/{stage.gitea.user}/{REPOSITORY}")


def _announce(kubeconfig: str) -> str:
    if kubeconfig:
        return f"""The cluster of {kubeconfig} is used as it is. The demo makes the namespaces {NAMESPACE} and {TARGET}
            there, and one ClusterRole with its binding for the listener."""
    if _docker():
        return """Docker is here, so kind makes a cluster of our own, with Tekton on it: about 4 minutes the first time,
            1 minute after that."""
    built = Path(os.environ.get("DEVCLUSTER_HOME", Path.home() / ".cache/devcluster")) / "bin" / "kubernetes"
    time = (
        "It is built already: that takes seconds, or a minute when it has to be started"
        if built.exists()
        else "The first build takes about 20 minutes on 2 cores"
    )
    return f"""No Docker daemon answers here, so the cluster is one of our own: Kubernetes, Tekton and a Git host, built
        from their Go modules and kept for the next time. {time}."""


def _docker() -> bool:
    if not shutil.which("docker"):
        return False
    with suppress(subprocess.TimeoutExpired):
        return not subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode
    return False


def _set_up(folder: Path) -> tuple[Stage, Checkout]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stage = stage_of(folder)
    screen.title("Setting up, as the install guide says")
    _step("what an earlier demo left is taken away: up to a minute, where there is something", lambda: clear(stage))
    checkout = stage.make_repository()
    screen.put(f"  an empty repository: {stage.gitea.url}/{stage.gitea.user}/{REPOSITORY}")
    _step("pushboat generate -f platform.yaml -o bundle.yaml; kubectl apply -f bundle.yaml", stage.install)
    stage.webhook_url = reach(stage.cluster, NAMESPACE, "el-pushboat", 8080)
    _step("a webhook from the repository to the listener", stage.hook)
    return stage, checkout


def _step(text: str, act: Callable[[], None]) -> None:
    screen.put(f"  {text}")
    act()


def _watcher() -> Watcher:
    ours = (PIPELINE_RUNS.format(NAMESPACE), PODS.format(NAMESPACE))
    return Watcher(from_kubeconfig()).follow(*ours, DEPLOYMENTS.format(TARGET), SERVICES.format(TARGET))


def _pushes(stage: Stage, watcher: Watcher, checkout: Checkout) -> dict[str, dict[str, float]]:
    times = {}
    screen.title("1 of 3: create")
    text = definition(APP, "1.0.0", replicas=2)
    times["create"] = Timeline(stage, watcher, checkout, "Deliver web 1.0.0", text).deliver("1.0.0")
    url = _answer(stage, "1.0.0")
    screen.title("2 of 3: upgrade")
    text = definition(APP, "1.1.0", replicas=2)
    times["upgrade"] = Timeline(stage, watcher, checkout, "web 1.1.0", text).deliver("1.1.0")
    _answer(stage, "1.1.0", url)
    screen.title("3 of 3: delete")
    text = definition(APP, "1.1.0", replicas=2, deleted=True)
    times["delete"] = Timeline(stage, watcher, checkout, "web is not needed any more", text).remove()
    _gone(stage, checkout)
    return times


def _answer(stage: Stage, version: str, url: str = "") -> str:
    """Ask the app over HTTP; its answer proves which version runs."""
    url = reach(stage.cluster, TARGET, APP, 8080) if "127.0.0.1" in url or not url else url
    screen.command("curl", url)

    def ask() -> str:
        with suppress(OSError), urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - the app
            text: str = response.read().decode().strip()
            return text if version in text else ""
        return ""

    screen.put(f"  {wait(f'an answer of version {version}', ask, 30)}")
    return url


def _gone(stage: Stage, checkout: Checkout) -> None:
    screen.command("kubectl", "-n", TARGET, "get", "deployments,services,pods")
    left = stage.cluster.kubectl("-n", TARGET, "get", "deployments,services,pods", "-o", "name").strip()
    screen.put(f"  {left or 'No resources found: everything is gone.'}")
    checkout.git("pull", "-q")
    screen.command("git", "log", "--stat", "-1")
    for line in checkout.git("log", "--stat", "-1", "--format=%h %an: %s").splitlines():
        screen.put(f"  {line}" if line else "")


def _finish(times: dict[str, dict[str, float]], exports: str, stage: Stage) -> None:
    screen.title("The times of this machine, in seconds since the push")
    rows = [("push", *(name for _, name in _MARKS))]
    rows += [
        (push, *(f"{found[mark]:.1f}" if mark in found else "-" for mark, _ in _MARKS)) for push, found in times.items()
    ]
    screen.table(rows)
    screen.title("To look further")
    for line in exports.strip().splitlines():
        if line.startswith(("export KUBECONFIG=", "export PATH=")):
            screen.put(f"  {line}")
    screen.put(f"  export PATH={Path('.venv/bin').resolve()}:$PATH   # pushboat")
    screen.fields(
        [
            ("all runs", f"tkn pipelinerun list -n {NAMESPACE}"),
            ("a run's log", f"tkn pipelinerun logs --last -n {NAMESPACE}"),
            ("the apps", f"pushboat status -n {NAMESPACE}   (also: tkn pushboat status)"),
            ("the repository", f"{stage.folder / REPOSITORY} is a clone: change something and push"),
            ("follow an app", f"pushboat logs {APP} -n {NAMESPACE}"),
            ("the bundle", f"{stage.folder / 'bundle.yaml'}, made from platform.yaml beside it"),
        ]
    )  # fmt: skip
    screen.title("To clean up")
    screen.fields(
        [
            ("hack/dev demo --clean", "what the demo made; the cluster stays"),
            ("hack/dev clean", "ends the cluster and the Git host too"),
        ]
    )
