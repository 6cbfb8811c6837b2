"""What a change would do to each object, asked of the API server by dry runs of what a roll-out does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cluster.api import ref_of
from generator.core.live import Difference, State, difference
from generator.model import names
from generator.model.change import Action
from generator.rollout.ownership import owned
from generator.rollout.volumes import template_claims
from generator.transport import HttpError

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object
    from generator.model.change import Change
    from generator.model.inventory import Inventory, ObjectRef


def rehearse(api: Api, change: Change, inventory: Inventory | None) -> list[Difference]:
    """One difference for each object that a create, upgrade or delete touches, in the order it does."""
    before = inventory.objects if inventory else ()
    ours = {ref.key for ref in before if ref.uid}
    applied = [_apply(api, change, item, ours) for item in change.objects]
    wanted = {ref_of(item).key for item in change.objects}
    left = [ref for ref in before if ref.key not in wanted]
    return applied + [_told(change, ref, State.REMOVED) for ref in _removed(api, change, left)]


def _apply(api: Api, change: Change, item: Object, ours: set[tuple[str, str, str, str]]) -> Difference:
    ref = ref_of(item)
    try:
        live = api.get(ref)
        owner = (live or {}).get("metadata", {}).get("labels", {}).get(names.APP)
        if ref.key not in ours and owner not in (None, change.app):
            return _told(change, ref, State.REFUSED, f"it belongs to the app {owner}; give it another name")
        force = ref.key in ours or live is None or owner == change.app
        after = api.apply(item, force=force, dry_run=True)
    except HttpError as error:
        return _told(change, ref, State.REFUSED, str(error.body.get("message") or error))
    # What is new is shown as it is sent: a screen of defaults would hide what its writer has said.
    return difference(change.app, change.target, str(ref), live, after if live else item)


def _removed(api: Api, change: Change, left: list[ObjectRef]) -> list[ObjectRef]:
    """What is still there and would go, last applied first; claims go only with the deletion of the app's data."""
    refs = owned(api, left, change.app)
    if change.action is Action.DELETE and change.deletion.takes_data:
        known = {ref.key for ref in refs}
        refs += [ref for ref in template_claims(api, refs) if ref.key not in known]
    else:
        refs = [ref for ref in refs if ref.kind != "PersistentVolumeClaim"]
    return [ref for ref in reversed(refs) if _is_there(api, ref)]


def _is_there(api: Api, ref: ObjectRef) -> bool:
    item = api.get(ref)
    return item is not None and item["metadata"]["uid"] == ref.uid


def _told(change: Change, ref: ObjectRef, state: State, text: str = "") -> Difference:
    return Difference(change.app, change.target, str(ref), state, text)
