"""The other ways to start a delivery: by hand, and by the catch-up when a webhook was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hack.stage import Checkout, Stage, run, wait
from tests.e2e.definitions import web


@contextmanager
def _no_webhook(stage: Stage) -> Iterator[None]:
    path = f"/repos/{stage.gitea.user}/{stage.repository}/hooks"
    hooks = stage.gitea.call("GET", path)
    for hook in hooks:
        stage.gitea.call("PATCH", f"{path}/{hook['id']}", {"active": False})
    try:
        yield
    finally:
        for hook in hooks:
            stage.gitea.call("PATCH", f"{path}/{hook['id']}", {"active": True})


def test_tkn_pipeline_start_delivers_by_hand(stage: Stage, repo: Checkout) -> None:
    with _no_webhook(stage):
        repo.write("apps/hand.yaml", web("hand"))
        commit = repo.push("hand")
        run("tkn", "-n", stage.namespace, "pipeline", "start", "deliver", "-p", f"repository={stage.repository}")
        assert stage.status(commit, "pushboat/hand")["state"] == "success"


def test_the_catch_up_delivers_what_a_lost_webhook_left_and_then_rests(stage: Stage, repo: Checkout) -> None:
    with _no_webhook(stage):
        repo.write("apps/late.yaml", web("late"))
        commit = repo.push("late")
        assert "started deliver-" in _catch_up(stage, "late-1")
        assert stage.status(commit, "pushboat/late")["state"] == "success"
        wait(
            "the ledger to move",
            lambda: commit in str(stage.cluster.get("configmap", f"ledger-{stage.repository}", stage.namespace)),
        )
        before = len(stage.delivers())
        assert f"{stage.repository}: up to date at {commit[:7]}" in _catch_up(stage, "late-2")
        assert len(stage.delivers()) == before


def _catch_up(stage: Stage, name: str) -> str:
    kubectl = stage.cluster.kubectl
    kubectl("-n", stage.namespace, "create", "job", name, "--from=cronjob/pushboat-catch-up")
    kubectl("-n", stage.namespace, "wait", "--for=condition=Complete", f"job/{name}", "--timeout=60s")
    return kubectl("-n", stage.namespace, "logs", f"job/{name}")
