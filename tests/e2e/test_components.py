"""What only an API server can tell: it takes every field of components, and restricted namespaces take the pods."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from generator.model.component import Kind
from generator.model.platform import Target
from hack.stage import Cluster
from tests.unit.sources.every_field import COMPONENTS, TARGET, objects

WORKLOADS = {kind.value for kind in Kind}


class Namespace:
    """A namespace that enforces restricted pods, and what the API server says to objects there."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        own = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        cluster.kubectl("apply", "-f", "-", data=json.dumps(own))
        cluster.kubectl("-n", name, "create", "serviceaccount", "web")

    def made(self, components: str, name: str = "shop") -> list[dict[str, Any]]:
        """The objects of components, for this namespace."""
        target = Target("default", self.name, routes=TARGET.routes, service_accounts=TARGET.service_accounts)
        found, problems = objects(components, target, name)
        assert problems == []
        return found

    def apply(self, items: list[dict[str, Any]], *words: str) -> list[str]:
        """The names of what is applied; an unknown field is an error, and so is a warning."""
        data = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        strict = ("--validate=strict", "--warnings-as-errors", "-o", "name")
        return self.cluster.kubectl(
            "apply", "--server-side", "--field-manager=pushboat", *strict, *words, "-f", "-", data=data
        ).split()


@pytest.fixture(scope="module")
def namespace() -> Iterator[Namespace]:
    made = Namespace(Cluster(), f"components-{secrets.token_hex(3)}")
    yield made
    made.cluster.kubectl("delete", "namespace", made.name, "--wait=false")


def _pod(item: dict[str, Any]) -> dict[str, Any]:
    """The pod that a workload's controller would make."""
    spec = item["spec"]["jobTemplate"]["spec"] if item["kind"] == "CronJob" else item["spec"]
    own = {key: value for key, value in item["metadata"].items() if key in ("name", "namespace")}
    labels = spec["template"]["metadata"]["labels"]
    claims = [one["metadata"]["name"] for one in spec.get("volumeClaimTemplates", ())]
    pod = {**spec["template"]["spec"]}
    pod["volumes"] = pod.get("volumes", []) + [
        {"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims
    ]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {**own, "labels": labels}, "spec": pod}


def _routes_are_known(namespace: Namespace) -> bool:
    return bool(namespace.cluster.kubectl("get", "crd", "httproutes.gateway.networking.k8s.io", "--ignore-not-found"))


def test_every_field_is_taken(namespace: Namespace) -> None:
    found = namespace.made(COMPONENTS)
    assert {one["kind"] for one in found} > WORKLOADS
    if not _routes_are_known(namespace):
        found = [one for one in found if one["kind"] != "HTTPRoute"]
    assert len(namespace.apply(found, "--dry-run=server")) == len(found)


def test_restricted_pod_security_takes_every_pod(namespace: Namespace) -> None:
    pods = [_pod(one) for one in namespace.made(COMPONENTS) if one["kind"] in WORKLOADS]
    assert len(namespace.apply(pods, "--dry-run=server")) == len(pods)


def test_the_namespace_would_refuse_another_pod(namespace: Namespace) -> None:
    (pod, *_) = [_pod(one) for one in namespace.made(COMPONENTS) if one["kind"] == "Deployment"]
    del pod["spec"]["securityContext"]["runAsNonRoot"]
    with pytest.raises(RuntimeError, match="violates PodSecurity"):
        namespace.apply([pod], "--dry-run=server")


@pytest.mark.parametrize("kind", sorted(WORKLOADS))
def test_the_longest_names_are_taken(namespace: Namespace, kind: str) -> None:
    name, schedule = "a" + "9-" * 19 + "z", ", schedule: '@daily'" if kind == "CronJob" else ""
    ports = "" if schedule or kind == "Job" else f", ports: [{{name: {'p' * 15}, port: 65535}}]"
    storage = f", storage: [{{name: {'d' * 63}, path: /d, size: 1Gi}}]" if kind == "StatefulSet" else ""
    text = f"- {{name: {name}, kind: {kind}, image: 'a:1'{schedule}{ports}{storage}"
    found = namespace.made(f"{text}, files: [{{path: /etc/{'f' * 200}, text: x}}]}}", name[::-1].replace("z", "b", 1))
    assert namespace.apply(found, "--dry-run=server")
    assert namespace.apply([_pod(one) for one in found if one["kind"] == kind], "--dry-run=server")


def test_an_update_order_may_change(namespace: Namespace) -> None:
    """Fields that a strategy no longer has must leave the object, as Kubernetes refuses some of them together."""
    head = "- {name: web, kind: Deployment, image: 'a:1', replicas: 0, update: "
    for update, kind in (
        ("{order: startFirst}", "RollingUpdate"),
        ("{order: stopFirst, atOnce: 100%}", "Recreate"),
        ("{order: stopFirst, atOnce: 1}", "RollingUpdate"),
    ):
        (one,) = namespace.apply(namespace.made(f"{head}{update}}}"))
        live = namespace.cluster.get("deployment", one.rpartition("/")[2], namespace.name)
        assert live is not None
        assert live["spec"]["strategy"]["type"] == kind
