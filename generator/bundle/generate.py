"""Put the bundle together: which sources, how often, in which order."""

from __future__ import annotations

from typing import Any

from generator import __version__
from generator.bundle.catalog import Document, documents
from generator.bundle.harden import harden
from generator.bundle.values import repository_values, target_values, values
from generator.model.platform import Platform
from generator.yamlio.fill import fill

_CLUSTER_KINDS = ("Namespace", "ClusterRole", "ClusterRoleBinding")


def generate(platform: Platform) -> list[Document]:
    """Every object of the bundle in the order it is applied. The same platform always gives the same bundle."""
    known = values(platform)
    access = [f"triggers/access/{name}.yaml" for name in ("listener", "planner", "rollout", "git-writer")]
    found = _filled(documents("triggers/namespace/*.yaml", *access), known)
    for target in platform.targets:
        found += _filled(documents("triggers/access/target.yaml"), known | {"target": target_values(target)})
    found += _filled(documents("tasks/*/*.yaml", "pipelines/*/*.yaml"), known)
    for forge in sorted({repository.forge for repository in platform.repositories}):
        found += _filled(documents(f"triggers/{forge}/triggerbinding.yaml"), known)
    found += _filled(documents("triggers/listener/triggertemplate.yaml"), known)
    for repository in platform.repositories:
        more = {"repository": repository_values(repository)}
        found += _filled(documents(f"triggers/{repository.forge}/trigger.yaml"), known | more)
    found += _filled(documents("triggers/listener/[en]*.yaml", "triggers/catch-up/*.yaml"), known)
    return [Document(one.source, harden(_placed(one.tree, platform.namespace), platform)) for one in found]


def _filled(found: list[Document], known: dict[str, Any]) -> list[Document]:
    return [Document(one.source, fill(one.tree, known)) for one in found]


def _placed(tree: dict[str, Any], namespace: str) -> dict[str, Any]:
    """With its namespace and our labels. No GitOps tracking label: Tekton copies a Task's labels onto its runs."""
    metadata = tree["metadata"]
    place = {} if tree["kind"] in _CLUSTER_KINDS else {"namespace": metadata.get("namespace", namespace)}
    labels = {**metadata.get("labels", {}), "app.kubernetes.io/part-of": "pushboat"}
    labels.setdefault("app.kubernetes.io/version", __version__)
    return {
        **tree,
        "metadata": {
            "name": metadata["name"],
            **place,
            **{k: v for k, v in metadata.items() if k not in ("name", "namespace")},
            "labels": labels,
        },
    }
