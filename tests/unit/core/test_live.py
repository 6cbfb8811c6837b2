"""The difference of two manifests, for people."""

from __future__ import annotations

from typing import Any

from generator.core.live import State, difference


def item(**spec: Any) -> dict[str, Any]:
    metadata = {"name": "a", "uid": "1", "resourceVersion": "7", "generation": 2, "managedFields": [{}]}
    metadata["creationTimestamp"] = "2026-01-01T00:00:00Z"
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec, "status": {"load": spec}}


def test_what_the_api_server_writes_by_itself_is_no_difference() -> None:
    other = item(port=1)
    other["metadata"] |= {"uid": "2", "resourceVersion": "9", "generation": 5}
    other["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{}"}
    found = difference("web", "default", "Service/a", item(port=1), {**other, "status": {}})
    assert (found.state, found.diff) == (State.UNCHANGED, "")


def test_a_change_is_a_unified_diff_of_yaml() -> None:
    found = difference("web", "default", "Service/a", item(port=1), item(port=2))
    assert found.state is State.CHANGED
    assert found.diff == (
        "--- Service/a (live)\n+++ Service/a (pushed)\n@@ -3,4 +3,4 @@\n"
        " metadata:\n   name: a\n spec:\n-  port: 1\n+  port: 2\n"
    )


def test_what_is_not_there_is_added() -> None:
    found = difference("web", "default", "Service/a", None, item(port=1))
    assert found.state is State.ADDED
    assert "+  port: 1\n" in found.diff
