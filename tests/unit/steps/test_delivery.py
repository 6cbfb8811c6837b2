"""Whole pushes through the steps, each Task carried out as its YAML says."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace

import pytest

from tests.unit.fakes.api_server import Object, available
from tests.unit.fakes.git_host import git
from tests.unit.fakes.stage import NAMESPACE, Stage, configure, definition, platform
from tests.unit.fakes.web import Answer, Request

WEB = "apps/web.yaml"


def delivered(stage: Stage, text: str, path: str = WEB) -> str:
    """Push one definition and carry out its run; gives the commit."""
    commit = stage.push({path: text})
    (run,) = stage.deliver()
    assert stage.carry_out(run), [ended.log for ended in stage.tasks.values()]
    return commit


def test_create(stage: Stage) -> None:
    commit = stage.push({WEB: definition(), "README.md": "hello"})
    (run,) = stage.deliver()
    assert run.startswith(f"web-create-{commit[:7]}-")
    assert stage.statuses(commit) == {
        "pushboat/web": ("pending", "create 1: not there yet"),
        "pushboat": ("pending", "1 create"),
    }
    assert stage.ledger() == {"repository": "shop", "branch": "main", "commit": commit, "sequence": 1}
    assert stage.api.names("Deployment") == []

    assert stage.carry_out(run)
    assert stage.api.names("Deployment") == ["web"]
    assert stage.api.names("Service") == ["web"]
    state, text = stage.statuses(commit)["pushboat/web"]
    assert (state, text.startswith("1 is healthy on default after ")) == ("success", True)
    assert stage.statuses(commit)["pushboat"] == ("success", "delivered: web")
    record = stage.inventory("web")
    assert (record["state"], record["version"], record["commit"], record["run"]) == ("healthy", "1", commit, run)
    live = {one["metadata"]["uid"] for kind in ("Service", "Deployment") for one in stage.api.of_kind(kind)}
    assert {ref["uid"] for ref in record["objects"]} == live
    assert record["last_good"] == record["current"]
    assert record["current"] in stage.api.names("ConfigMap")


def test_upgrade_prunes_what_left_and_drops_the_old_release(stage: Stage) -> None:
    delivered(stage, definition(component="      files: [{path: /etc/a, text: one}]\n"))
    old_files = next(name for name in stage.api.names("ConfigMap") if name.startswith("web-files-"))
    old_release = stage.inventory("web")["current"]
    commit = delivered(stage, definition(version="2", component="      files: [{path: /etc/a, text: two}]\n"))
    names = stage.api.names("ConfigMap")
    assert old_files not in names
    assert [name for name in names if name.startswith("web-files-")] != []
    assert old_release not in names
    record = stage.inventory("web")
    assert (record["version"], record["last_good_version"], record["commit"]) == ("2", "2", commit)
    assert len(record["objects"]) == 3
    assert stage.api.find("Deployment", "web")["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":2")


def test_delete_removes_in_reverse_order_and_then_the_yaml(stage: Stage) -> None:
    delivered(stage, definition(component="      files: [{path: /etc/a, text: one}]\n"))
    commit = delivered(stage, definition(more="  deleted: true\n"))
    assert [one.partition("/")[0] for one in stage.api.deletions[:3]] == ["Deployment", "Service", "ConfigMap"]
    assert stage.api.names("Deployment") == []
    assert not [name for name in stage.api.names("ConfigMap") if name.startswith(("inventory-", "release-"))]
    assert stage.upstream.files() == []
    removal = stage.tasks["forget"].results["removal"]
    assert removal == stage.upstream.head()
    said = stage.upstream.message(removal)
    assert said.startswith("Pushboat\nRemove web: deleted and confirmed gone\n")
    assert f"Pushboat-Commit: {commit}" in said
    assert stage.statuses(commit)["pushboat/web"] == ("success", f"removed; its YAML left Git with {removal[:7]}")
    assert stage.statuses(commit)["pushboat"][0] == "success"


def test_the_removal_commit_is_a_push_that_does_nothing(stage: Stage) -> None:
    delivered(stage, definition())
    delivered(stage, definition(more="  deleted: true\n"))
    assert stage.deliver() == []
    assert stage.statuses(stage.upstream.head()) == {"pushboat": ("success", "no definition changed")}


def test_a_marked_app_that_is_not_there_only_loses_its_yaml(stage: Stage) -> None:
    stage.push({WEB: definition(more="  deleted: true\n"), "apps/b.yaml": definition("other")})
    runs = stage.deliver()
    (run,) = [name for name in runs if name.startswith("web-delete-")]
    assert stage.carry_out(run)
    assert list(stage.tasks) == ["forget"]
    assert stage.upstream.files() == ["apps/b.yaml"]


def test_a_folder_app_leaves_git_whole(stage: Stage) -> None:
    more = "  deleted: true\n"
    stage.push({"apps/web/app.yaml": definition(more=more), "apps/web/notes.txt": "x", "apps/b.txt": "stays"})
    (run,) = stage.deliver()
    assert stage.carry_out(run)
    assert stage.upstream.files() == ["apps/b.txt"]


def test_a_push_without_definitions_ends_as_a_no_op(stage: Stage) -> None:
    commit = stage.push({"README.md": "hello"})
    assert stage.deliver() == []
    assert stage.statuses(commit) == {"pushboat": ("success", "no definition changed")}
    assert stage.api.names("PipelineRun") == []
    assert stage.ledger()["commit"] == commit


def test_a_replayed_push_starts_and_tells_nothing_twice(stage: Stage) -> None:
    commit = stage.push({WEB: definition()})
    runs = stage.deliver()
    posts, version = len(stage.host.posts), stage.ledger()["sequence"]
    assert stage.deliver() == []
    assert stage.api.names("PipelineRun") == runs
    assert (len(stage.host.posts), stage.ledger()["sequence"]) == (posts, version)
    assert stage.ledger()["commit"] == commit


def test_render_that_died_before_the_ledger_moved_is_done_again(stage: Stage) -> None:
    commit = stage.push({WEB: definition(), "apps/b.yaml": definition("other")})
    stage.api.refuse[("POST", "pipelineruns")] = Answer(500, {"message": "no", "reason": "InternalError"})
    ended = stage.task("plan-changes", repository="shop")
    assert ended.code == 75
    assert "ledger-shop" not in stage.api.names("ConfigMap")
    assert stage.statuses(commit)["pushboat/web"][0] == "error"
    stage.api.refuse.clear()
    assert len(stage.deliver()) == 2
    assert stage.statuses(commit)["pushboat/web"][0] == "pending"
    assert stage.ledger()["commit"] == commit


@pytest.mark.parametrize("status", [400, 403, 422])
def test_a_run_that_is_refused_for_good_is_told_and_holds_nothing_up(stage: Stage, status: int) -> None:
    def admit(request: Request) -> None:
        stage.api.refuse.clear()
        if request.method == "POST" and request.path.endswith("/pipelineruns") and b"bad-create" in request.body:
            stage.api.refuse[("POST", "pipelineruns")] = Answer(status, {"message": "the policy says no"})

    stage.api.before = admit
    commit = stage.push({"apps/bad.yaml": definition("bad")})
    assert stage.deliver() == []
    state, text = stage.statuses(commit)["pushboat/bad"]
    assert (state, text.startswith("not started: ")) == ("failure", True)
    assert text.endswith(f": {status} the policy says no")
    assert stage.statuses(commit)["pushboat"] == ("failure", "failed: bad; 0 delivered")
    assert stage.ledger()["commit"] == commit

    stage.push({"apps/bad.yaml": definition("bad", version="2"), WEB: definition()})
    (run,) = stage.deliver()
    assert run.startswith("web-create-")


def test_a_full_quota_is_waited_for(stage: Stage) -> None:
    stage.push({WEB: definition()})
    stage.api.refuse[("POST", "pipelineruns")] = Answer(403, {"message": "exceeded quota: runs", "reason": "Forbidden"})
    assert stage.task("plan-changes", repository="shop").code == 75
    stage.api.refuse.clear()
    assert len(stage.deliver()) == 1


def test_a_release_that_is_too_large_holds_nothing_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.cluster.records.MAX_RELEASE_BYTES", 2000)
    noise = os.urandom(4000).hex()
    large = definition("large", component=f"      files: [{{path: /a, text: {noise}}}]\n")
    commit = stage.push({"apps/large.yaml": large, WEB: definition()})
    (run,) = stage.deliver()
    assert run.startswith("web-create-")
    assert stage.statuses(commit)["pushboat/large"][0] == "failure"
    assert stage.ledger()["commit"] == commit


def test_a_bad_definition_fails_alone(stage: Stage) -> None:
    commit = stage.push(
        {WEB: definition(), "apps/bad.yaml": "kind: [a\n", "apps/c.yaml": definition("c").replace("image", "imge")}
    )
    (run,) = stage.deliver()
    assert run.startswith("web-create-")
    told = stage.statuses(commit)
    state, text = told["pushboat/bad"]
    assert (state, text.startswith("apps/bad.yaml:2:1: not valid YAML: ")) == ("failure", True)
    assert told["pushboat/c"] == ("failure", "apps/c.yaml:9:7: spec.components[0].image is missing (and 1 more)")
    assert told["pushboat/web"][0] == "pending"


def test_only_bad_definitions_end_as_a_failed_summary(stage: Stage) -> None:
    commit = stage.push({"apps/bad.yaml": "kind: [\n"})
    assert stage.deliver() == []
    assert stage.statuses(commit)["pushboat"] == ("failure", "1 invalid")


def test_a_file_that_is_gone_is_told_and_nothing_else(stage: Stage) -> None:
    delivered(stage, definition())
    commit = stage.push({"README.md": "x"})
    assert stage.deliver() == []
    assert stage.statuses(commit)["pushboat/web"][0] == "failure"
    assert stage.api.names("Deployment") == ["web"]
    assert stage.api.deletions == [] or all("Deployment" not in one for one in stage.api.deletions)


def test_a_force_push_is_like_any_push(stage: Stage) -> None:
    delivered(stage, definition())
    git(stage.upstream.folder, "update-ref", "-d", "refs/heads/main")
    git(stage.upstream.folder, "reflog", "expire", "--expire=now", "--all")
    git(stage.upstream.folder, "gc", "--prune=now", "--quiet")
    commit = stage.push({WEB: definition(version="2")})
    (run,) = stage.deliver()
    assert run.startswith("web-upgrade-")
    assert stage.ledger() == {"repository": "shop", "branch": "main", "commit": commit, "sequence": 2}


@pytest.mark.parametrize("data", ["", "{", "null", "[]", '{"repository": "shop"}', '{"commit": 5}'])
def test_a_damaged_ledger_is_rebuilt_and_deletes_nothing(stage: Stage, data: str) -> None:
    delivered(stage, definition())
    stage.push({WEB: definition(version="2")})
    item = stage.api.find("ConfigMap", "ledger-shop")
    stage.api.put({**item, "data": {"ledger.json": data}})
    (run,) = stage.deliver()
    assert stage.carry_out(run)
    assert stage.ledger()["sequence"] == 2
    assert stage.inventory("web")["version"] == "2"


def test_a_damaged_ledger_with_wrong_values_is_rebuilt(stage: Stage) -> None:
    delivered(stage, definition())
    item = stage.api.find("ConfigMap", "ledger-shop")
    data = {"repository": "shop", "branch": "main", "commit": 5, "sequence": 1}
    stage.api.put({**item, "data": {"ledger.json": json.dumps(data)}})
    stage.push({WEB: definition(version="2")})
    assert len(stage.deliver()) == 1


def test_a_damaged_inventory_of_another_app_holds_nothing_up(stage: Stage) -> None:
    delivered(stage, definition())
    item = stage.api.find("ConfigMap", "inventory-web.default")
    stage.api.put({**item, "data": {"inventory.json": "{"}})
    stage.push({WEB: definition(), "apps/b.yaml": definition("other")})
    assert len(stage.deliver()) == 1


def damage(stage: Stage) -> None:
    item = stage.api.find("ConfigMap", "inventory-web.default")
    stage.api.put({**item, "data": {"inventory.json": '{"app": 5}'}})


def test_a_damaged_inventory_is_told_and_written_anew_by_the_next_roll_out(stage: Stage) -> None:
    delivered(stage, definition())
    damage(stage)
    stage.push({WEB: definition(version="2")})
    ended = stage.task("plan-changes", repository="shop")
    assert "the record of web on default is damaged" in ended.log
    (run,) = ended.results["runs"].split()
    assert run.startswith("web-upgrade-")
    assert stage.carry_out(run)
    record = stage.inventory("web")
    assert (record["state"], record["version"], record["namespace"]) == ("healthy", "2", "shop")
    assert {ref["kind"] for ref in record["objects"]} == {"Service", "Deployment"}


def test_an_app_whose_inventory_is_damaged_does_not_lose_its_yaml(stage: Stage) -> None:
    delivered(stage, definition())
    damage(stage)
    commit = stage.push({WEB: definition(more="  deleted: true\n")})
    (run,) = stage.deliver()
    assert not stage.carry_out(run)
    assert stage.statuses(commit)["pushboat/web"][1].startswith("the record of web on default is damaged: push it with")
    assert stage.api.names("Deployment") == ["web"]
    assert stage.upstream.files() == [WEB]
    delivered(stage, definition())
    delivered(stage, definition(more="  deleted: true\n"))
    assert stage.api.names("Deployment") == []


def test_without_a_ledger_what_stands_nowhere_is_told(stage: Stage) -> None:
    delivered(stage, definition())
    stage.api.take_away("ConfigMap", "ledger-shop")
    commit = stage.push({"apps/b.yaml": definition("other")})
    (run,) = stage.deliver()
    assert run.startswith("other-create-")
    said = "orphaned: apps/web.yaml is gone without a delete mark: web keeps running"
    assert stage.statuses(commit)["pushboat/web"] == ("failure", said)


def test_a_target_that_left_the_platform_holds_nothing_up(stage: Stage) -> None:
    delivered(stage, definition(more="  targets: [staging]\n"))
    whole = platform(stage.host)
    configure(stage, replace(whole, targets=whole.targets[:1]))
    stage.push({WEB: definition(more="  deleted: true\n"), "apps/b.yaml": definition("other")})
    ended = stage.task("plan-changes", repository="shop")
    assert ended.code == 0, ended.log
    assert any(run.startswith("other-create-") for run in ended.results["runs"].split())
    said = "orphaned: the platform has no target staging any more: web keeps running there"
    assert stage.statuses(stage.upstream.head())["pushboat/web"] == ("failure", said)
    assert stage.upstream.files() == ["apps/b.yaml", WEB]


def test_a_ledger_that_was_only_touched_holds_nothing_up(stage: Stage) -> None:
    stage.push({WEB: definition()})
    stage.deliver()
    second = stage.push({WEB: definition(version="2")})

    def meddle(step: str) -> None:
        if step == "render":
            item = stage.api.find("ConfigMap", "ledger-shop")
            stage.api.put({**item, "data": item["data"]})

    stage.between_steps = meddle
    assert len(stage.deliver()) == 1
    assert stage.ledger()["commit"] == second


def test_a_commit_that_another_run_has_processed_is_not_planned_again(stage: Stage) -> None:
    commit = stage.push({WEB: definition()})

    def overtake(step: str) -> None:
        if step == "render":
            stage.between_steps = lambda _: None
            data = {"repository": "shop", "branch": "main", "commit": commit, "sequence": 1}
            metadata = {"name": "ledger-shop", "namespace": NAMESPACE}
            item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
            stage.api.put({**item, "data": {"ledger.json": json.dumps(data)}})

    stage.between_steps = overtake
    assert stage.deliver() == []
    assert stage.api.names("PipelineRun") == []


def test_an_unknown_repository_names_the_known_ones(stage: Stage) -> None:
    ended = stage.task("plan-changes", repository="sho")
    assert (ended.code, ended.results) == (1, {"reason": "the platform has no repository 'sho'; it can be shop"})


def test_a_missing_secret_says_how_to_make_it(stage: Stage) -> None:
    stage.push({WEB: definition()})
    stage.api.take_away("Secret", "shop-git")
    ended = stage.task("plan-changes", repository="shop")
    assert ended.code == 1
    wanted = (
        f"Secret shop-git in namespace {NAMESPACE} is missing: kubectl -n {NAMESPACE} create secret generic shop-git"
    )
    assert ended.results["reason"].startswith(wanted)


@pytest.mark.parametrize("status", [500, 401, 404])
def test_a_git_host_that_refuses_changes_nothing(stage: Stage, status: int) -> None:
    stage.push({WEB: definition()})
    stage.host.rules.git_answer = Answer(status)
    ended = stage.task("plan-changes", repository="shop")
    assert ended.code == (75 if status == 500 else 1)
    assert "reason" in ended.results
    assert "reader" not in ended.log + ended.results["reason"]
    assert stage.api.names("PipelineRun") == []
    assert "ledger-shop" not in stage.api.names("ConfigMap")


def test_a_forge_that_takes_no_status_stops_no_delivery(stage: Stage) -> None:
    stage.host.rules.status_answer = Answer(403, {"message": "token lacks the scope"})
    delivered(stage, definition())
    assert stage.inventory("web")["state"] == "healthy"
    assert "the commit status could not be posted" in stage.tasks["roll-out"].log
    assert "token lacks the scope" in stage.tasks["roll-out"].log


def test_a_newer_push_that_does_not_wait_supersedes_an_older_run(stage: Stage) -> None:
    old_commit = stage.push({WEB: definition()})
    (old,) = stage.deliver()
    delivered(stage, definition(version="2", more="  onNewCommit: cancel\n"))
    assert stage.carry_out(old)
    assert stage.inventory("web")["version"] == "2"
    state, text = stage.statuses(old_commit)["pushboat/web"]
    assert (state, text.startswith("superseded by web-create-")) == ("error", True)


def test_an_object_of_another_app_is_not_taken_over(stage: Stage) -> None:
    delivered(stage, definition())
    service = stage.api.find("Service", "web")
    stage.api.put({**service, "metadata": {**service["metadata"], "labels": {"pushboat.dev/app": "other"}}})
    stage.api.take_away("ConfigMap", "inventory-web.default")
    commit = stage.push({WEB: definition(version="2")})
    (run,) = stage.deliver()
    assert not stage.carry_out(run)
    assert stage.statuses(commit)["pushboat/web"] == (
        "failure", "Service/web belongs to the app other; give it another name"
    )  # fmt: skip


def foreign_service(port: int) -> Object:
    spec = {"ports": [{"name": "http", "port": port}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": spec}


def test_a_field_that_somebody_else_owns_is_named(stage: Stage) -> None:
    stage.api.put(foreign_service(1), manager="kubectl-create")
    commit = stage.push({WEB: definition()})
    (run,) = stage.deliver()
    assert not stage.carry_out(run)
    state, text = stage.statuses(commit)["pushboat/web"]
    assert state == "failure"
    assert (
        text
        == 'Service/web was not accepted: Apply failed with 1 conflict: conflict with "kubectl-create": .spec.ports'
    )
    assert stage.inventory("web")["state"] == "failed"
    assert "report" in stage.tasks
    assert stage.tasks["report"].results == {"told": "0"}


def test_our_own_objects_are_set_back_to_what_git_says(stage: Stage) -> None:
    delivered(stage, definition())
    live = stage.api.find("Deployment", "web")
    live["spec"]["replicas"] = 9
    stage.api.put(live, manager="kubectl-edit")
    delivered(stage, definition(version="2"))
    assert stage.api.find("Deployment", "web")["spec"]["replicas"] == 1


def test_an_app_that_does_not_become_healthy_fails_and_can_be_mended(stage: Stage) -> None:
    stage.api.controllers["Deployment"] = lambda item: {**available(item), "availableReplicas": 0}
    commit = stage.push({WEB: definition()})
    (run,) = stage.deliver()
    assert not stage.carry_out(run)
    text = "not healthy after 2 s: Deployment/web: 0 of 1 replicas available"
    assert stage.statuses(commit)["pushboat/web"] == ("failure", text)
    assert stage.statuses(commit)["pushboat"] == ("failure", "failed: web; 0 delivered")
    assert stage.inventory("web")["state"] == "failed"
    assert stage.inventory("web")["last_good"] == ""
    stage.api.controllers["Deployment"] = available
    delivered(stage, definition(version="2"))
    assert stage.inventory("web")["state"] == "healthy"


def test_a_deletion_that_is_held_up_names_what_holds_it(stage: Stage) -> None:
    delivered(stage, definition())
    item = stage.api.find("Deployment", "web")
    item["metadata"]["finalizers"] = ["example.com/guard"]
    stage.api.put(item)
    commit = stage.push({WEB: definition(more="  deleted: true\n")})
    (run,) = stage.deliver()
    assert not stage.carry_out(run)
    text = "DeleteBlocked after 1 s: Deployment/web (held by example.com/guard); its YAML stays in Git"
    assert stage.statuses(commit)["pushboat/web"] == ("failure", text)
    assert stage.inventory("web")["state"] == "delete-blocked"
    assert stage.upstream.files() == [WEB]
    stage.api.release("Deployment", "web")
    assert stage.carry_out(run)
    assert stage.upstream.files() == []


def test_an_object_made_anew_by_somebody_else_is_left_alone(stage: Stage) -> None:
    delivered(stage, definition())
    stage.api.take_away("Service", "web")
    stage.api.put(foreign_service(1))
    delivered(stage, definition(more="  deleted: true\n"))
    assert stage.api.names("Service") == ["web"]
    assert "Service/web is another object by now" in stage.tasks["remove"].log


@pytest.mark.parametrize("released", [True, False])
def test_an_object_that_is_still_going_is_made_anew_once_it_is_gone(stage: Stage, released: bool) -> None:
    delivered(stage, definition())
    item = stage.api.find("Deployment", "web")
    item["metadata"] |= {"finalizers": ["example.com/guard"], "deletionTimestamp": "2026-01-01T00:00:00Z"}
    with stage.api.lock:
        stage.api.objects[("apps/v1", "deployments", "shop", "web")] = item
    if released:
        timer = threading.Timer(0.3, stage.api.release, ("Deployment", "web"))
        timer.start()
    commit = stage.push({WEB: definition(version="2")})
    (run,) = stage.deliver()
    assert stage.carry_out(run) is released
    assert "waiting for the Deployment/web that is being deleted to be gone" in stage.tasks["roll-out"].log
    if released:
        assert stage.api.find("Deployment", "web")["metadata"]["uid"] != item["metadata"]["uid"]
    else:
        said = "Deployment/web is still being deleted after 1 s"
        assert stage.statuses(commit)["pushboat/web"] == ("failure", said)


@pytest.mark.parametrize("times", [1, 3])
def test_an_object_that_vanishes_while_it_is_rolled_out_is_applied_again(stage: Stage, times: int) -> None:
    stage.api.controllers["Deployment"] = lambda item: {**available(item), "availableReplicas": 0}
    left = [times]

    def vanish(request: Request) -> None:
        if request.method == "GET" and request.path.endswith("/deployments/web") and stage.api.names("Deployment"):
            if left[0]:
                left[0] -= 1
                stage.api.take_away("Deployment", "web")
            stage.api.controllers["Deployment"] = available

    stage.api.before = vanish
    commit = stage.push({WEB: definition()})
    (run,) = stage.deliver()
    assert stage.carry_out(run) is (times == 1)
    assert "applying again: Deployment/web has been deleted by somebody else" in stage.tasks["roll-out"].log
    assert stage.statuses(commit)["pushboat/web"][0] == ("success" if times == 1 else "failure")


def test_the_mark_taken_back_in_between_keeps_the_yaml(stage: Stage) -> None:
    stage.push({WEB: definition(more="  deleted: true\n")})
    (run,) = stage.deliver()
    stage.push({WEB: definition()})
    assert stage.carry_out(run)
    assert stage.upstream.files() == [WEB]
    assert stage.tasks["forget"].results["removal"] == ""


def test_a_branch_that_moves_on_while_the_yaml_is_removed(stage: Stage) -> None:
    marked = definition(more="  deleted: true\n")
    stage.push({WEB: marked})
    (run,) = stage.deliver()
    moves = iter([{WEB: marked, "apps/b.yaml": definition("other")}])

    def move() -> None:
        files = next(moves, None)
        if files:
            stage.push(dict(files))

    stage.host.before_push = move
    assert stage.carry_out(run)
    assert "trying again" in stage.tasks["forget"].log
    assert stage.upstream.files() == ["apps/b.yaml"]


def test_a_write_credential_that_may_not_push_says_so(stage: Stage) -> None:
    commit = stage.push({WEB: definition(more="  deleted: true\n")})
    (run,) = stage.deliver()
    stage.host.rules.writers.clear()
    stage.host.rules.readers.add("writer")
    assert not stage.carry_out(run)
    state, text = stage.statuses(commit)["pushboat/web"]
    assert (state, text.startswith("removed, but its YAML still stands in Git: ")) == ("failure", True)
    assert stage.upstream.files() == [WEB]


def test_the_yaml_stays_until_the_app_is_gone_from_every_target(stage: Stage) -> None:
    targets = "  targets: [default, staging]\n"
    stage.push({WEB: definition(more=targets)})
    for run in stage.deliver():
        assert stage.carry_out(run)
    commit = stage.push({WEB: definition(more=f"{targets}  deleted: true\n")})
    first, second = stage.deliver()
    assert stage.carry_out(first)
    assert "forget" not in stage.tasks
    assert stage.upstream.files() == [WEB]
    assert stage.statuses(commit)["pushboat/web@default"] == (
        "success", "removed from default; its YAML stays until it is gone from staging"
    )  # fmt: skip
    assert stage.carry_out(second)
    assert stage.upstream.files() == []


DATABASE = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: db}
spec:
  version: "1"
%s  components:
    - name: db
      kind: StatefulSet
      image: db:1
      storage: [{name: data, path: /data, size: 1Gi}]
"""


