"""The `deliver` run that the catch-up starts; the webhook's own comes out of the TriggerTemplate."""

from __future__ import annotations

from typing import Any

from generator.model import names

# The same as in triggers/listener/triggertemplate.yaml; a test holds them together.
TIMEOUTS = {"pipeline": "15m", "tasks": "12m", "finally": "2m"}


def deliver_run(repository: str, namespace: str, head: str) -> dict[str, Any]:
    """A run that processes everything between the ledger and the branch's head."""
    return {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "metadata": {
            "generateName": f"deliver-{repository}-catch-up-",
            "namespace": namespace,
            "labels": {names.REPOSITORY: repository},
            "annotations": {"pushboat.dev/description": f"Catch up with {repository}, whose head is {head[:7]}"},
        },
        "spec": {
            "pipelineRef": {"name": "deliver"},
            "params": [{"name": "repository", "value": repository}],
            "timeouts": TIMEOUTS,
            "taskRunTemplate": {"serviceAccountName": "pushboat-planner"},
        },
    }
