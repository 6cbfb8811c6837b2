"""Order: apps that need each other, components that go one after the other, and runs that queue."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hack.stage import Checkout, Stage, wait
from tests.e2e.definitions import BUSYBOX, IMAGE, application, web


def _hold(stage: Stage, kind: str, name: str, finalizers: list[str]) -> None:
    patch = json.dumps({"metadata": {"finalizers": finalizers}})
    stage.cluster.kubectl("-n", stage.target, "patch", kind, name, "--type=merge", "-p", patch)


def _run(stage: Stage, commit: str, app: str) -> dict[str, Any]:
    """The app's run of a push, once it is there."""
    label = f"pushboat.dev/commit={commit},pushboat.dev/app={app}"
    found: dict[str, Any] = wait(f"the run of {app} for {commit[:7]}", lambda: stage.runs(label))[0]
    return found


def _pending(run: dict[str, Any]) -> bool:
    return bool(run["spec"].get("status") == "PipelineRunPending")


def _pods(stage: Stage, run: dict[str, Any]) -> list[str]:
    labels = f"tekton.dev/pipelineRun={run['metadata']['name']}"
    return [pod["metadata"]["name"] for pod in stage.cluster.items("pod", stage.namespace, labels)]


def _ended(stage: Stage, run: dict[str, Any]) -> dict[str, Any]:
    name = run["metadata"]["name"]

    def look() -> dict[str, Any] | None:
        found = stage.cluster.get("pipelinerun", name, stage.namespace) or {}
        return found if found.get("status", {}).get("completionTime") else None

    return dict(wait(f"{name} to end", look))


def _times(run: dict[str, Any]) -> tuple[str, str]:
    return run["status"]["startTime"], run["status"]["completionTime"]


def _slow(name: str, version: str, *, seconds: int = 8, extra: str = "") -> str:
    """An app whose pods take some seconds to become ready."""
    components = f"""
    - name: web
      kind: Deployment
      image: {BUSYBOX}
      command: [/bin/sh, -c, "trap exit TERM; sleep {seconds}; echo > /tmp/ready; while :; do sleep 1; done"]
      env: [{{name: VERSION, value: "{version}"}}]
      volumes: [{{name: tmp, path: /tmp, temporary: {{size: 1Mi}}}}]
      probes: {{readiness: {{command: [/bin/sh, -c, "test -f /tmp/ready"], period: 1s}}}}
    """
    return application(name, version, components, extra=f"timeouts: {{health: 60s}}\n{extra}")


