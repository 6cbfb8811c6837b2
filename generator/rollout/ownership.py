"""Which recorded objects are ours. A name proves nothing: an object that was claimed may be somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cluster.api import ref_of
from generator.model import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.cluster.api import Api
    from generator.model.inventory import ObjectRef


def owned(api: Api, refs: Iterable[ObjectRef], app: str) -> list[ObjectRef]:
    """Those of `refs` that may be deleted, each with its uid; what is not there, or not ours, is left out."""
    found = (ref if ref.uid else _confirmed(api, ref, app) for ref in refs)
    return [ref for ref in found if ref]


def _confirmed(api: Api, ref: ObjectRef, app: str) -> ObjectRef | None:
    """An object that was claimed but never confirmed as applied is ours only if it carries our label."""
    item = api.get(ref)
    labels = (item or {}).get("metadata", {}).get("labels", {})
    return ref_of(item) if item and labels.get(names.APP) == app else None
