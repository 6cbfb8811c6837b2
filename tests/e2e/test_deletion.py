"""Deletion with proof: nothing leaves Git before its objects are gone, and only while the mark stands."""

from __future__ import annotations

import json

from hack.stage import Checkout, Stage, wait
from tests.e2e.definitions import web


def _hold(stage: Stage, name: str, finalizers: list[str]) -> None:
    patch = json.dumps({"metadata": {"finalizers": finalizers}})
    stage.cluster.kubectl("-n", stage.target, "patch", "service", name, "--type=merge", "-p", patch)


def test_a_finalizer_blocks_the_deletion_is_named_and_the_yaml_stays(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/held.yaml", web("held"))
    stage.status(repo.push("held"), "pushboat/held")
    _hold(stage, "held-web", ["example.com/backup"])
    repo.write("apps/held.yaml", web("held", extra="deleted: true\ndeletion: {timeout: 5s}"))
    status = stage.status(repo.push("delete held"), "pushboat/held")
    assert status["state"] == "failure"
    assert status["description"].startswith("DeleteBlocked after 5 s: Service/held-web (held by example.com/backup")
    repo.update()
    assert (repo.folder / "apps/held.yaml").exists()

    _hold(stage, "held-web", [])
    wait("the service to go", lambda: stage.cluster.get("service", "held-web", stage.target) is None)
    repo.write("apps/held.yaml", web("held", extra="deleted: true\ndeletion: {timeout: 6s}"))
    assert stage.status(repo.push("delete held again"), "pushboat/held")["state"] == "success"
    repo.update()
    assert not (repo.folder / "apps/held.yaml").exists()


def test_commits_that_land_during_the_deletion_are_kept(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/race.yaml", web("race"))
    stage.status(repo.push("race"), "pushboat/race")
    _hold(stage, "race-web", ["example.com/backup"])
    repo.write("apps/race.yaml", web("race", extra="deleted: true"))
    marked = repo.push("delete race")
    wait(
        "the deletion to begin",
        lambda: (
            (stage.cluster.get("service", "race-web", stage.target) or {}).get("metadata", {}).get("deletionTimestamp")
        ),
    )
    repo.write("notes.txt", "somebody else's work\n")
    meanwhile = repo.push("notes")
    _hold(stage, "race-web", [])
    assert stage.status(marked, "pushboat/race")["state"] == "success"
    repo.update()
    assert repo.git("rev-parse", "HEAD~1") == meanwhile
    assert (repo.folder / "notes.txt").exists()
    assert not (repo.folder / "apps/race.yaml").exists()


def test_a_mark_that_is_taken_back_keeps_the_yaml(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/undo.yaml", web("undo"))
    stage.status(repo.push("undo"), "pushboat/undo")
    _hold(stage, "undo-web", ["example.com/backup"])
    repo.write("apps/undo.yaml", web("undo", extra="deleted: true"))
    marked = repo.push("delete undo")
    wait(
        "the deletion to begin",
        lambda: (
            (stage.cluster.get("service", "undo-web", stage.target) or {}).get("metadata", {}).get("deletionTimestamp")
        ),
    )
    repo.write("apps/undo.yaml", web("undo", "1.1.0"))
    back = repo.push("no, keep undo")
    wait("the upgrade to be planned", lambda: stage.app_runs(back))
    _hold(stage, "undo-web", [])
    assert stage.status(back, "pushboat/undo")["state"] == "success"
    stage.status(marked, "pushboat/undo")
    repo.update()
    assert (repo.folder / "apps/undo.yaml").exists()
    deployment = stage.cluster.get("deployment", "undo-web", stage.target)
    assert deployment is not None
    assert deployment["status"]["availableReplicas"] == 1


def test_a_file_that_vanishes_without_a_mark_is_reported_and_nothing_is_deleted(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/lost.yaml", web("lost"))
    stage.status(repo.push("lost"), "pushboat/lost")
    (repo.folder / "apps/lost.yaml").unlink()
    commit = repo.push("oops")
    status = stage.status(commit, "pushboat/lost")
    assert status["state"] == "failure"
    assert status["description"] == "orphaned: apps/lost.yaml is gone without a delete mark: lost keeps running"
    assert stage.cluster.get("deployment", "lost-web", stage.target) is not None
    assert stage.app_runs(commit) == []
