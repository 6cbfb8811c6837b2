"""Whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.core.queue import Run, Turn, entry, meet, next_up, queued, runs_of
from generator.core.render import Rendered, render
from generator.model.app import OnNewCommit
from generator.model.change import Action, Change, Push
from generator.model.platform import Platform, Repository, Target

SHOP = Repository("shop", "https://git.example.com/team/shop", "gitea", "w", "c", "c", "c")
PLATFORM = Platform("pushboat", "step:1", (SHOP,), (Target("one", "ns-one"), Target("two", "ns-two")))
MODES = tuple(OnNewCommit)


def change(action: Action = Action.UPGRADE, mode: OnNewCommit = OnNewCommit.SUPERSEDE, **more: Any) -> Change:
    base = Change("web", "apps/web.yaml", action, "why", "one", "1", digest="new", exists=True, on_new_commit=mode)
    return replace(base, **more)


def rendered(one: Change, sequence: int = 9) -> Rendered:
    return render(one, Push("shop", "c" * 40, "b" * 40, sequence, ""), PLATFORM)


def other(turn: Turn, sequence: int = 5, action: Action = Action.UPGRADE, **more: Any) -> Run:
    plan = rendered(change(action, **more), sequence).plan
    return Run(replace(plan, commit=str(sequence) * 40), turn)


def joins(one: Change, *runs: Run) -> tuple[str, list[int]]:
    found = entry(one, rendered(one).plan, list(runs))
    return found.waits_for, [run.plan.sequence for run in found.in_the_way]


@pytest.mark.parametrize(
    ("marks", "spec", "status", "turn"),
    [
        ({}, {}, {}, Turn.AT_WORK),
        ({}, {"status": "PipelineRunPending"}, {}, Turn.WAITING),
        ({}, {"status": "Cancelled"}, {}, Turn.AT_WORK),
        ({}, {}, {"completionTime": "2026-01-01T00:00:00Z"}, Turn.OVER),
        ({"pushboat.dev/done": "true"}, {}, {}, Turn.OVER),
        ({"pushboat.dev/superseded-by": "c"}, {"status": "Cancelled"}, {}, Turn.OVER),
    ],
)
def test_where_a_run_stands(marks: dict[str, str], spec: dict[str, str], status: dict[str, str], turn: Turn) -> None:
    item = rendered(change()).run
    item = {**item, "metadata": {**item["metadata"], "annotations": marks}, "spec": {**item["spec"], **spec}}
    (run,) = runs_of([{**item, "status": status}])
    assert (run.turn, run.place) == (turn, ("web", "one"))


def test_a_run_made_by_hand_is_none_of_ours() -> None:
    metadata = {"name": "x", "labels": {"pushboat.dev/app": "web"}}
    params = [{"name": "plans", "value": "?"}]
    assert runs_of([{"metadata": metadata, "spec": {}}, {"metadata": metadata, "spec": {"params": params}}]) == []


def test_a_deletion_that_only_forgets_holds_nobody_up() -> None:
    (run,) = runs_of([rendered(change(Action.DELETE, exists=False)).run])
    assert run.turn is Turn.OVER


def test_the_oldest_is_released_when_nobody_is_at_work() -> None:
    waiting = [other(Turn.WAITING, 7), other(Turn.WAITING, 6), other(Turn.OVER, 5)]
    assert next_up(waiting) == waiting[1]
    assert next_up([*waiting, other(Turn.AT_WORK, 8)]) is None
    assert next_up([]) is None


@pytest.mark.parametrize("mode", MODES)
def test_alone_a_run_starts_at_once(mode: OnNewCommit) -> None:
    elsewhere = other(Turn.AT_WORK, target="two")
    assert joins(change(mode=mode), other(Turn.OVER), elsewhere) == ("", [])
    assert joins(change(mode=mode), Run(rendered(change(mode=mode)).plan, Turn.AT_WORK)) == ("", [])


@pytest.mark.parametrize(
    ("mode", "waits", "in_the_way"),
    [(OnNewCommit.QUEUE, True, []), (OnNewCommit.SUPERSEDE, True, [6, 7]), (OnNewCommit.CANCEL, False, [6, 7])],
)
@pytest.mark.parametrize("action", [Action.CREATE, Action.UPGRADE, Action.DELETE])
def test_what_a_new_run_does_to_the_others(
    action: Action, mode: OnNewCommit, waits: bool, in_the_way: list[int]
) -> None:
    at_work = other(Turn.AT_WORK, 5)
    waiting = [other(Turn.WAITING, 6), other(Turn.WAITING, 7)]
    name = at_work.plan.run if waits else ""
    assert joins(change(action, mode), at_work, *waiting) == (name, in_the_way)
    # The one that waits may have been released since: so this one waits until it has looked again.
    assert joins(change(action, mode), *waiting) == (waiting[0].plan.run if waits else "", in_the_way)


@pytest.mark.parametrize("mode", MODES)
def test_a_mark_that_is_taken_back_waits_for_no_deletion(mode: OnNewCommit) -> None:
    deleting, waiting = other(Turn.AT_WORK, 5, Action.DELETE), other(Turn.WAITING, 6, Action.DELETE)
    assert joins(change(mode=mode), deleting) == ("", [])
    assert joins(change(mode=mode), waiting)[1] == [6]
    newer = other(Turn.AT_WORK, 7)
    assert bool(joins(change(mode=mode), deleting, newer)[0]) is (mode is not OnNewCommit.CANCEL)


def test_a_later_run_never_makes_way_for_an_older_one() -> None:
    assert joins(change(), other(Turn.WAITING, 12))[1] == []


def test_a_queued_run_differs_in_nothing_else() -> None:
    run = rendered(change()).run
    waiting = queued(run)
    assert waiting["spec"].pop("status") == "PipelineRunPending"
    assert waiting["metadata"]["labels"].pop("pushboat.dev/queued") == "true"
    assert waiting == run


def test_what_is_delivered_by_its_record_goes_over_a_run_of_something_else() -> None:
    none = change(Action.NONE)
    (found,) = meet([none], [other(Turn.WAITING, digest="other")], PLATFORM)
    assert (found.action, found.reason.endswith(" may have changed it")) == (Action.UPGRADE, True)
    assert meet([none], [other(Turn.AT_WORK, action=Action.DELETE)], PLATFORM)[0].action is Action.UPGRADE
    same, superseded = other(Turn.AT_WORK), replace(other(Turn.OVER, 6, digest="other"), superseded_by="c")
    assert meet([none], [same, superseded], PLATFORM) == [none]
    assert meet([none], [], PLATFORM) == [none]


def test_a_deletion_goes_wherever_a_run_may_bring_the_app_up() -> None:
    marked = change(Action.DELETE, exists=False)
    assert meet([marked], [other(Turn.OVER, action=Action.DELETE)], PLATFORM) == [marked]
    (found,) = meet([marked], [other(Turn.WAITING, action=Action.CREATE)], PLATFORM)
    assert (found.target, found.exists, found.context) == ("one", True, "pushboat/web")
    runs = [other(Turn.AT_WORK, action=Action.CREATE, target="two")]
    (found,) = meet([marked], runs, PLATFORM)
    assert (found.target, found.exists, found.context) == ("two", True, "pushboat/web")
    first, second = meet([change(Action.DELETE)], runs, PLATFORM)
    assert [(one.target, one.exists, one.context) for one in (first, second)] == [
        ("one", True, "pushboat/web@one"), ("two", True, "pushboat/web@two"),
    ]  # fmt: skip
    left = Run(replace(runs[0].plan, target="three"), Turn.OVER)
    assert meet([marked], [left], PLATFORM) == [marked]
