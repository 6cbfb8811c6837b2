"""At most one run at work on an app and target, whoever comes when, and no run left waiting."""

from __future__ import annotations

from typing import Any

import pytest

from generator.cluster.connect import in_cluster
from generator.model.errors import RetryLaterError
from generator.model.plan import Plan
from generator.rollout import turns
from generator.steps import catch_up, shell
from tests.unit.fakes.api_server import available
from tests.unit.fakes.stage import NAMESPACE, Stage, definition
from tests.unit.fakes.web import Answer, Request

WEB = "apps/web.yaml"
MARK = "  deleted: true\n"


def pushed(stage: Stage, version: str, more: str = "") -> tuple[str, str]:
    """A push of the app and its run, which nobody carries out yet."""
    commit = stage.push({WEB: definition(version=version, more=more)})
    (run,) = stage.deliver()
    return commit, run


def waiting(stage: Stage) -> list[str]:
    return _runs(stage, "PipelineRunPending")


def cancelled(stage: Stage) -> list[str]:
    return _runs(stage, "Cancelled")


def _runs(stage: Stage, status: str) -> list[str]:
    items = stage.api.of_kind("PipelineRun")
    return [item["metadata"]["name"] for item in items if item["spec"].get("status") == status]


def told(stage: Stage, commit: str) -> tuple[str, str]:
    return stage.statuses(commit)["pushboat/web"]


def plan_of(stage: Stage, run: str) -> Plan:
    (one,) = shell.plans(stage.api.find("PipelineRun", run)["spec"]["params"][0]["value"])
    return one


