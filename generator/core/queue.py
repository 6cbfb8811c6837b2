"""Whose turn it is: of an app's runs on a target one is at work, and the others wait as Pending.

The runs themselves are the queue. A run is over for it once it touches its app no more, which is before it ends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from generator.model import names
from generator.model.app import OnNewCommit
from generator.model.change import Action, Change
from generator.model.plan import Plan
from generator.model.serial import from_plain

if TYPE_CHECKING:
    from generator.model.platform import Platform

PENDING = "PipelineRunPending"
Place = tuple[str, str]  # an app and a target


class Turn(StrEnum):
    """Where a run stands in its queue."""

    WAITING = "waiting"
    AT_WORK = "at work"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Run:
    """A run as far as its queue is concerned."""

    plan: Plan
    turn: Turn
    superseded_by: str = ""

    @property
    def place(self) -> Place:
        """The queue it belongs to."""
        return (self.plan.app, self.plan.target)


def runs_of(items: list[dict[str, Any]]) -> list[Run]:
    """The runs of apps among PipelineRuns; those that somebody made by hand are left out."""
    return [Run(plan, _turn(item), _annotations(item).get(names.SUPERSEDED_BY, "")) for item, plan in _planned(items)]


def _planned(items: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Plan]]:
    found = []
    for item in items:
        given = {one["name"]: one["value"] for one in item.get("spec", {}).get("params", [])}
        try:
            plans = [from_plain(Plan, one) for one in json.loads(given["plans"])]
        except (KeyError, TypeError, ValueError):
            continue
        found += [(item, plan) for plan in plans]
    return found


def _annotations(item: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = item["metadata"].get("annotations") or {}
    return found


def _turn(item: dict[str, Any]) -> Turn:
    marks = _annotations(item)
    if item.get("status", {}).get("completionTime") or names.DONE in marks or names.SUPERSEDED_BY in marks:
        return Turn.OVER
    return Turn.WAITING if item["spec"].get("status") == PENDING else Turn.AT_WORK


def next_up(runs: list[Run]) -> Run | None:
    """Of the runs of one app on one target the one to release: the oldest, and none while another is at work."""
    if any(run.turn is Turn.AT_WORK for run in runs):
        return None
    waiting = [run for run in runs if run.turn is Turn.WAITING]
    return min(waiting, key=lambda run: (run.plan.sequence, run.plan.run), default=None)


@dataclass(frozen=True, slots=True)
class Entry:
    """How a new run joins its queue: whom it waits for (nobody: it starts at once), and who makes way for it."""

    waits_for: str
    in_the_way: tuple[Run, ...]


def entry(change: Change, plan: Plan, runs: list[Run]) -> Entry:
    """A push that takes a delete mark back waits for no deletion, and no deletion that still waits is carried out."""
    others = [run for run in runs if run.place == (plan.app, plan.target) and run.plan.run != plan.run]
    waiting = [run for run in others if run.turn is Turn.WAITING and run.plan.sequence < plan.sequence]
    at_work = [run for run in others if run.turn is Turn.AT_WORK]
    stays = plan.action is not Action.DELETE
    if change.on_new_commit is OnNewCommit.QUEUE:
        in_the_way = [run for run in waiting if stays and run.plan.action is Action.DELETE]
    else:
        in_the_way = waiting
    deleting = stays and bool(at_work) and all(run.plan.action is Action.DELETE for run in at_work)
    at_once = change.on_new_commit is OnNewCommit.CANCEL or deleting
    ahead = [] if at_once else [*at_work, *(run for run in others if run.turn is Turn.WAITING)]
    return Entry(ahead[0].plan.run if ahead else "", tuple(in_the_way))


def queued(run: dict[str, Any]) -> dict[str, Any]:
    """A PipelineRun as it is created when it has to wait: no pod, until its spec.status is taken away."""
    metadata = {**run["metadata"], "labels": {**run["metadata"]["labels"], names.QUEUED: "true"}}
    return {**run, "metadata": metadata, "spec": {**run["spec"], "status": PENDING}}


def meet(changes: list[Change], runs: list[Run], platform: Platform) -> list[Change]:
    """The changes, seen that runs of earlier pushes may not have recorded anything yet.

    What the records call delivered is rolled out again over a run of another definition; and what is marked is removed
    from wherever a run may still bring it up.
    """
    newest: dict[Place, Run] = {}
    for run in sorted(runs, key=lambda run: run.plan.sequence):
        if not run.superseded_by:
            newest[run.place] = run
    met = [_renewed(change, newest.get((change.app, change.target))) for change in changes]
    return [one for change in met for one in _removals(change, met, newest, platform)]


def _renewed(change: Change, run: Run | None) -> Change:
    if change.action is not Action.NONE or not change.target or run is None:
        return change
    if run.plan.definition == change.digest and run.plan.action is not Action.DELETE:
        return change
    return replace(change, action=Action.UPGRADE, reason=f"{run.plan.run} may have changed it")


def _removals(change: Change, changes: list[Change], newest: dict[Place, Run], platform: Platform) -> list[Change]:
    """The change itself; for the first deletion of an app also those on targets that only a run knows of."""
    if change.action is not Action.DELETE:
        return [change]
    mine = [one for one in changes if one.app == change.app and one.action is Action.DELETE]
    coming = {target for (app, target), run in newest.items() if app == change.app and _brings(run, platform)}
    more = sorted(coming - {one.target for one in mine})
    exists = change.exists or change.target in coming
    # Where the app is nowhere on record its deletion would only forget the YAML, which is for the last of these to do.
    first = [replace(change, exists=exists)] if exists or not more else []
    found = first + [_elsewhere(change, target) for target in more if change is mine[0]]
    several = len(mine) + len(more) - (0 if first else 1) > 1
    return [replace(one, several_targets=several) for one in found]


def _elsewhere(change: Change, target: str) -> Change:
    return replace(change, target=target, exists=True, previous_version="", awaits=())


def _brings(run: Run, platform: Platform) -> bool:
    return run.plan.action is not Action.DELETE and platform.target(run.plan.target) is not None
