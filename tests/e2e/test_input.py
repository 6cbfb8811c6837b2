"""Bad input: told at its place, alone, and nothing is lost or doubled."""

from __future__ import annotations

import json
import time

from hack.stage import Checkout, Stage, run, wait
from tests.e2e.definitions import web

ZERO = "0" * 40


def _payload(stage: Stage, before: str, after: str, *, ref: str = "refs/heads/main") -> dict[str, object]:
    repository = {"full_name": f"{stage.gitea.user}/{stage.repository}", "clone_url": "http://attacker.invalid/x.git"}
    return {"ref": ref, "before": before, "after": after, "repository": repository}


def _delivers_of(stage: Stage, after: str) -> list[str]:
    return [one["metadata"]["name"] for one in stage.delivers() if after[:12] in one["metadata"]["name"]]


def test_a_bad_definition_fails_alone_at_its_line_and_the_others_are_delivered(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/good.yaml", web("good"))
    repo.write("apps/bad.yaml", web("bad").replace("replicas: 1", "replicas: many"))
    repo.write("apps/worse.yaml", "kind: Application\n  name: [\n")
    commit = repo.push("three definitions")
    assert stage.status(commit, "pushboat/bad") == {
        "state": "failure",
        "description": "apps/bad.yaml:11:17: spec.components[0].replicas must be a whole number "
        "from 0 to 1000, not 'many'",
    }
    assert stage.status(commit, "pushboat/worse")["description"].startswith("apps/worse.yaml:2:7: not valid YAML")
    assert stage.status(commit, "pushboat/good")["state"] == "success"
    assert stage.status(commit, "pushboat") == {"state": "failure", "description": "failed: bad, worse; 1 delivered"}
    for name in ("bad", "worse"):
        (repo.folder / f"apps/{name}.yaml").unlink()
    assert stage.status(repo.push("without the bad ones"), "pushboat")["state"] == "success"


def test_a_wrong_or_missing_signature_starts_nothing(stage: Stage, repo: Checkout) -> None:
    head = repo.git("rev-parse", "HEAD")
    for number, secret in enumerate((None, "not the secret")):
        after = f"{number}badbadbad{head[:30]}"
        assert stage.send(_payload(stage, ZERO, after), secret=secret) == 202, "the listener answers 202 to everything"
        time.sleep(3)
        assert _delivers_of(stage, after) == []


def test_signed_events_that_are_no_push_to_the_branch_start_nothing(stage: Stage, repo: Checkout) -> None:
    head = repo.git("rev-parse", "HEAD")
    cases = {
        "another branch": _payload(stage, ZERO, f"1{head[:39]}", ref="refs/heads/other"),
        "a tag": _payload(stage, ZERO, f"2{head[:39]}", ref="refs/tags/main"),
        "another repository": _payload(stage, ZERO, f"3{head[:39]}") | {"repository": {"full_name": "someone/else"}},
        "a deleted branch": _payload(stage, head, ZERO),
        "a commit that is none": _payload(stage, ZERO, "$(tt.params.repository)"),
    }
    before = len(stage.delivers())
    for payload in cases.values():
        stage.send(payload, secret=stage.webhook_secret)
    stage.send(_payload(stage, ZERO, f"4{head[:39]}"), secret=stage.webhook_secret, event="ping")
    time.sleep(4)
    assert len(stage.delivers()) == before


def test_a_replayed_webhook_starts_nothing_twice(stage: Stage, repo: Checkout) -> None:
    before = repo.git("rev-parse", "HEAD")
    repo.write("apps/again.yaml", web("again"))
    after = repo.push("again")
    stage.status(after, "pushboat/again")
    for _ in range(5):
        stage.send(_payload(stage, before, after), secret=stage.webhook_secret)
    time.sleep(4)
    assert len(_delivers_of(stage, after)) == 1
    assert len(stage.app_runs(after)) == 1
    assert stage.gitea.history(stage.repository, after, "pushboat/again") == ["pending", "success"]


def test_a_push_that_touches_no_definition_ends_as_a_no_op(stage: Stage, repo: Checkout) -> None:
    repo.write("src/main.py", "print('hello')\n")
    commit = repo.push("code only")
    assert stage.status(commit, "pushboat") == {"state": "success", "description": "no definition changed"}
    assert stage.app_runs(commit) == []


def test_what_the_target_does_not_take_is_refused_at_its_line(stage: Stage, repo: Checkout) -> None:
    head = "apiVersion: pushboat.dev/v1alpha1\nkind: Application\nmetadata: {name: greedy}\n"
    repo.write("apps/greedy/app.yaml", head + "spec: {version: '1', manifests: [all.yaml]}\n")
    repo.write(
        "apps/greedy/all.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: root}\n",
    )
    status = stage.status(repo.push("greedy"), "pushboat/greedy")
    assert status["description"].startswith("apps/greedy/all.yaml:2:7: target default takes no ClusterRoleBinding.rbac")
    (repo.folder / "apps/greedy/all.yaml").unlink()
    (repo.folder / "apps/greedy/app.yaml").unlink()
    assert stage.status(repo.push("not greedy"), "pushboat")["state"] == "success"


def test_an_unreachable_git_host_fails_the_run_with_its_reason_and_changes_nothing(stage: Stage) -> None:
    """The same bundle, told of a repository on a host that does not answer."""
    namespace = stage.namespace
    wait("earlier pushes to end", lambda: all("completionTime" in one.get("status", {}) for one in stage.delivers()))
    good = json.dumps(stage.cluster.get("task", "plan-changes", namespace))
    bad = good.replace(stage.gitea.url, "http://127.0.0.1:9")
    assert bad != good
    ledger = stage.cluster.get("configmap", f"ledger-{stage.repository}", namespace)
    started = ""
    try:
        _put_task(stage, bad)
        started = run(
            "tkn", "-n", namespace, "pipeline", "start", "deliver", "-p", f"repository={stage.repository}", "-o", "name"
        ).strip()
        started = started.rpartition("/")[2]
        found = wait("the run to fail", lambda: _finished(stage, started))
    finally:
        _put_task(stage, good)
    assert found["status"]["conditions"][0]["status"] == "False"
    (task_run,) = stage.cluster.items("taskrun", namespace, f"tekton.dev/pipelineRun={started}")
    reason = {one["name"]: one["value"] for one in task_run["status"]["results"]}["reason"]
    assert reason.startswith("the Git host does not answer:")
    again = stage.cluster.get("configmap", f"ledger-{stage.repository}", namespace)
    assert (again or {}).get("data") == (ledger or {}).get("data")


def _put_task(stage: Stage, text: str) -> None:
    task = json.loads(text)
    task["metadata"].pop("resourceVersion")
    stage.cluster.kubectl("replace", "-f", "-", data=json.dumps(task))


def _finished(stage: Stage, name: str) -> dict[str, dict[str, list[dict[str, str]]]] | None:
    found = stage.cluster.get("pipelinerun", name, stage.namespace)
    return found if found and found.get("status", {}).get("completionTime") else None
