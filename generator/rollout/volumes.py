"""The claims that StatefulSets make from their templates; no manifest names them, so they are found by their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.cluster.api import ref_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.cluster.api import Api
    from generator.model.inventory import ObjectRef


def template_claims(api: Api, refs: Iterable[ObjectRef]) -> list[ObjectRef]:
    """The claims of every StatefulSet among `refs` that is still there, and not another one of that name by now."""
    found: list[ObjectRef] = []
    for ref in refs:
        item = api.get(ref) if ref.kind == "StatefulSet" else None
        if item is None or item["metadata"]["uid"] != ref.uid:
            continue
        templates = [one["metadata"]["name"] for one in item["spec"].get("volumeClaimTemplates", [])]
        claims = api.list("v1", "PersistentVolumeClaim", ref.namespace)
        found += [ref_of(one) for one in claims if is_claim_of(one["metadata"]["name"], ref.name, templates)]
    return found


def is_claim_of(claim: str, stateful_set: str, templates: list[str]) -> bool:
    """Whether a claim is called TEMPLATE-SET-ORDINAL, as the StatefulSet controller does."""
    return any(re.fullmatch(rf"{re.escape(one)}-{re.escape(stateful_set)}-[0-9]+", claim) for one in templates)
