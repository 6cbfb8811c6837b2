"""Step remove: ask for the deletion of everything an app consists of, in the reverse of the order it was applied."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.model.errors import PushboatError, SupersededError
from generator.model.inventory import Inventory, ObjectRef, State
from generator.rollout import claim
from generator.rollout.ownership import owned
from generator.rollout.volumes import template_claims
from generator.sources.order import rank_of
from generator.steps import outcome, shell

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Inputs:
    """`plans`: what to remove, as JSON."""

    plans: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """Nothing: what was asked for is in the inventory."""


def run(inputs: Inputs) -> Outputs:
    """Raises UserError when a deletion is refused; nothing is forgotten then."""
    api = in_cluster()
    records = Records(api, shell.platform().namespace)
    for plan in shell.plans(inputs.plans):
        try:
            _remove(api, records, plan)
        except SupersededError as error:
            say(f"{plan.app} on {plan.target}: {error}")  # confirm-gone, which finds the same, tells it
        except PushboatError as error:
            outcome.failed(records, plan, State.DELETE_BLOCKED, error)
            raise
    return Outputs()


def _remove(api: Api, records: Records, plan: Plan) -> None:
    before = claim.claim(records, plan, State.DELETING, ())
    if before is None:
        claim.settle(records, plan, State.DELETING, "")
        return
    going = _going(api, before, plan)
    claim.settle(records, plan, State.DELETING, "", objects=tuple(going))
    for ref in going:
        claim.check(records, plan)  # a mark that is taken back stops the deletion where it is
        api.delete(ref)
        say(f"deleting {ref}")


def _going(api: Api, before: Inventory, plan: Plan) -> list[ObjectRef]:
    """What is to go, last applied first. Claims go only with `data: delete`, those made from templates included."""
    refs = owned(api, before.objects, plan.app)
    if plan.delete_data:
        refs = list(claim.merge(refs, template_claims(api, refs)))
    else:
        for ref in refs:
            if ref.kind == "PersistentVolumeClaim":
                say(f"kept {ref}: deletion.data is retain")
        refs = [ref for ref in refs if ref.kind != "PersistentVolumeClaim"]
    return sorted(refs, key=lambda ref: (rank_of(ref.kind), ref.name), reverse=True)


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
