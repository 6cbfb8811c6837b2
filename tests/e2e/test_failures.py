"""When an app does not come up, its commit says which pod, why, and its last words."""

from __future__ import annotations

from hack.stage import Checkout, Stage, wait
from tests.e2e.definitions import BUSYBOX, application, web


def test_an_image_that_cannot_be_pulled_is_named_and_a_later_push_mends_it(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/pull.yaml", web("pull", "1.0.0", tag="absent"))
    status = stage.status(repo.push("pull"), "pushboat/pull")
    assert status["state"] == "failure"
    assert status["description"].startswith("pod pull-web-")
    assert "ImagePull" in status["description"]
    repo.write("apps/pull.yaml", web("pull", "1.0.1", tag="1.0.0"))
    assert stage.status(repo.push("pull mended"), "pushboat/pull")["state"] == "success"


def test_a_crashing_pod_is_named_with_its_last_log_line(stage: Stage, repo: Checkout) -> None:
    crash = f"""
    - name: web
      kind: Deployment
      image: {BUSYBOX}
      command: [/bin/sh, -c, "echo no database at db:5432; exit 3"]
    """
    repo.write("apps/crash.yaml", application("crash", "1", crash))
    commit = repo.push("crash")
    status = stage.status(commit, "pushboat/crash")
    assert status["state"] == "failure"
    (run_,) = stage.app_runs(commit)
    labels = f"tekton.dev/pipelineRun={run_['metadata']['name']},tekton.dev/pipelineTask=roll-out"
    log = stage.cluster.kubectl("-n", stage.namespace, "logs", "-l", labels, "--tail=-1")
    assert "CrashLoopBackOff (exit code 3)" in log
    assert 'its last words: "no database at db:5432"' in log
    assert "crash-web-" in status["description"]


def test_a_failed_job_fails_the_push(stage: Stage, repo: Checkout) -> None:
    job = f"""
    - name: migrate
      kind: Job
      image: {BUSYBOX}
      command: [/bin/sh, -c, "echo cannot migrate; exit 1"]
    """
    repo.write("apps/badjob.yaml", application("badjob", "1", job, extra="timeouts: {health: 20s}"))
    status = stage.status(repo.push("badjob"), "pushboat/badjob")
    assert status["state"] == "failure"


def test_a_step_that_cannot_start_is_reported_all_the_same(stage: Stage, repo: Checkout) -> None:
    """The phase's pod never starts, so only the report in `finally` can tell."""
    task = stage.cluster.get("task", "roll-out", stage.namespace)
    assert task is not None
    image = task["spec"]["steps"][0]["image"]
    patch = '[{"op": "replace", "path": "/spec/steps/0/image", "value": "%s"}]'
    kubectl = stage.cluster.kubectl
    kubectl("-n", stage.namespace, "patch", "task", "roll-out", "--type=json", "-p", patch % "docker.io/local/none:0")
    try:
        repo.write("apps/mute.yaml", web("mute"))
        status = stage.status(repo.push("mute"), "pushboat/mute")
    finally:
        kubectl("-n", stage.namespace, "patch", "task", "roll-out", "--type=json", "-p", patch % image)
    assert status["state"] == "failure"
    assert "phase roll-out ended as TaskRunImagePullFailed" in status["description"]


def test_a_push_that_does_not_wait_takes_over_from_a_run_that_is_still_waiting(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/newest.yaml", web("newest", "1.0.0", tag="absent"))
    first = repo.push("newest, with an image that is not there")
    wait(
        "the first run to claim the app",
        lambda: stage.cluster.get("configmap", "inventory-newest.default", stage.namespace),
    )
    repo.write("apps/newest.yaml", web("newest", "1.1.0", extra="onNewCommit: cancel"))
    second = repo.push("newest, mended")
    assert stage.status(second, "pushboat/newest")["state"] == "success"
    status = stage.status(first, "pushboat/newest")
    assert status["state"] == "error"
    assert status["description"].startswith(f"superseded by newest-upgrade-{second[:7]}")
