"""A roll-out waits for what it depends on, a deletion for what depends on the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.model.app import Deletion, Timeouts
from generator.model.change import Action
from generator.model.errors import SupersededError, UserError
from generator.model.inventory import Inventory, State
from generator.model.plan import Plan
from generator.rollout.neighbours import until_not_needed, until_ready
from tests.unit.fakes.stage import NAMESPACE, Stage, definition

WEB, DB = "apps/web.yaml", "apps/db.yaml"
NEEDS = "  dependsOn: [db]\n"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.rollout.neighbours._PAUSE", 0.01)


@pytest.fixture
def records(stage: Stage) -> Records:  # noqa: ARG001 - it sets the environment of a pod
    found = Records(in_cluster(), NAMESPACE)
    record(found, Inventory("web", "default", "shop", "shop", WEB, State.APPLYING, run="web-run", sequence=5))
    return found


def record(records: Records, inventory: Inventory) -> None:
    records.update(inventory.app, inventory.target, lambda _: inventory)


def database(state: State = State.HEALTHY, sequence: int = 5, message: str = "") -> Inventory:
    return Inventory("db", "default", "shop", "shop", DB, state, sequence=sequence, message=message, run="db-run")


def plan(awaits: tuple[str, ...] = (), seconds: int = 0) -> Plan:
    return Plan(
        "web-run", "web", "default", "shop", Action.UPGRADE, "shop", WEB, "c" * 40, 5,
        timeouts=Timeouts(seconds), deletion=Deletion(timeout=seconds), depends_on=("db",), awaits=awaits,
    )  # fmt: skip


def after(looks: int, act: Callable[[], None]) -> Callable[[object], None]:
    """Do something on the way, once the API server has been asked so many times."""
    left = [looks]

    def count(_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            act()

    return count


def db_run(stage: Stage) -> str:
    stage.push({DB: definition("db")})
    (run,) = stage.deliver()
    return run


def test_what_is_healthy_is_not_waited_for(records: Records) -> None:
    record(records, database(sequence=1))
    until_ready(records, plan())
    assert record_of(records).message == ""


def record_of(records: Records) -> Inventory:
    found = records.inventory("web", "default")
    assert found
    return found


def test_a_run_at_work_is_waited_for_and_the_record_says_so(stage: Stage, records: Records) -> None:
    run = db_run(stage)
    record(records, database(State.APPLYING))
    seen: list[str] = []

    def ready() -> None:
        seen.append(record_of(records).message)
        record(records, database())

    stage.api.before = after(12, ready)
    until_ready(records, plan(seconds=20))
    assert seen == ["waits for db (its run is at work)"]
    assert run


def test_an_app_of_the_same_push_has_to_be_as_new_as_the_push(stage: Stage, records: Records) -> None:
    record(records, database(sequence=4))
    stage.api.before = after(8, lambda: record(records, database()))
    until_ready(records, plan(("db",), seconds=20))
    record(records, database(sequence=4))
    stage.api.before = lambda _: None
    with pytest.raises(UserError, match=r"^waited 0 s for db \(its run has not been started yet\)$"):
        until_ready(records, plan(("db",)))


@pytest.mark.parametrize(
    ("inventory", "why"),
    [
        (database(State.FAILED, message="no such table"), "failed: no such table"),
        (database(State.DAMAGED), "failed: it is damaged"),
        (None, "failed: it is not there"),
    ],
)
def test_what_failed_fails_at_once(records: Records, inventory: Inventory | None, why: str) -> None:
    if inventory:
        record(records, inventory)
    with pytest.raises(UserError, match=f"^db, which it depends on, {why}$"):
        until_ready(records, plan(seconds=60))


def test_a_run_that_ended_before_it_claimed_anything_fails_at_once(stage: Stage, records: Records) -> None:
    run = db_run(stage)
    stage.end(run)
    with pytest.raises(UserError, match=f"^db, which it depends on, failed: {run} has ended without it$"):
        until_ready(records, replace(plan(("db",), seconds=60), sequence=1))


def test_what_is_being_deleted_fails_at_once(stage: Stage, records: Records) -> None:
    record(records, database(State.DELETING))
    stage.push({DB: definition("db", more="  deleted: true\n")})
    stage.deliver()
    with pytest.raises(UserError, match=r"^db, which it depends on, is being deleted$"):
        until_ready(records, plan(seconds=60))


def test_a_newer_run_ends_the_wait(stage: Stage, records: Records) -> None:
    db_run(stage)
    stage.api.before = after(9, lambda: record(records, replace(record_of(records), run="later")))
    with pytest.raises(SupersededError, match="superseded by later"):
        until_ready(records, plan(seconds=60))


def needing(app: str = "api", state: State = State.HEALTHY, sequence: int = 1) -> Inventory:
    path = f"apps/{app}.yaml"
    message = "it hangs" if state is State.DELETE_BLOCKED else ""
    return Inventory(
        app, "default", "shop", "shop", path, state, sequence=sequence, message=message, depends_on=("web",)
    )


def test_a_deletion_is_refused_for_what_depends_on_the_app(records: Records) -> None:
    until_not_needed(records, plan())
    record(records, replace(needing(), target="staging"))
    until_not_needed(records, plan())
    record(records, needing())
    with pytest.raises(UserError, match=r"^DeleteBlocked: needed on default by api; its YAML stays in Git$"):
        until_not_needed(records, plan(seconds=60))


def test_a_deletion_waits_for_what_goes_in_the_same_push(stage: Stage, records: Records) -> None:
    record(records, needing())
    stage.api.before = after(6, lambda: stage.api.take_away("ConfigMap", "inventory-api.default"))
    until_not_needed(records, plan(("api",), seconds=60))
    record(records, needing())
    stage.api.before = lambda _: None
    with pytest.raises(UserError, match=r"^DeleteBlocked: waited 0 s for api to be gone"):
        until_not_needed(records, plan(("api",)))


def test_a_deletion_does_not_wait_for_one_that_failed(records: Records) -> None:
    record(records, needing(state=State.DELETE_BLOCKED, sequence=5))
    with pytest.raises(UserError, match=r"^DeleteBlocked: needed on default by api, which failed: it hangs"):
        until_not_needed(records, plan(("api",), seconds=60))


def test_a_whole_push_of_apps_that_need_each_other(stage: Stage) -> None:
    commit = stage.push({WEB: definition(more=NEEDS), DB: definition("db")})
    db, web = stage.deliver()
    assert stage.carry_out(db)
    assert stage.carry_out(web)
    assert stage.inventory("web")["depends_on"] == ["db"]
    assert stage.statuses(commit)["pushboat"][0] == "success"

    refused = stage.push({DB: definition("db", more="  deleted: true\n")})
    assert stage.deliver() == []
    state, text = stage.statuses(refused)["pushboat/db"]
    assert (state, "DeleteBlocked: needed on default by web; its YAML stays in Git" in text) == ("failure", True)
    mark = "  deleted: true\n"
    stage.push({DB: definition("db", version="2", more=mark), WEB: definition(more=NEEDS + mark)})
    db, web = stage.deliver()
    assert stage.carry_out(web)
    assert stage.carry_out(db)
    assert stage.upstream.files() == []
    assert stage.api.names("Deployment") == []


def test_nothing_is_applied_before_what_it_depends_on_is_healthy(stage: Stage) -> None:
    stage.push({WEB: definition(more=NEEDS), DB: definition("db")})
    _, web = stage.deliver()
    assert not stage.carry_out(web)
    assert stage.api.names("Deployment") == []
    assert stage.inventory("web")["message"].startswith("waited 2 s for db (its run is at work)")
