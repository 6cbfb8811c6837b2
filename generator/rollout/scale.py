"""Leave the number of pods to an autoscaler: a field that its owner drops would fall back to its default, one pod.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cluster.api import ref_of
from generator.console import say
from generator.model.names import FIELD_MANAGER

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object

_HOLDER = f"{FIELD_MANAGER}-scale"
_SCALED = ("Deployment", "StatefulSet")


def hand_over(api: Api, item: Object) -> None:
    """Before an `item` that names no number of pods is applied, give the number that is there another owner."""
    if item["kind"] not in _SCALED or "replicas" in item["spec"]:
        return
    live = api.get(ref_of(item))
    if live is None or not _is_ours(live):
        return
    metadata = {key: live["metadata"][key] for key in ("name", "namespace")}
    kept = {"apiVersion": item["apiVersion"], "kind": item["kind"], "metadata": metadata}
    api.apply({**kept, "spec": {"replicas": live["spec"]["replicas"]}}, force=False, manager=_HOLDER)
    say(f"{ref_of(item)} keeps its {live['spec']['replicas']} pods for its autoscaler")


def _is_ours(live: Object) -> bool:
    return any(
        entry["manager"] == FIELD_MANAGER and "f:replicas" in entry.get("fieldsV1", {}).get("f:spec", {})
        for entry in live["metadata"].get("managedFields", ())
    )
