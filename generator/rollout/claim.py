"""The claim of a run on an app and target: the inventory names the run at work, and the newest push wins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.model.errors import SupersededError, UserError
from generator.model.inventory import Inventory, ObjectRef, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.cluster.records import Records
    from generator.model.plan import Plan


def claim(records: Records, plan: Plan, state: State, objects: Iterable[ObjectRef]) -> Inventory | None:
    """Record this run, with every object it may touch, before it touches any; gives the inventory as it was.

    Raises as `admit` does, and UserError for what a damaged record does not tell.
    """
    before: list[Inventory | None] = []

    def change(found: Inventory | None) -> Inventory:
        _admit(found, plan)
        if found and found.state is State.DAMAGED:
            found = _anew(found, plan, state)
        before.append(found)
        base = found or _first(plan, state)
        return replace(
            base,
            repository=plan.repository, path=plan.path, state=state, version=plan.version, commit=plan.commit,
            sequence=plan.sequence, definition=plan.definition, current=plan.release or base.current, run=plan.run,
            message="", objects=merge(base.objects, objects), depends_on=plan.depends_on,
        )  # fmt: skip

    records.update(plan.app, plan.target, change)
    return before[-1]


def admit(records: Records, plan: Plan) -> None:
    """Raises SupersededError when a later push has been here already, UserError when the app is not ours to touch."""
    _admit(records.inventory(plan.app, plan.target), plan)


def _admit(found: Inventory | None, plan: Plan) -> None:
    if found is None:
        return
    if found.repository not in ("", plan.repository):
        raise UserError(f"{plan.app} is delivered by repository {found.repository}")
    # Of two pushes with the same sequence the first to get here keeps the app.
    rival = found.sequence == plan.sequence and found.run != plan.run and found.commit != plan.commit
    if found.sequence > plan.sequence or rival:
        raise SupersededError(f"superseded by {found.run}")


def _first(plan: Plan, state: State) -> Inventory:
    return Inventory(plan.app, plan.target, plan.namespace, plan.repository, plan.path, state)


def _anew(damaged: Inventory, plan: Plan, state: State) -> Inventory:
    """A roll-out knows all objects from its release; what a deletion would have to remove nobody knows."""
    if state is State.DELETING:
        raise UserError(
            f"the record of {damaged.app} on {damaged.target} is damaged: push it without the delete mark first, "
            "which records it anew"
        )
    return _first(plan, state)


def check(records: Records, plan: Plan) -> None:
    """Raises SupersededError when another run has claimed the app since."""
    _own(records.inventory(plan.app, plan.target), plan)


def settle(records: Records, plan: Plan, state: State, message: str, **fields: object) -> Inventory:
    """Record how this run stands, as long as it holds the claim."""

    def change(found: Inventory | None) -> Inventory:
        return replace(_own(found, plan), state=state, message=message, **fields)  # type: ignore[arg-type]

    return records.update(plan.app, plan.target, change)


def _own(found: Inventory | None, plan: Plan) -> Inventory:
    if found is None or found.run != plan.run:
        raise SupersededError(f"superseded by {found.run if found else 'a deletion'}")
    return found


def merge(old: Iterable[ObjectRef], new: Iterable[ObjectRef]) -> tuple[ObjectRef, ...]:
    """Old and new objects once each; what is in both keeps the uid that is known."""
    found = {ref.key: ref for ref in old}
    for ref in new:
        known = found.get(ref.key)
        found[ref.key] = replace(ref, uid=ref.uid or (known.uid if known else ""))
    return tuple(found.values())
