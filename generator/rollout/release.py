"""Carry out one plan of kind create or upgrade: claim, apply, wait, prune, record."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.cluster.api import ref_of
from generator.console import say
from generator.model import names
from generator.model.errors import UserError, VanishedError
from generator.model.inventory import Inventory, ObjectRef, State
from generator.rollout import claim
from generator.rollout.neighbours import until_ready
from generator.rollout.ownership import owned
from generator.rollout.scale import hand_over
from generator.rollout.volumes import template_claims
from generator.rollout.wait import until_healthy
from generator.transport import HttpError

_ATTEMPTS = 3

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object
    from generator.cluster.records import Records
    from generator.model.plan import Plan


def deliver(api: Api, records: Records, plan: Plan) -> str:
    """The one-line success. Raises a PushboatError that says why not; the inventory then keeps every object."""
    started = time.monotonic()
    claim.admit(records, plan)  # a superseded run's release may be gone already
    objects = records.release(plan.release)
    before = claim.claim(records, plan, State.APPLYING, [ref_of(item) for item in objects])
    until_ready(records, plan)
    applied = _roll_out(api, records, plan, objects, before)
    kept = _prune(api, records, plan, before, applied)
    claim.settle(
        records, plan, State.HEALTHY, "", objects=applied + kept, last_good=plan.release, last_good_version=plan.version
    )
    records.drop_releases(plan.app, plan.target, plan.sequence, keep=plan.release)
    return f"{plan.version} is healthy on {plan.target} after {time.monotonic() - started:.0f} s"


def _roll_out(
    api: Api, records: Records, plan: Plan, objects: list[Object], before: Inventory | None
) -> tuple[ObjectRef, ...]:
    """Apply and wait. What a deletion that was under way still takes away is applied again."""
    deadline = time.monotonic() + plan.deletion.timeout  # for what is still going; then one for all attempts
    for attempt in range(_ATTEMPTS):
        try:
            applied = _apply_all(api, records, plan, objects, before, deadline)
            deadline = deadline if attempt else time.monotonic() + plan.timeouts.health
            until_healthy(api, records, plan, applied, deadline=deadline)
        except VanishedError as error:
            if attempt == _ATTEMPTS - 1:
                raise
            say(f"applying again: {error}")
        else:
            return applied
    raise AssertionError("the last attempt returns or raises")


def _apply_all(
    api: Api, records: Records, plan: Plan, objects: list[Object], before: Inventory | None, deadline: float
) -> tuple[ObjectRef, ...]:
    ours = {ref.key: ref for ref in before.objects if ref.uid} if before else {}
    applied: list[ObjectRef] = []
    for item in objects:
        ref = ref_of(item)
        applied.append(replace(ref, uid=_apply(api, plan, item, deadline, ours=ref.key in ours)))
        say(f"applied {ref}")
    # The uids are what pruning and deletion go by, so they are kept before anything can go wrong.
    known = before.objects if before else ()
    claim.settle(records, plan, State.APPLYING, "", objects=claim.merge(known, applied))
    return tuple(applied)


def _apply(api: Api, plan: Plan, item: Object, deadline: float, *, ours: bool) -> str:
    """Git is the truth for what is ours; what is not is only taken over where nobody else claims its fields."""
    ref = ref_of(item)
    found = None if ours else api.get(ref)
    owner = (found or {}).get("metadata", {}).get("labels", {}).get(names.APP)
    if owner not in (None, plan.app):
        raise UserError(f"{ref} belongs to the app {owner}; give it another name")
    if found and owner is None and ref.kind == "ServiceAccount":  # somebody may have given it rights
        allow = "only the platform may let apps use it: targets[].serviceAccounts"
        raise UserError(f"{ref} was there before; {allow}")
    try:
        hand_over(api, item)
        live = api.apply(item, force=ours or found is None or owner == plan.app)
        if "deletionTimestamp" in live["metadata"]:
            _until_gone(api, ref_of(live), deadline)
            live = api.apply(item, force=True)
    except HttpError as error:
        raise UserError(f"{ref} was not accepted: {error.body.get('message') or error}") from error
    return str(live["metadata"]["uid"])


def _until_gone(api: Api, ref: ObjectRef, deadline: float) -> None:
    """A delete mark that was taken back meets objects that are still going; they are made anew once they are gone."""
    say(f"waiting for the {ref} that is being deleted to be gone")
    started = time.monotonic()
    while (item := api.get(ref)) and item["metadata"]["uid"] == ref.uid:
        if time.monotonic() > deadline:
            raise UserError(f"{ref} is still being deleted after {time.monotonic() - started:.0f} s")
        time.sleep(0.5)


def _prune(
    api: Api, records: Records, plan: Plan, before: Inventory | None, applied: tuple[ObjectRef, ...]
) -> tuple[ObjectRef, ...]:
    """Delete what left the definition. Claims stay, and stay recorded: only the deletion of the app takes data."""
    wanted = {ref.key for ref in applied}
    left = owned(api, [ref for ref in (before.objects if before else ()) if ref.key not in wanted], plan.app)
    if not left:
        return ()
    left = list(claim.merge(left, template_claims(api, left)))
    # Once their StatefulSet is gone nothing else leads to its claims.
    claim.settle(records, plan, State.APPLYING, "", objects=(*applied, *left))
    kept = tuple(ref for ref in left if ref.kind == "PersistentVolumeClaim")
    for ref in reversed(left):
        if ref not in kept:
            api.delete(ref)
            say(f"pruned {ref}")
    return kept
