"""How a plan ended: recorded in the inventory, told on the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.console import say
from generator.forges.board import Board
from generator.model.errors import PushboatError, SupersededError
from generator.model.status import CommitStatus, Mood, one_line
from generator.rollout import claim
from generator.steps import shell
from generator.steps.configured import configured

if TYPE_CHECKING:
    from generator.cluster.records import Records
    from generator.model.inventory import State
    from generator.model.plan import Plan

# Nobody tells it later, so a forge that is away for a minute is waited for.
_PATIENCE = 60.0


def failed(records: Records, plan: Plan, state: State, error: PushboatError) -> CommitStatus:
    """Record and tell a failure. A superseded run leaves the record alone: it is not its own any more."""
    text = one_line(str(error), 1000)
    if isinstance(error, SupersededError):
        return tell(plan, Mood.ERROR, text)
    try:
        claim.settle(records, plan, state, text)
    except PushboatError as second:
        say(f"the failure could not be recorded: {second}")
    return tell(plan, Mood.FAILURE, text)


def tell(plan: Plan, mood: Mood, text: str) -> CommitStatus:
    """Post a plan's last status, and the summary, on its commit and in the log."""
    say(f"{plan.app} on {plan.target}: {mood.value}: {text}")
    status = CommitStatus(plan.context, mood, one_line(text))
    board = Board(configured(plan.repository), shell.credential("status"), say, patience=_PATIENCE)
    board.close(plan.commit, status)
    return status
