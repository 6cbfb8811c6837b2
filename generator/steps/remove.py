"""Step remove: ask for the deletion of everything an app consists of, in the reverse of the order it was applied."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.model import names
from generator.model.component import Kind
from generator.model.errors import PushboatError, SupersededError
from generator.model.inventory import Inventory, ObjectRef, State
from generator.rollout import claim
from generator.rollout.gone import until_gone
from generator.rollout.neighbours import until_not_needed
from generator.rollout.ownership import owned
from generator.rollout.volumes import template_claims
from generator.sources.order import rank_of
from generator.steps import outcome, shell

if TYPE_CHECKING:
    from pathlib import Path

    from generator.cluster.api import Api
    from generator.model.plan import Plan


_WORKLOADS = tuple(kind.value for kind in Kind)


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
    until_not_needed(records, plan)
    _clock(plan).write_text(str(time.monotonic()))
    if before is None:
        claim.settle(records, plan, State.DELETING, "")
        return
    going = _going(api, before, plan)
    claim.settle(records, plan, State.DELETING, "", objects=tuple(going))
    for group in _in_order(going, plan):
        _delete(api, records, plan, group)
        until_gone(api, records, plan, group, since(plan))
    _delete(api, records, plan, going)


def _delete(api: Api, records: Records, plan: Plan, refs: list[ObjectRef]) -> None:
    for ref in refs:
        claim.check(records, plan)  # a mark that is taken back stops the deletion where it is
        if api.delete(ref):
            say(f"deleting {ref}")


def _in_order(going: list[ObjectRef], plan: Plan) -> list[list[ObjectRef]]:
    """The workloads of each component in `deletion.order`; in the foreground they stay until their pods are gone."""
    wanted = [names.object_name(plan.app, component) for component in plan.deletion.order]
    return [[ref for ref in going if ref.kind in _WORKLOADS and ref.name == name] for name in wanted]


def _clock(plan: Plan) -> Path:
    return shell.root() / "work" / f"removing-{plan.app}.{plan.target}"


def since(plan: Plan) -> float:
    """When the deletion of the objects began; the next step of the pod, with the same clock, goes on with it."""
    file = _clock(plan)
    return float(file.read_text()) if file.exists() else time.monotonic()


def _going(api: Api, before: Inventory, plan: Plan) -> list[ObjectRef]:
    """What is to go, last applied first. Claims go only with `data: delete`, those made from templates included."""
    refs = owned(api, before.objects, plan.app)
    if plan.deletion.takes_data:
        refs = list(claim.merge(refs, template_claims(api, refs)))
    else:
        for ref in refs:
            if ref.kind == "PersistentVolumeClaim":
                say(f"kept {ref}: deletion.data is retain")
        refs = [ref for ref in refs if ref.kind != "PersistentVolumeClaim"]
    return sorted(refs, key=lambda ref: (rank_of(ref.kind), ref.name), reverse=True)


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
