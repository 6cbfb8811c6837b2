"""Which service accounts pods may run as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.sources.given import Given, Step


def check_accounts(objects: list[dict[str, Any]], given: Given) -> None:
    """Those that the target allows by name, and those that the app makes itself.

    Nobody has given rights to what the app makes: the roll-out refuses to take over an account that was there before.
    """
    own = {item["metadata"]["name"] for item in objects if item["kind"] == "ServiceAccount"}
    allowed = {*given.target.service_accounts, *own, ""}
    for way, name, of in _of_components(given) if given.app.components else _of_objects(objects, given):
        if name not in allowed:
            message = f"target {given.target.name} does not allow the service account '{name}'{of}"
            given.report(way, message, "the platform can allow it under targets[].serviceAccounts")


def _of_components(given: Given) -> Iterator[tuple[tuple[Step, ...], str, str]]:
    for index, component in enumerate(given.app.components):
        yield ("spec", "components", index, "serviceAccount"), component.service_account, ""


def _of_objects(objects: list[dict[str, Any]], given: Given) -> Iterator[tuple[tuple[Step, ...], str, str]]:
    source = next((name for name in ("manifests", "helm", "kustomize") if getattr(given.app, name)), "")
    for item in objects:
        for name in sorted({*_named(item)} - {"default"}):  # what a pod is given that names none
            yield ("spec", source), name, f" of {item['kind']}/{item['metadata']['name']}"


def _named(node: Any) -> Iterator[str]:
    """The service accounts of all pods below; a pod is told by its containers."""
    if isinstance(node, list):
        for item in node:
            yield from _named(item)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("containers"), list):
        yield from (str(node[key]) for key in ("serviceAccountName", "serviceAccount") if node.get(key))
    for child in node.values():
        yield from _named(child)
