"""Wait until objects are gone: the API server answers 404, or has another object of that name by now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from generator.console import say
from generator.model.errors import UserError
from generator.rollout import claim

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object
    from generator.cluster.records import Records
    from generator.model.inventory import ObjectRef
    from generator.model.plan import Plan


def until_gone(api: Api, records: Records, plan: Plan, refs: list[ObjectRef], since: float) -> None:
    """Raises UserError that names what blocks, once the app's own timeout has passed since `since`."""
    pause, said = 0.1, ""
    while True:
        left = [(ref, item) for ref, item in ((ref, api.get(ref)) for ref in refs) if _is_there(ref, item)]
        if not left:
            return
        text = blockers([(ref, item) for ref, item in left if item])
        if time.monotonic() > since + plan.deletion.timeout:
            raise UserError(f"DeleteBlocked after {plan.deletion.timeout} s: {text}; its YAML stays in Git")
        if text != said:
            say(f"waiting for {text}")
            said = text
        claim.check(records, plan)
        time.sleep(pause)
        pause = min(pause * 1.5, 2.0)


def _is_there(ref: ObjectRef, item: Object | None) -> bool:
    if item is None:
        return False
    if item["metadata"]["uid"] != ref.uid:
        say(f"{ref} is another object by now, made by somebody else; it is left alone")
        return False
    return True


def blockers(left: list[tuple[ObjectRef, Object]]) -> str:
    """Each object that is still there, with the finalizers that hold it."""
    words = []
    for ref, item in left:
        holding = item["metadata"].get("finalizers") or []
        words.append(f"{ref} (held by {', '.join(holding)})" if holding else str(ref))
    return ", ".join(sorted(words))