def test_an_app_is_rolled_out_after_what_it_depends_on_and_removed_before_it(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/base.yaml", _slow("base", "1"))
    repo.write("apps/front.yaml", web("front", extra="dependsOn: [base]"))
    commit = repo.push("base and front")
    wait("front to wait", lambda: stage.cluster.get("configmap", "inventory-front.default", stage.namespace))
    assert stage.cluster.get("deployment", "front-web", stage.target) is None
    status = stage.status(commit, "pushboat/front")
    assert status["state"] == "success", status
    base, front = (stage.cluster.get("deployment", f"{name}-web", stage.target) for name in ("base", "front"))
    assert base
    assert front
    ready = next(one for one in base["status"]["conditions"] if one["type"] == "Available")
    assert ready["lastTransitionTime"] <= front["metadata"]["creationTimestamp"]

    repo.write("apps/base.yaml", _slow("base", "1", extra="deleted: true"))
    commit = repo.push("delete base alone")
    status = stage.status(commit, "pushboat/base")
    assert status["state"] == "failure"
    assert "DeleteBlocked: needed on default by front; its YAML stays in Git" in status["description"]
    assert stage.app_runs(commit) == []

    repo.write("apps/base.yaml", _slow("base", "2", extra="deleted: true"))
    repo.write("apps/front.yaml", web("front", extra="deleted: true\ndependsOn: [base]"))
    commit = repo.push("delete both")
    for name in ("base", "front"):
        assert stage.status(commit, f"pushboat/{name}")["state"] == "success"
    repo.update()
    assert not list((repo.folder / "apps").glob("base.yaml")) + list((repo.folder / "apps").glob("front.yaml"))
    labels = f"tekton.dev/pipelineRun={_run(stage, commit, 'base')['metadata']['name']},tekton.dev/pipelineTask=remove"
    log = stage.cluster.kubectl("-n", stage.namespace, "logs", "--tail=-1", "-c", "step-remove", "-l", labels)
    assert log.index("waiting for front to be gone") < log.index("deleting Deployment/base-web")


def test_what_depends_on_a_failed_app_fails_at_once_and_says_why(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/broken.yaml", web("broken", "1.0.0", tag="absent", extra="timeouts: {health: 15s}"))
    repo.write("apps/above.yaml", web("above", extra="dependsOn: [broken]"))
    commit = repo.push("broken and above")
    status = stage.status(commit, "pushboat/above")
    assert status["state"] == "failure"
    assert status["description"].startswith("broken, which it depends on, failed: pod broken-web-")
    assert stage.cluster.get("deployment", "above-web", stage.target) is None

    repo.write("apps/alone.yaml", web("alone", extra="dependsOn: [nobody]"))
    status = stage.status(repo.push("needs nobody"), "pushboat/alone")
    assert status["state"] == "failure"
    assert "alone depends on nobody, which is neither in this push nor on target default" in status["description"]


def test_components_are_removed_in_the_order_that_is_asked_for(stage: Stage, repo: Checkout) -> None:
    components = f"""
    - {{name: first, kind: Deployment, image: "{IMAGE}:1.0.0", ports: [{{name: http, port: 8080}}]}}
    - {{name: last, kind: Deployment, image: "{IMAGE}:1.0.0", ports: [{{name: http, port: 8080}}]}}
    """
    order = "deletion: {order: [first, last], timeout: 60s}"
    repo.write("apps/staged.yaml", application("staged", "1", components, extra=order))
    stage.status(repo.push("staged"), "pushboat/staged")
    _hold(stage, "deployment", "staged-first", ["example.com/drain"])
    repo.write("apps/staged.yaml", application("staged", "1", components, extra=f"deleted: true\n{order}"))
    commit = repo.push("delete staged")

    def going() -> bool:
        found = stage.cluster.get("deployment", "staged-first", stage.target) or {"metadata": {}}
        return "deletionTimestamp" in found["metadata"]

    wait("the first component to go", going)
    last = stage.cluster.get("deployment", "staged-last", stage.target)
    assert last
    assert "deletionTimestamp" not in last["metadata"]
    _hold(stage, "deployment", "staged-first", [])
    assert stage.status(commit, "pushboat/staged")["state"] == "success"
    assert stage.cluster.get("deployment", "staged-last", stage.target) is None


def test_the_newest_waiting_push_supersedes_the_others_and_costs_no_pod_meanwhile(stage: Stage, repo: Checkout) -> None:
    commits = []
    for version in ("1", "2", "3"):
        repo.write("apps/line.yaml", _slow("line", version, seconds=15))
        commits.append(repo.push(f"line {version}"))
        run = _run(stage, commits[-1], "line")
        assert _pending(run) is (version != "1")
        assert version == "1" or _pods(stage, run) == []
    assert stage.status(commits[1], "pushboat/line") == {
        "state": "error", "description": f"superseded by {commits[2][:7]}",
    }  # fmt: skip
    first, second, third = (_ended(stage, _run(stage, commit, "line")) for commit in commits)
    assert second["status"]["conditions"][0]["reason"] in ("Cancelled", "PipelineRunCancelled")
    assert _pods(stage, second) == []
    assert "taskruns" not in second["status"]
    for commit in (commits[0], commits[2]):
        assert stage.status(commit, "pushboat/line")["state"] == "success"
    records = json.loads(
        stage.cluster.kubectl("-n", stage.namespace, "get", "cm", "inventory-line.default", "-o", "json")
    )
    assert json.loads(records["data"]["inventory.json"])["version"] == "3"
    assert first["metadata"]["annotations"]["pushboat.dev/done"] == "true"
    assert third["status"]["startTime"] >= first["status"]["startTime"]


def test_a_queue_delivers_every_push_in_order(stage: Stage, repo: Checkout) -> None:
    commits = []
    for version in ("1", "2", "3"):
        repo.write("apps/every.yaml", _slow("every", version, seconds=6, extra="onNewCommit: queue"))
        commits.append(repo.push(f"every {version}"))
        _run(stage, commits[-1], "every")
    runs = [_ended(stage, _run(stage, commit, "every")) for commit in commits]
    assert [stage.status(commit, "pushboat/every")["state"] for commit in commits] == ["success"] * 3
    starts = [_times(run)[0] for run in runs]
    assert starts == sorted(starts)
    assert len(set(starts)) == 3


def test_a_deletion_waits_for_the_upgrade_and_leaves_nothing_behind(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/brief.yaml", _slow("brief", "1", seconds=10))
    first = repo.push("brief")
    _run(stage, first, "brief")
    repo.write("apps/brief.yaml", _slow("brief", "2", seconds=10))
    second = repo.push("brief 2")
    _run(stage, second, "brief")
    repo.write("apps/brief.yaml", _slow("brief", "2", seconds=10, extra="deleted: true"))
    marked = repo.push("delete brief")
    assert stage.status(second, "pushboat/brief")["description"] == f"superseded by {marked[:7]}"
    assert stage.status(first, "pushboat/brief")["state"] == "success"
    assert stage.status(marked, "pushboat/brief")["state"] == "success"
    repo.update()
    assert not (repo.folder / "apps/brief.yaml").exists()
    assert stage.cluster.get("deployment", "brief-web", stage.target) is None
    assert stage.cluster.get("configmap", "inventory-brief.default", stage.namespace) is None


@pytest.mark.parametrize("how", ["failed", "cancelled"])
def test_a_run_that_does_not_end_well_lets_the_next_one_start(stage: Stage, repo: Checkout, how: str) -> None:
    name = f"bad-{how}"
    repo.write(f"apps/{name}.yaml", web(name, "1.0.0", tag="absent", extra="timeouts: {health: 60s}"))
    first = repo.push(f"{name} 1")
    run = _run(stage, first, name)["metadata"]["name"]
    repo.write(f"apps/{name}.yaml", web(name, "1.1.0"))
    second = repo.push(f"{name} 2")
    assert _pending(_run(stage, second, name))
    if how == "cancelled":  # the hard way, which runs nothing of ours: the catch-up mends it
        patch = '[{"op": "add", "path": "/spec/status", "value": "Cancelled"}]'
        stage.cluster.kubectl("-n", stage.namespace, "patch", "pipelinerun", run, "--type=json", "-p", patch)
        _ended(stage, _run(stage, first, name))
        stage.cluster.kubectl(
            "-n", stage.namespace, "create", "job", f"catch-up-{name}", "--from=cronjob/pushboat-catch-up"
        )
    assert stage.status(second, f"pushboat/{name}")["state"] == "success"
