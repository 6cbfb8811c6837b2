"""Step render: store each release, start each run, tell the commit, and move the ledger.

Every part may be done twice: names are deterministic, so what exists already is success. The ledger moves last,
so a step that dies in between is simply done again. What can never be started is told, and holds nothing up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

from generator.cluster.api import Api
from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.core.queue import Entry, Run
from generator.core.render import Rendered, render
from generator.core.summarise import first_summary, opening
from generator.forges.board import Board
from generator.model.change import STARTS, Change, Push
from generator.model.errors import PushboatError, RetryLaterError, UserError
from generator.model.serial import from_plain
from generator.model.status import CommitStatus, Mood, one_line
from generator.steps import joining, ledger
from generator.steps.configured import configured
from generator.steps.origin import secret_token
from generator.steps.shell import platform, root, step
from generator.threads import Call, each
from generator.transport import HttpError


@dataclass(frozen=True, slots=True)
class Inputs:
    """`repository`: its name in the platform."""

    repository: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`runs`: the PipelineRuns of this push, by name, as many as fit."""

    runs: str


def run(inputs: Inputs) -> Outputs:
    """Start what the push asks for."""
    settings, api, work = configured(inputs.repository), in_cluster(), root() / "work"
    found = json.loads((work / "changes.json").read_text())
    push = from_plain(Push, found["push"])
    changes = [from_plain(Change, item) for item in found["changes"]]
    current = ledger.still_to_do(api, settings, push)
    if current is None:
        return Outputs("")
    board = Board(settings, secret_token(api, settings.status_credential), say)
    runs = joining.runs_there(api, current, changes)
    current = joining.later(current, runs)
    changes = joining.met(changes, current, runs)
    ready = [render(change, current, platform()) for change in changes if change.action in STARTS]
    places = [joining.joined(one, runs) for one in ready]
    rendered = [one for one, _ in places]
    refused = _start_all(api, board, current, changes, rendered, {run.plan.run for run in runs})
    for one, place in places:
        if one.plan.run not in refused:
            _settle(api, board, current, one, place, runs)
    ledger.advance(api, settings, current)
    return Outputs(" ".join(one.plan.run for one in rendered if one.plan.run not in refused)[:1500])


def _start_all(
    api: Api, board: Board, push: Push, changes: list[Change], rendered: list[Rendered], known: set[str]
) -> set[str]:
    """The runs that were refused for good. Raises RetryLaterError when one could not be created for now."""
    fresh = [one for one in rendered if one.plan.run not in known]
    told = Call(lambda: _tell(board, push, changes, fresh, replay=bool(rendered) and not fresh))
    stored = each(lambda one: _tried(_store, api, one), fresh)
    told.result()  # before the runs: their own statuses must come later
    ready = [one for one, error in zip(fresh, stored, strict=True) if error is None]
    started = each(lambda one: _tried(_start, api, one), ready)
    outcomes = [*zip(fresh, stored, strict=True), *zip(ready, started, strict=True)]
    return _tell_failures(board, push, [(one, error) for one, error in outcomes if error])


def _settle(api: Api, board: Board, push: Push, one: Rendered, place: Entry, runs: list[Run]) -> None:
    try:
        joining.settle(api, board, push, one, place, runs)
    except PushboatError as error:
        if not _is_final(error):
            raise
        say(f"the queue of {one.plan.app} on {one.plan.target} was left as it is: {error}")


def _tell_failures(board: Board, push: Push, failures: list[tuple[Rendered, PushboatError]]) -> set[str]:
    for one, error in failures:
        say(f"not started {one.plan.run}: {error}")
        mood, tell = (Mood.FAILURE, board.close) if _is_final(error) else (Mood.ERROR, board.post)
        tell(push.commit, CommitStatus(one.change.context, mood, one_line(f"not started: {error}")))
    passing = [error for _, error in failures if not _is_final(error)]
    if passing:
        raise RetryLaterError(f"not started: {passing[0]}")
    return {one.plan.run for one, _ in failures}


def _is_final(error: PushboatError) -> bool:
    """Whether the same thing would be refused again: a release that is too large, a run that admission forbids."""
    if isinstance(error, HttpError):
        return error.status in (400, 403, 422) and "exceeded quota" not in str(error)
    return isinstance(error, UserError)


def _tell(board: Board, push: Push, changes: list[Change], fresh: list[Rendered], *, replay: bool) -> None:
    """A status for each change that starts now, or never will; nothing for what an earlier try has told already."""
    if replay:
        return
    told = [*(change for change in changes if change.action not in STARTS), *(one.change for one in fresh)]
    statuses = [status for status in map(opening, told) if status]
    board.post(push.commit, *statuses, first_summary(changes))


def _tried(act: Callable[[Api, Rendered], None], api: Api, one: Rendered) -> PushboatError | None:
    try:
        act(api, one)
    except PushboatError as error:
        return error
    return None


def _store(api: Api, one: Rendered) -> None:
    if one.content:
        Records(api, platform().namespace).store_release(
            one.plan.app, one.plan.release, one.content, target=one.plan.target, sequence=one.plan.sequence
        )


def _start(api: Api, one: Rendered) -> None:
    created = api.create(one.run)
    waits = "queued" if "status" in one.run["spec"] else "started"
    say(f"{waits if created else 'was there'} {one.plan.run}")


if __name__ == "__main__":
    sys.exit(step(Inputs, run))
