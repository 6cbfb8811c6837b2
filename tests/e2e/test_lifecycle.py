"""Create, upgrade, delete: one app from its first push to the commit that removes its YAML."""

from __future__ import annotations

import json

from hack.stage import Checkout, Stage, run, wait
from tests.e2e.definitions import web


def test_an_app_is_created_upgraded_and_removed(stage: Stage, repo: Checkout) -> None:
    cluster = stage.cluster

    repo.write("apps/life.yaml", web("life", "1.0.0"))
    first = repo.push("life 1.0.0")
    assert stage.status(first, "pushboat/life")["state"] == "success"
    deployment = cluster.get("deployment", "life-web", stage.target)
    assert deployment is not None
    assert deployment["status"]["availableReplicas"] == 1
    assert stage.status(first, "pushboat") == {"state": "success", "description": "delivered: life"}
    assert stage.gitea.history(stage.repository, first, "pushboat/life") == ["pending", "success"]

    repo.write("apps/life.yaml", web("life", "1.1.0"))
    second = repo.push("life 1.1.0")
    assert stage.status(second, "pushboat/life")["description"].startswith("1.1.0 is healthy on default")
    upgraded = cluster.get("deployment", "life-web", stage.target)
    assert upgraded is not None
    assert upgraded["metadata"]["uid"] == deployment["metadata"]["uid"], "an upgrade keeps the objects"
    assert upgraded["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":1.1.0")

    repo.write("apps/life.yaml", web("life", "1.1.0", extra="deleted: true"))
    third = repo.push("life is not needed any more")
    status = stage.status(third, "pushboat/life")
    assert status["state"] == "success"
    assert "its YAML left Git with" in status["description"]
    assert cluster.get("deployment", "life-web", stage.target) is None
    assert cluster.get("service", "life-web", stage.target) is None
    assert cluster.items("pod", stage.target, "app.kubernetes.io/instance=life") == []
    assert cluster.get("configmap", "inventory-life.default", stage.namespace) is None

    repo.update()
    assert not (repo.folder / "apps/life.yaml").exists()
    removal = repo.git("rev-parse", "HEAD")
    assert repo.git("rev-parse", "HEAD~1") == third
    assert repo.git("log", "-1", "--format=%an") == "Pushboat"
    assert f"Pushboat-Commit: {third}" in repo.git("log", "-1", "--format=%B")
    # the removal's own webhook ends as a no-op
    assert stage.status(removal, "pushboat") == {"state": "success", "description": "no definition changed"}
    assert stage.app_runs(removal) == []


def test_runs_tell_people_what_they_are_for(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/told.yaml", web("told"))
    commit = repo.push("told")
    stage.status(commit, "pushboat/told")
    (run_,) = stage.app_runs(commit)
    metadata = run_["metadata"]
    assert metadata["name"].startswith(f"told-create-{commit[:7]}-")
    assert metadata["labels"]["pushboat.dev/app"] == "told"
    assert metadata["labels"]["pushboat.dev/action"] == "create"
    assert metadata["annotations"]["pushboat.dev/description"] == (
        f"Create told 1.0.0 on default: not there yet ({stage.repository}@{commit[:7]} apps/told.yaml)"
    )
    assert metadata["name"] in run("tkn", "-n", stage.namespace, "pipelinerun", "list")
    assert [task["name"] for task in run_["spec"]["pipelineSpec"]["tasks"]] == ["roll-out"]


def test_the_plan_task_has_the_three_steps(stage: Stage, repo: Checkout) -> None:
    repo.write("README.md", "not a definition\n")
    commit = repo.push("words")
    stage.status(commit, "pushboat")
    run_ = wait(
        "the deliver run", lambda: [one for one in stage.delivers() if one["metadata"]["name"].endswith(commit[:12])]
    )[0]
    (task_run,) = stage.cluster.items("taskrun", stage.namespace, f"tekton.dev/pipelineRun={run_['metadata']['name']}")
    assert [step["name"] for step in task_run["status"]["steps"]] == ["diff", "classify", "render"]


def test_an_unchanged_app_is_left_alone_and_a_mark_without_an_app_only_removes_the_yaml(
    stage: Stage, repo: Checkout
) -> None:
    repo.write("apps/ghost.yaml", web("ghost", extra="deleted: true"))
    commit = repo.push("a definition that is born deleted")
    assert "its YAML left Git with" in stage.status(commit, "pushboat/ghost")["description"]
    (run_,) = stage.app_runs(commit)
    assert [task["name"] for task in run_["spec"]["pipelineSpec"]["tasks"]] == ["forget"]
    repo.update()
    assert not (repo.folder / "apps/ghost.yaml").exists()


def test_the_inventory_records_the_last_good_release(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/record.yaml", web("record"))
    stage.status(repo.push("record"), "pushboat/record")
    repo.write("apps/record.yaml", web("record", "1.2.0", tag="absent"))
    failed = repo.push("record with an image that is not there")
    assert stage.status(failed, "pushboat/record")["state"] == "failure"
    item = stage.cluster.get("configmap", "inventory-record.default", stage.namespace)
    assert item is not None
    inventory = json.loads(item["data"]["inventory.json"])
    assert (inventory["state"], inventory["version"], inventory["last_good_version"]) == ("failed", "1.2.0", "1.0.0")
    assert inventory["current"] != inventory["last_good"]
    assert stage.cluster.get("configmap", inventory["last_good"], stage.namespace) is not None
    assert {one["kind"] for one in inventory["objects"]} == {"Deployment", "Service"}
    assert all(one["uid"] for one in inventory["objects"])