def test_the_newest_supersedes_what_waits_and_lets_what_works_end(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    second_commit, second = pushed(stage, "2")
    assert waiting(stage) == [second]
    assert told(stage, second_commit) == ("pending", f"create 2: not there yet; waits for {first}")
    third_commit, third = pushed(stage, "3")
    assert (waiting(stage), cancelled(stage)) == ([third], [second])
    assert told(stage, second_commit) == ("error", f"superseded by {third_commit[:7]}")
    assert stage.statuses(second_commit)["pushboat"] == ("failure", "failed: web; 0 delivered")
    assert stage.carry_out(first)
    assert stage.inventory("web")["version"] == "1"
    assert waiting(stage) == []
    assert f"released {third}" in stage.tasks["roll-out"].log
    assert stage.carry_out(third)
    assert stage.inventory("web")["version"] == "3"


def test_a_queue_delivers_every_push_in_order(stage: Stage) -> None:
    more = "  onNewCommit: queue\n"
    runs = [pushed(stage, version, more)[1] for version in ("1", "2", "3")]
    assert sorted(waiting(stage)) == sorted(runs[1:])
    for version, run in zip("123", runs, strict=True):
        assert stage.carry_out(run)  # which asserts that it does not wait
        assert stage.inventory("web")["version"] == version
    assert cancelled(stage) == []


def test_cancel_starts_at_once_and_cancels_what_waits(stage: Stage) -> None:
    first_commit, first = pushed(stage, "1")
    _, second = pushed(stage, "2")
    _, third = pushed(stage, "3", "  onNewCommit: cancel\n")
    assert (waiting(stage), cancelled(stage)) == ([], [second])
    assert stage.carry_out(third)
    assert stage.carry_out(first)
    assert told(stage, first_commit) == ("error", f"superseded by {third}")
    assert stage.inventory("web")["version"] == "3"


@pytest.mark.parametrize("how", ["fails", "is killed"])
def test_a_run_that_does_not_end_well_releases_the_next_too(stage: Stage, how: str) -> None:
    _, first = pushed(stage, "1")
    _, second = pushed(stage, "2")
    if how == "fails":
        stage.api.controllers["Deployment"] = lambda item: {**available(item), "availableReplicas": 0}
        assert not stage.carry_out(first)
    else:
        plans = stage.api.find("PipelineRun", first)["spec"]["params"][0]["value"]
        assert stage.task("report", plans=plans, run=first).code == 0
    stage.api.controllers["Deployment"] = available
    assert stage.carry_out(second)
    assert stage.inventory("web")["version"] == "2"


def test_a_deletion_waits_and_what_was_to_be_created_is_removed_again(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    second_commit, second = pushed(stage, "2")
    marked, third = pushed(stage, "2", MARK)
    assert third.startswith("web-delete-")
    assert (waiting(stage), cancelled(stage)) == ([third], [second])
    assert told(stage, second_commit) == ("error", f"superseded by {marked[:7]}")
    assert stage.carry_out(first)
    assert stage.api.names("Deployment") == ["web"]
    assert stage.carry_out(third)
    assert stage.api.names("Deployment") == []
    assert stage.upstream.files() == []
    assert told(stage, marked)[0] == "success"


def test_a_create_on_a_target_that_nothing_records_yet_is_removed_too(stage: Stage) -> None:
    targets = "  targets: [default, staging]\n"
    stage.push({WEB: definition(more=targets)})
    creates = stage.deliver()
    stage.push({WEB: definition(more=f"{targets}{MARK}")})
    removals = stage.deliver()
    assert sorted(waiting(stage)) == sorted(removals)
    for run in (*creates, *removals):
        assert stage.carry_out(run)
    assert stage.api.names("Deployment") == []
    assert stage.upstream.files() == []


def test_the_yaml_stays_while_a_run_is_about_to_work_on_another_target(stage: Stage) -> None:
    targets = "  targets: [default, staging]\n"
    stage.push({WEB: definition(more=targets)})
    first, second = stage.deliver()
    stage.push({WEB: definition(more=f"{targets}{MARK}")})
    removal, other = stage.deliver()
    assert stage.carry_out(first)
    assert stage.carry_out(removal)
    assert stage.upstream.files() == [WEB]
    assert stage.carry_out(second)
    assert stage.carry_out(other)
    assert stage.upstream.files() == []


def test_a_mark_that_is_taken_back_waits_for_no_deletion(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    assert stage.carry_out(first)
    marked, deletion = pushed(stage, "1", MARK)
    _, back = pushed(stage, "1")
    assert waiting(stage) == []
    assert stage.carry_out(back)
    assert stage.carry_out(deletion)
    assert stage.api.names("Deployment") == ["web"]
    assert stage.upstream.files() == [WEB]
    assert told(stage, marked)[0] == "error"


def test_what_is_delivered_is_delivered_again_over_a_run_that_waits(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    assert stage.carry_out(first)
    _, second = pushed(stage, "2")
    _, third = pushed(stage, "1")
    assert stage.carry_out(second)
    assert stage.carry_out(third)
    assert stage.inventory("web")["version"] == "1"


def test_no_wake_up_is_lost_when_a_run_ends_while_the_next_one_joins(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    plan = plan_of(stage, first)

    def end(request: Request) -> None:
        if request.method == "POST" and request.path.endswith("/pipelineruns"):
            stage.api.before = lambda _: None
            turns.leave(in_cluster(), NAMESPACE, plan)  # it looks, finds nobody waiting, and looks no more

    stage.api.before = end
    _, second = pushed(stage, "2")
    assert waiting(stage) == []
    assert stage.carry_out(second)


def test_catch_up_releases_what_nobody_else_has(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    _, second = pushed(stage, "2")
    assert shell.step(catch_up.Inputs, catch_up.run) == 0
    assert waiting(stage) == [second]
    stage.end(first)  # cancelled by a person: nothing of ours ran
    assert shell.step(catch_up.Inputs, catch_up.run) == 0
    assert waiting(stage) == []
    assert stage.carry_out(second)


def test_catch_up_tells_that_it_could_not_look(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    pushed(stage, "1")
    stage.api.refuse[("GET", "pipelineruns")] = Answer(403, {"message": "no", "reason": "Forbidden"})
    assert shell.step(catch_up.Inputs, catch_up.run) == 1
    assert "waiting runs: error: " in capsys.readouterr().out


def test_a_step_that_died_before_it_cancelled_or_told_does_so_the_next_time(stage: Stage) -> None:
    pushed(stage, "1")
    second_commit, second = pushed(stage, "2")
    third_commit = stage.push({WEB: definition(version="3")})
    stage.api.refuse[("PATCH", "pipelineruns")] = Answer(500, {"message": "no", "reason": "InternalError"})
    assert stage.task("plan-changes", repository="shop").code != 0
    assert len(waiting(stage)) == 2
    stage.api.refuse.clear()
    stage.deliver()
    assert cancelled(stage) == [second]
    assert told(stage, second_commit) == ("error", f"superseded by {third_commit[:7]}")


def test_a_run_that_cannot_release_the_next_is_no_failure(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first = pushed(stage, "1")
    _, second = pushed(stage, "2")

    def fail(*_: Any) -> None:
        raise RetryLaterError("the API server is away")

    with monkeypatch.context() as patch:
        patch.setattr("generator.rollout.turns.release", fail)
        assert stage.carry_out(first)
    assert "was not released, the catch-up will do it: the API server is away" in stage.tasks["roll-out"].log
    assert waiting(stage) == [second]


def test_a_run_that_somebody_released_is_not_cancelled(stage: Stage) -> None:
    pushed(stage, "1")
    _, second = pushed(stage, "2")
    (run,) = [one for one in turns.at(in_cluster(), NAMESPACE, "web", "default") if one.plan.run == second]
    item = stage.api.find("PipelineRun", second)
    del item["spec"]["status"]
    stage.api.put(item)
    assert not turns.cancel(in_cluster(), NAMESPACE, run, "c" * 40)
    assert stage.api.find("PipelineRun", second)["metadata"]["annotations"].get("pushboat.dev/superseded-by") is None


def test_a_plain_delivery_asks_for_the_runs_once_and_leaves_with_two_requests(stage: Stage) -> None:
    stage.push({WEB: definition()})
    seen: list[str] = []

    def note(request: Request) -> None:
        if "/pipelineruns" in request.path:
            seen.append(request.method)

    stage.api.before = note
    (run,) = stage.deliver()
    assert seen == ["GET", "POST"]
    seen.clear()
    assert stage.carry_out(run)
    assert seen == ["PATCH", "GET"]


def test_a_lost_ledger_does_not_make_a_new_push_look_older_than_a_run_that_waits(stage: Stage) -> None:
    _, first = pushed(stage, "1")
    _, second = pushed(stage, "2")
    stage.api.take_away("ConfigMap", "ledger-shop")
    _, third = pushed(stage, "3")
    assert (waiting(stage), cancelled(stage)) == ([third], [second])
    assert plan_of(stage, third).sequence == 3
    assert stage.carry_out(first)
    assert stage.carry_out(third)
    assert stage.inventory("web")["version"] == "3"


def test_a_queue_that_may_not_be_changed_holds_no_push_up(stage: Stage) -> None:
    pushed(stage, "1")
    pushed(stage, "2")
    stage.api.refuse[("PATCH", "pipelineruns")] = Answer(400, {"message": "the policy says no"})
    commit, _ = pushed(stage, "3")
    assert stage.ledger()["commit"] == commit
    assert len(waiting(stage)) == 2
