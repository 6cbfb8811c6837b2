"""What a push is compared with: two bare pods one after the other, a one-step TaskRun, and a step's Python."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from generator.cluster.api import ref_of
from hack.stage import run

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from hack.stage.watcher import Watcher

IMPORTS = ("generator.steps.diff", "generator.steps.classify", "generator.steps.render", "generator.steps.roll_out")
_SECURITY = {
    "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "runAsUser": 65532,
    "readOnlyRootFilesystem": True, "seccompProfile": {"type": "RuntimeDefault"},
}  # fmt: skip
_TIMER = """
import json, subprocess, sys, time
def once(code):
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin
print(json.dumps({name: [once("import " + name) for _ in range(20)] for name in sys.argv[1:]}))
"""


def _pod(namespace: str, name: str, image: str, *, prepared: bool = False) -> dict[str, Any]:
    """A bare pod; `prepared`: with an init container that does nothing, since every pod of Tekton's has one."""
    container = {"name": "main", "image": image, "command": ["sleep", "3600"], "securityContext": _SECURITY}
    first = {"name": "prepare", "image": image, "command": ["true"], "securityContext": _SECURITY}
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "terminationGracePeriodSeconds": 0, "initContainers": [first] if prepared else [],
            "containers": [container],
        },
    }  # fmt: skip


def two_pods_to_their_end(api: Api, watcher: Watcher, namespace: str, image: str, tag: str) -> float:
    """From the creation of the first to the end of the second, which is created once the first has ended.

    This is how the two pods of a delivery follow each other: a pod that has done nothing, and then another one.
    """
    begin = time.time()
    for name in (f"ended-{tag}-1", f"ended-{tag}-2"):
        pod = _pod(namespace, name, image)
        pod["spec"] |= {"restartPolicy": "Never"}
        pod["spec"]["containers"][0]["command"] = ["true"]
        _end(api, watcher, pod)
        api.delete(ref_of(pod), propagation="Background")
    return time.time() - begin


def _end(api: Api, watcher: Watcher, pod: dict[str, Any]) -> None:
    begin, name = time.time(), pod["metadata"]["name"]
    api.create(pod)
    watcher.first(f"the end of pod {name}", lambda e: e.name == name and e.phase == "Succeeded", begin)


def two_pods(api: Api, watcher: Watcher, namespace: str, image: str, tag: str, *, prepared: bool = False) -> float:
    """From the creation of the first to the second being Ready; the first's deletion is not waited for."""
    begin, pods, kind = time.time(), [], "prepared" if prepared else "floor"
    for name in (f"{kind}-{tag}-1", f"{kind}-{tag}-2"):
        pods.append(_pod(namespace, name, image, prepared=prepared))
        _start(api, watcher, pods[-1])
    took = time.time() - begin
    for pod in pods:
        api.delete(ref_of(pod), propagation="Background")
    return took


def _start(api: Api, watcher: Watcher, pod: dict[str, Any]) -> None:
    begin, name = time.time(), pod["metadata"]["name"]
    api.create(pod)
    watcher.first(f"pod {name}", lambda e: e.name == name and e.condition("Ready") == "True", begin)


def task_run(api: Api, watcher: Watcher, namespace: str, image: str, tag: str) -> float:
    """From the creation of a TaskRun of one step, which does nothing, to its success."""
    name = f"taskrun-{tag}"
    step = {"name": "nothing", "image": image, "command": ["true"], "securityContext": _SECURITY}
    item = {
        "apiVersion": "tekton.dev/v1", "kind": "TaskRun", "metadata": {"name": name, "namespace": namespace},
        "spec": {"taskSpec": {"steps": [step]}},
    }  # fmt: skip
    begin = time.time()
    api.create(item)
    done = watcher.first(f"TaskRun {name}", lambda e: e.name == name and e.condition("Succeeded") == "True", begin)
    api.delete(ref_of(item), propagation="Background")
    return done.at - begin


def python_starts(api: Api, watcher: Watcher, namespace: str, image: str) -> dict[str, list[float]]:
    """How long Python takes from start to end inside the image when it only imports a step, 20 times each."""
    pod = _pod(namespace, "python", image)
    _start(api, watcher, pod)
    text = run("kubectl", "-n", namespace, "exec", "python", "--", "python3", "-c", _TIMER, *IMPORTS)
    api.delete(ref_of(pod), propagation="Background")
    return {str(name): [float(one) for one in times] for name, times in json.loads(text).items()}
