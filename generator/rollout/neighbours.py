"""The apps that one depends on, and those that depend on it: a roll-out waits for those, a deletion for these."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from generator.console import say
from generator.core.queue import Run, Turn
from generator.model import names
from generator.model.change import Action
from generator.model.errors import UserError
from generator.model.inventory import Inventory, State
from generator.rollout import claim, turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cluster.records import Records
    from generator.model.plan import Plan

_PAUSE = 1.0
_FAILED = (State.FAILED, State.DELETE_BLOCKED)


def until_ready(records: Records, plan: Plan) -> None:
    """Wait until all that the app depends on is healthy on its target, and as new as this push makes it.

    Raises UserError at once for one that has failed or goes, and for one that takes longer than `timeouts.health`.
    """
    _wait(records, plan, State.APPLYING, plan.timeouts.health, lambda: _not_ready(records, plan))


def until_not_needed(records: Records, plan: Plan) -> None:
    """Wait until the apps that go in the same push, and depend on this one, are gone; for no other ones.

    Raises UserError for one that stays, or that could not be removed.
    """
    _wait(records, plan, State.DELETING, plan.deletion.timeout, lambda: _needing(records, plan))


def _wait(records: Records, plan: Plan, state: State, seconds: int, look: Callable[[], str]) -> None:
    deadline, said = time.monotonic() + seconds, ""
    while text := look():
        if time.monotonic() > deadline:
            blocked = "DeleteBlocked: " if state is State.DELETING else ""
            raise UserError(f"{blocked}waited {seconds} s for {text}")
        if text == said:
            claim.check(records, plan)
        else:
            say(f"waiting for {text}")
            claim.settle(records, plan, state, f"waits for {text}")
            said = text
        time.sleep(_PAUSE)


def _not_ready(records: Records, plan: Plan) -> str:
    """What is not ready yet, and why; empty where all is."""
    found = ((name, _why_not(records, plan, name)) for name in plan.depends_on)
    return ", ".join(f"{name} ({why})" for name, why in found if why)


def _why_not(records: Records, plan: Plan, name: str) -> str:
    if _is_ready(records.inventory(name, plan.target), plan):
        return ""
    runs = turns.at(records.api, records.namespace, name, plan.target)
    found = records.inventory(name, plan.target)  # again: a run that is over has recorded how it ended
    if _is_ready(found, plan):
        return ""
    coming = [run for run in runs if run.turn is not Turn.OVER]
    if coming and all(run.plan.action is Action.DELETE for run in coming):
        raise UserError(f"{name}, which it depends on, is being deleted")
    if coming:
        return "its run waits" if all(run.turn is Turn.WAITING for run in coming) else "its run is at work"
    if _awaits(plan, name) and not any(run.plan.sequence >= plan.sequence for run in runs):
        return "its run has not been started yet"
    raise UserError(f"{name}, which it depends on, failed: {_reason(found, runs)}")


def _is_ready(found: Inventory | None, plan: Plan) -> bool:
    if found is None or found.state is not State.HEALTHY:
        return False
    return not _awaits(plan, found.app) or found.sequence >= plan.sequence


def _awaits(plan: Plan, name: str) -> bool:
    return name in plan.awaits


def _reason(found: Inventory | None, runs: list[Run]) -> str:
    if found and found.state is not State.HEALTHY:
        return found.message or f"it is {found.state.value}"
    last = max(runs, key=lambda run: run.plan.sequence, default=None)
    return f"{last.plan.run} has ended without it" if last else "it is not there"


def _needing(records: Records, plan: Plan) -> str:
    there = records.inventories({names.needs(plan.app): "", names.TARGET: plan.target})
    staying = sorted(one.app for one in there if one.app not in plan.awaits)
    if staying:
        raise UserError(f"DeleteBlocked: needed on {plan.target} by {', '.join(staying)}; its YAML stays in Git")
    for one in there:
        if one.state in _FAILED and one.sequence >= plan.sequence:
            raise UserError(f"DeleteBlocked: needed on {plan.target} by {one.app}, which failed: {one.message}")
    going = ", ".join(sorted(one.app for one in there))
    return f"{going} to be gone" if going else ""
