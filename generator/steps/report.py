"""Step report: runs only when a phase failed, and tells what that phase could not tell itself.

A phase whose pod never started, or was killed, has left its app's status pending; every other phase has spoken.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.forges.board import Board
from generator.model.change import Action
from generator.model.errors import PushboatError, UserError
from generator.model.inventory import State
from generator.model.status import Mood
from generator.rollout import turns
from generator.steps import outcome, shell
from generator.steps.configured import configured

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.model.plan import Plan

_AT_WORK = (State.APPLYING, State.DELETING)


@dataclass(frozen=True, slots=True)
class Inputs:
    """`plans`: the plans of the run, as JSON; `run`: the PipelineRun's name."""

    plans: str
    run: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`told`: how many plans had to be told of."""

    told: str


def run(inputs: Inputs) -> Outputs:
    """Leaves alone what the phases have told, and lets the app's next run start."""
    api, told = in_cluster(), 0
    records = Records(api, shell.platform().namespace)
    for plan in shell.plans(inputs.plans):
        told += _told(api, records, plan, inputs.run)
        turns.leave(api, records.namespace, plan)
    return Outputs(str(told))


def _told(api: Api, records: Records, plan: Plan, run_name: str) -> bool:
    inventory = records.inventory(plan.app, plan.target)
    ours = inventory if inventory and inventory.run == plan.run else None
    if ours and ours.state in _AT_WORK:
        state = State.DELETE_BLOCKED if plan.action is Action.DELETE else State.FAILED
        outcome.failed(records, plan, state, UserError(_reason(api, run_name)))
    elif not _is_pending(plan):
        return False
    elif ours and ours.state is State.HEALTHY:
        outcome.tell(plan, Mood.SUCCESS, f"{ours.version} is healthy on {plan.target}")
    else:
        outcome.tell(plan, Mood.FAILURE, (ours.message if ours else "") or _reason(api, run_name))
    return True


def _is_pending(plan: Plan) -> bool:
    """Whether the commit still waits for the plan's end; a forge that does not answer is told all the same."""
    board = Board(configured(plan.repository), shell.credential("status"), say)
    try:
        return any(one.context == plan.context and one.mood is Mood.PENDING for one in board.read(plan.commit))
    except PushboatError as error:
        say(f"the commit's statuses cannot be read: {error}")
        return True


def _reason(api: Api, run_name: str) -> str:
    """What Tekton says of the first failed phase."""
    labels = {"tekton.dev/pipelineRun": run_name}
    for item in api.list("tekton.dev/v1", "TaskRun", shell.platform().namespace, labels):
        for condition in item.get("status", {}).get("conditions", []):
            if condition.get("status") == "False":
                phase = item["metadata"]["labels"].get("tekton.dev/pipelineTask", "")
                return f"phase {phase} ended as {condition.get('reason')}: {condition.get('message', '')}"
    return f"the run {run_name} ended without a word; see its pods"


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
