"""The cluster, through kubectl."""

from __future__ import annotations

import json
from typing import Any

from hack.stage.commands import run


class Cluster:
    """The cluster that KUBECONFIG names, through kubectl."""

    def kubectl(self, *words: str, data: str | None = None, check: bool = True) -> str:
        """Run kubectl."""
        return run("kubectl", *words, data=data, check=check)

    def get(self, kind: str, name: str, namespace: str) -> dict[str, Any] | None:
        """An object, or None."""
        text = self.kubectl("-n", namespace, "get", kind, name, "--ignore-not-found", "-o", "json")
        return json.loads(text) if text.strip() else None

    def items(self, kind: str, namespace: str, labels: str = "") -> list[dict[str, Any]]:
        """The objects of a kind."""
        selector = ("-l", labels) if labels else ()
        return list(json.loads(self.kubectl("-n", namespace, "get", kind, *selector, "-o", "json"))["items"])