def claim(name: str) -> Object:
    kind = "PersistentVolumeClaim"
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": {}}


@pytest.mark.parametrize(
    ("deletion", "kept"),
    [("", ["data-db-0", "data-dbx-0", "other"]), ("  deletion: {data: delete}\n", ["data-dbx-0", "other"])],
)
def test_data_is_kept_unless_the_definition_says_otherwise(stage: Stage, deletion: str, kept: list[str]) -> None:
    delivered(stage, DATABASE % deletion)
    for name in ("data-db-0", "data-dbx-0", "other"):
        stage.api.put(claim(name))
    delivered(stage, DATABASE % f"  deleted: true\n{deletion}")
    assert stage.api.names("PersistentVolumeClaim") == kept
    assert stage.api.names("StatefulSet") == []


def test_report_tells_what_a_killed_phase_could_not(stage: Stage) -> None:
    commit = stage.push({WEB: definition()})
    (run,) = stage.deliver()
    plans = stage.api.find("PipelineRun", run)["spec"]["params"][0]["value"]
    labels = {"tekton.dev/pipelineRun": run, "tekton.dev/pipelineTask": "roll-out"}
    stage.api.put(
        {
            "apiVersion": "tekton.dev/v1",
            "kind": "TaskRun",
            "metadata": {"name": f"{run}-roll-out", "namespace": NAMESPACE, "labels": labels},
            "status": {
                "conditions": [{"type": "Succeeded", "status": "False", "reason": "TaskRunTimeout", "message": "slow"}]
            },
        }
    )
    ended = stage.task("report", plans=plans, run=run)
    assert (ended.code, ended.results) == (0, {"told": "1"})
    assert stage.statuses(commit)["pushboat/web"] == ("failure", "phase roll-out ended as TaskRunTimeout: slow")
    assert stage.statuses(commit)["pushboat"][0] == "failure"
    assert stage.task("report", plans=plans, run=run).results == {"told": "0"}


def test_several_plans_in_one_run_fail_on_their_own(stage: Stage) -> None:
    stage.api.put({**foreign_service(1), "metadata": {"name": "bad", "namespace": "shop"}}, manager="kubectl-create")
    commit = stage.push({f"apps/{name}.yaml": definition(name) for name in ("bad", "good", "fine")})
    runs = stage.deliver()
    plans = [json.loads(stage.api.find("PipelineRun", run)["spec"]["params"][0]["value"])[0] for run in runs]
    ended = stage.task("roll-out", plans=json.dumps(plans))
    assert ended.code == 1
    moods = {context: state for context, (state, _) in stage.statuses(commit).items()}
    assert moods == {
        "pushboat/bad": "failure", "pushboat/good": "success", "pushboat/fine": "success", "pushboat": "failure",
    }  # fmt: skip
