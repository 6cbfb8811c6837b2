"""How the runs of a push join the queues of their apps: who waits, who makes way, and who is told so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.console import say
from generator.core.queue import Entry, Run, entry, meet, queued
from generator.model import names
from generator.model.change import STARTS, Action, Change, Push
from generator.model.status import CommitStatus, Mood
from generator.rollout import turns
from generator.steps.shell import platform

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.core.render import Rendered
    from generator.forges.board import Board

_NAMED = 100  # more apps than this do not fit well into a selector


def runs_there(api: Api, push: Push, changes: list[Change]) -> list[Run]:
    """The runs of all apps that the push may start or has called delivered, this push's own included; one request."""
    apps = sorted({one.app for one in changes if one.action in (*STARTS, Action.NONE) and one.target})
    if not apps:
        return []
    if len(apps) > _NAMED:
        return turns.find(api, platform().namespace, {names.REPOSITORY: push.repository, names.APP: ""})
    return turns.find(api, platform().namespace, {names.APP: tuple(apps)})


def later(push: Push, runs: list[Run]) -> Push:
    """The push with a sequence after that of every other one whose runs are there, whatever the ledger has lost."""
    mine = [run.plan for run in runs if run.plan.repository == push.repository]
    highest = max((plan.sequence for plan in mine if plan.commit != push.commit), default=0)
    return replace(push, sequence=max(push.sequence, highest + 1))


def met(changes: list[Change], push: Push, runs: list[Run]) -> list[Change]:
    """The changes as the runs of earlier pushes make them."""
    mine = (push.commit, push.sequence)
    return meet(changes, [run for run in runs if (run.plan.commit, run.plan.sequence) != mine], platform())


def joined(one: Rendered, runs: list[Run]) -> tuple[Rendered, Entry]:
    """What is rendered, Pending where it has to wait, and how it joins."""
    place = entry(one.change, one.plan, runs)
    if not place.waits_for:
        return one, place
    change = replace(one.change, reason=f"{one.change.reason}; waits for {place.waits_for}")
    return replace(one, change=change, run=queued(one.run)), place


def settle(api: Api, board: Board, push: Push, one: Rendered, place: Entry, runs: list[Run]) -> None:
    """Once the run is there: cancel what is in its way, and look again whether it still has to wait."""
    namespace = platform().namespace
    for run in place.in_the_way:
        if turns.cancel(api, namespace, run, push.commit):
            say(f"cancelled {run.plan.run}, which was still waiting")
            _tell(board, run, push.commit)
    for run in runs:  # an earlier try may have died before it told this
        if run.superseded_by == push.commit and run.place == (one.plan.app, one.plan.target):
            _tell(board, run, push.commit)
    if place.waits_for:
        turns.release(api, namespace, one.plan.app, one.plan.target)


def _tell(board: Board, run: Run, commit: str) -> None:
    status = CommitStatus(run.plan.context, Mood.ERROR, f"superseded by {commit[:7]}")
    board.close(run.plan.commit, status)
