"""Why a workload is not well: its failing pods by name, the kubelet's reason, and the last line of their log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.health import pod as pod_rule
from generator.model.health import HEALTHY
from generator.model.status import one_line, redact

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object

_REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What ails a pod, and for how many seconds it may before it has had its chance to heal."""

    text: str
    patience: float


def trouble_of(api: Api, workload: Object) -> Trouble | None:
    """What ails the pods of the workload's newest revision, the worst first; None while they just come up."""
    ailing = [pod for pod in _new_pods(api, workload) if pod_rule.health(pod) not in (HEALTHY, pod_rule.NOT_READY)]
    if not ailing:
        return None
    pod = min(ailing, key=pod_rule.patience)
    last = _last_line(api, pod)
    said = f'; its last words: "{last}"' if last else ""
    text = one_line(f"pod {pod['metadata']['name']}: {pod_rule.health(pod).message}{said}", 600)
    return Trouble(text, pod_rule.patience(pod))


def _new_pods(api: Api, workload: Object) -> list[Object]:
    labels = workload.get("spec", {}).get("selector", {}).get("matchLabels")
    if not labels:
        return []
    namespace = workload["metadata"]["namespace"]
    wanted = labels | _revision(api, workload, labels)
    pods = api.list("v1", "Pod", namespace, wanted)
    if workload["kind"] == "Job":  # a failed try is the Job's to count; only what keeps a try from running counts here
        pods = [pod for pod in pods if pod.get("status", {}).get("phase") != "Failed"]
    return sorted(
        (pod for pod in pods if "deletionTimestamp" not in pod["metadata"]),
        key=lambda pod: str(pod["metadata"]["name"]),
    )


def _revision(api: Api, workload: Object, labels: dict[str, str]) -> dict[str, str]:
    """The label that tells the newest revision's pods from those that are being replaced, broken ones among them."""
    if workload["kind"] == "StatefulSet":
        return {"controller-revision-hash": workload.get("status", {}).get("updateRevision", "")}
    if workload["kind"] != "Deployment":
        return {}
    revision = workload["metadata"].get("annotations", {}).get(_REVISION)
    sets = api.list("apps/v1", "ReplicaSet", workload["metadata"]["namespace"], labels)
    newest = [one for one in sets if one["metadata"].get("annotations", {}).get(_REVISION) == revision]
    return {"pod-template-hash": newest[0]["metadata"]["labels"]["pod-template-hash"]} if newest else {}


def _last_line(api: Api, pod: dict[str, Any]) -> str:
    for container in pod.get("status", {}).get("containerStatuses", []):
        if container.get("ready"):
            continue
        for previous in (False, True):
            text = api.log(
                pod["metadata"]["namespace"], pod["metadata"]["name"], container["name"], tail=1, previous=previous
            )
            if text.strip():
                return one_line(redact(text), 200)
    return ""
