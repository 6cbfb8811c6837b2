"""Step confirm-gone: gone means that the API server answers 404, or has another object of that name by now."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.core.queue import Turn
from generator.model import names
from generator.model.errors import PushboatError, SupersededError
from generator.model.inventory import State
from generator.model.status import Mood
from generator.rollout import claim, turns
from generator.rollout.gone import until_gone
from generator.steps import outcome, shell
from generator.steps.remove import since

if TYPE_CHECKING:
    from generator.cluster.api import Api
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
            turns.leave(api, records.namespace, plan)
        except PushboatError as error:
            outcome.failed(records, plan, State.DELETE_BLOCKED, error)
            raise
    return Outputs(str(remaining))


def _confirm(api: Api, records: Records, plan: Plan) -> int:
    inventory = records.inventory(plan.app, plan.target)
    if inventory:
        claim.check(records, plan)
        until_gone(api, records, plan, list(inventory.objects), since(plan))
        say(f"{plan.app} on {plan.target}: all {len(inventory.objects)} objects are confirmed gone")
        if not records.drop_inventory(plan.app, plan.target, plan.run):
            raise SupersededError("superseded by a newer run, which has the app now")
    turns.leave(api, records.namespace, plan)  # what is left to do is in Git alone
    others = _elsewhere(api, records, plan)
    if others:
        where = ", ".join(sorted(others))
        outcome.tell(plan, Mood.SUCCESS, f"removed from {plan.target}; its YAML stays until it is gone from {where}")
    return len(others)


def _elsewhere(api: Api, records: Records, plan: Plan) -> set[str]:
    """The other targets that the app is on, or that a run is about to bring it to or remove it from."""
    recorded = {one.target for one in records.inventories({names.APP: plan.app})}
    coming = {
        run.plan.target
        for run in turns.find(api, records.namespace, {names.APP: plan.app})
        if run.turn is not Turn.OVER and run.plan.target != plan.target
    }
    return recorded | coming


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
