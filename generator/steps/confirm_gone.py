"""Step confirm-gone: gone means that the API server answers 404, or has another object of that name by now."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.model import names
from generator.model.errors import PushboatError, SupersededError, UserError
from generator.model.inventory import ObjectRef, State
from generator.model.status import Mood
from generator.rollout import claim
from generator.steps import outcome, shell

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object
    from generator.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Inputs:
    """`plans`: what is being removed, as JSON."""

    plans: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`remaining`: on how many other targets the apps still are; their YAML stays until it is 0."""

    remaining: str


def run(inputs: Inputs) -> Outputs:
    """Raises UserError naming what blocks, after the app's own timeout; its YAML then stays in Git."""
    api = in_cluster()
    records = Records(api, shell.platform().namespace)
    remaining = 0
    for plan in shell.plans(inputs.plans):
        try:
            remaining += _confirm(api, records, plan)
        except SupersededError as error:
            outcome.failed(records, plan, State.DELETE_BLOCKED, error)
            remaining += 1  # the app lives on where it is, so its YAML stays
        except PushboatError as error:
            outcome.failed(records, plan, State.DELETE_BLOCKED, error)
            raise
    return Outputs(str(remaining))


def _confirm(api: Api, records: Records, plan: Plan) -> int:
    inventory = records.inventory(plan.app, plan.target)
    if inventory:
        claim.check(records, plan)
        _wait(api, records, plan, list(inventory.objects))
        if not records.drop_inventory(plan.app, plan.target, plan.run):
            raise SupersededError("superseded by a newer run, which has the app now")
    others = [one.target for one in records.inventories({names.APP: plan.app})]
    if others:
        where = ", ".join(sorted(others))
        outcome.tell(plan, Mood.SUCCESS, f"removed from {plan.target}; its YAML stays until it is gone from {where}")
    return len(others)


def _wait(api: Api, records: Records, plan: Plan, refs: list[ObjectRef]) -> None:
    deadline = time.monotonic() + plan.timeouts.delete
    pause, said = 0.1, ""
    while True:
        left = [(ref, item) for ref, item in ((ref, api.get(ref)) for ref in refs) if _is_there(ref, item)]
        if not left:
            say(f"{plan.app} on {plan.target}: all {len(refs)} objects are confirmed gone")
            return
        text = blockers([(ref, item) for ref, item in left if item])
        if time.monotonic() > deadline:
            raise UserError(f"DeleteBlocked after {plan.timeouts.delete} s: {text}; its YAML stays in Git")
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


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
