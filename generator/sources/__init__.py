"""Where manifests come from: one file each. A source turns a parsed app into the objects of one target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from generator.model import names
from generator.sources import components, helm, kustomize, manifests
from generator.sources.accounts import check_accounts
from generator.sources.order import apply_order

if TYPE_CHECKING:
    from generator.model.app import App
    from generator.model.platform import Target
    from generator.sources.given import Given

Objects = list[dict[str, Any]]


class Source(Protocol):
    """A source is a module with this one function; its docstring is its manual."""

    def build(self, given: Given) -> Objects:
        """The objects of an app on a target; problems are appended to those given, with the place they stand at."""


# By the field of `spec` that asks for it; a definition has exactly one.
SOURCES: dict[str, Source] = {
    "components": components,
    "manifests": manifests,
    "helm": helm,
    "kustomize": kustomize,
}


def build(given: Given) -> Objects:
    """The app's objects on a target, labelled as the app's own and in the order they are applied."""
    source = next((source for name, source in SOURCES.items() if getattr(given.app, name)), None)
    if source is None:  # the schema asks for one, so this is for apps made otherwise
        given.report(("spec",), f"nothing to deliver: spec needs one of {', '.join(SOURCES)}")
        return []
    found = source.build(given)
    check_accounts(found, given)
    return sorted((_own(item, given.app, given.target) for item in found), key=apply_order)


def _own(item: dict[str, Any], app: App, target: Target) -> dict[str, Any]:
    metadata = item["metadata"]
    labels = {
        **app.labels,
        **(metadata.get("labels") or {}),
        names.APP: app.name,
        "app.kubernetes.io/managed-by": "pushboat",
    }
    return {**item, "metadata": {**metadata, "namespace": target.namespace, "labels": labels}}
