"""Step roll-out: carry out create and upgrade plans, several at once, each with its own record, status and failure."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.model.errors import PushboatError, UserError
from generator.model.inventory import State
from generator.model.status import Mood, one_line
from generator.rollout import turns
from generator.rollout.release import deliver
from generator.steps import outcome, shell
from generator.threads import each

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.model.plan import Plan
    from generator.model.status import CommitStatus

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Inputs:
    """`plans`: what to carry out, as JSON."""

    plans: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`outcome`: what became of the plans, in one line."""

    outcome: str


def run(inputs: Inputs) -> Outputs:
    """Raises UserError with the first failure after every plan has ended."""
    plans, api = shell.plans(inputs.plans), in_cluster()
    statuses = each(lambda plan: _carry_out(api, plan), plans, at_once=_AT_ONCE)
    bad = [status for status in statuses if status.mood is Mood.FAILURE]
    if bad:
        raise UserError(bad[0].description)
    return Outputs(one_line("; ".join(status.description for status in statuses), 1000))


def _carry_out(api: Api, plan: Plan) -> CommitStatus:
    records = Records(api, shell.platform().namespace)
    try:
        status = outcome.tell(plan, Mood.SUCCESS, deliver(api, records, plan))
    except PushboatError as error:
        status = outcome.failed(records, plan, State.FAILED, error)
    turns.leave(api, records.namespace, plan)
    return status


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
