"""Catch-up, the diagnosis of failing pods, and what every step shares."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.model.change import Action
from generator.model.errors import SupersededError, UserError
from generator.model.inventory import Inventory, ObjectRef, State
from generator.model.plan import Plan
from generator.rollout.diagnose import Trouble, trouble_of
from generator.rollout.wait import until_healthy
from generator.steps import catch_up, shell
from tests.unit.fakes.api_server import Object, available
from tests.unit.fakes.stage import NAMESPACE, Stage, definition

WEB = "apps/web.yaml"


def test_catch_up_starts_deliver_only_when_behind(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    commit = stage.push({WEB: definition()})
    stage.deliver()
    assert shell.step(catch_up.Inputs, catch_up.run) == 0
    assert f"shop: up to date at {commit[:7]}" in capsys.readouterr().out
    before = set(stage.api.names("PipelineRun"))
    stage.push({WEB: definition(version="2")})
    assert shell.step(catch_up.Inputs, catch_up.run) == 0
    (run,) = set(stage.api.names("PipelineRun")) - before
    assert run.startswith("deliver-shop-catch-up-")
    assert stage.api.find("PipelineRun", run)["spec"]["params"] == [{"name": "repository", "value": "shop"}]


def test_catch_up_leaves_a_run_alone_that_is_at_work(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.push({WEB: definition()})
    labels = {"pushboat.dev/repository": "shop", "tekton.dev/pipeline": "deliver"}
    metadata = {"name": "deliver-shop-x", "namespace": NAMESPACE, "labels": labels}
    stage.api.put({"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "metadata": metadata, "spec": {}})
    assert shell.step(catch_up.Inputs, catch_up.run) == 0
    assert stage.api.names("PipelineRun") == ["deliver-shop-x"]
    assert "deliver-shop-x is at work on it" in capsys.readouterr().out


def pod(name: str, revision: str, reason: str) -> Object:
    labels = {"app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "web", "pod-template-hash": revision}
    state = {"waiting": {"reason": reason, "message": "why"}}
    container = {"name": "web", "ready": False, "state": state, "lastState": {"terminated": {"exitCode": 3}}}
    status = {"phase": "Running", "containerStatuses": [container]}
    metadata = {"name": name, "namespace": "shop", "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": status}


def deployment(stage: Stage) -> Object:
    """A Deployment in its second revision, with a ReplicaSet for each."""
    revision = "deployment.kubernetes.io/revision"
    labels = {"app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "web"}
    for number, name in (("1", "old"), ("2", "new")):
        metadata = {"name": f"web-{name}", "namespace": "shop", "annotations": {revision: number}}
        metadata |= {"labels": {**labels, "pod-template-hash": name}}
        stage.api.put({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata, "spec": {}})
    stage.api.controllers["Deployment"] = lambda item: {**available(item), "availableReplicas": 0}
    metadata = {"name": "web", "namespace": "shop", "annotations": {revision: "2"}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}}
    return stage.api.put({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec})


def test_a_failing_pod_of_the_new_revision_is_named_with_its_last_words(stage: Stage) -> None:
    workload = deployment(stage)
    stage.api.put(pod("web-old-1", "old", "ImagePullBackOff"))
    assert trouble_of(in_cluster(), workload) is None
    stage.api.put(pod("web-new-1", "new", "CrashLoopBackOff"))
    stage.api.logs[("web-new-1", "web", True)] = "starting\nno such table: orders\n"
    said = 'pod web-new-1: container web: CrashLoopBackOff (exit code 3); its last words: "no such table: orders"'
    assert trouble_of(in_cluster(), workload) == Trouble(said, 120)


def plan(run: str = "me", **more: int) -> Plan:
    return Plan(run, "web", "default", "shop", Action.CREATE, "shop", WEB, "c" * 40, more.get("sequence", 1))


@pytest.fixture
def records(stage: Stage) -> Records:  # noqa: ARG001 - it sets the environment of a pod
    found = Records(in_cluster(), NAMESPACE)
    mine = Inventory("web", "default", "shop", "shop", WEB, State.APPLYING, run="me", sequence=1)
    found.update("web", "default", lambda _: mine)
    return found


def fast() -> Callable[[], float]:
    """A clock on which every look is four seconds after the one before."""
    ticks = itertools.count(0, 4)
    return lambda: float(next(ticks))


def leaps() -> Callable[[], float]:
    """A clock on which every look is half a minute after the one before."""
    ticks = itertools.count(0, 30)
    return lambda: float(next(ticks))


def test_a_pod_that_keeps_failing_ends_the_wait_early(stage: Stage, records: Records) -> None:
    ref = ObjectRef("apps/v1", "Deployment", "shop", "web", deployment(stage)["metadata"]["uid"])
    stage.api.put(pod("web-new-1", "new", "ImagePullBackOff"))
    said = r"^pod web-new-1: container web: ImagePullBackOff .*: why \(Deployment/web: 0 of 1"
    with pytest.raises(UserError, match=said):
        until_healthy(records.api, records, plan(), (ref,), fast())


@pytest.mark.parametrize(
    ("reason", "patience"), [("ImagePullBackOff", 30), ("CreateContainerConfigError", 30), ("CrashLoopBackOff", 120)]
)
def test_how_long_a_pod_may_fail(stage: Stage, reason: str, patience: float) -> None:
    workload = deployment(stage)
    stage.api.put(pod("web-new-1", "new", reason))
    found = trouble_of(in_cluster(), workload)
    assert found
    assert found.patience == patience


def test_a_pod_without_a_node_is_waited_for_until_the_timeout(stage: Stage, records: Records) -> None:
    ref = ObjectRef("apps/v1", "Deployment", "shop", "web", deployment(stage)["metadata"]["uid"])
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no cpu"}
    stage.api.put({**pod("web-new-1", "new", ""), "status": {"phase": "Pending", "conditions": [condition]}})
    said = r"^pod web-new-1: Unschedulable: no cpu \(not healthy after 300 s: Deployment/web: 0 of 1"
    with pytest.raises(UserError, match=said):
        until_healthy(records.api, records, plan(), (ref,), leaps())


def test_a_wait_ends_when_another_run_has_the_app(stage: Stage, records: Records) -> None:
    ref = ObjectRef("apps/v1", "Deployment", "shop", "web", deployment(stage)["metadata"]["uid"])
    with pytest.raises(SupersededError, match="superseded by me"):
        until_healthy(records.api, records, plan("another"), (ref,), fast())


def test_a_step_as_a_process(stage: Stage) -> None:
    """Its exit code, its result file and its log are all that Tekton sees."""
    stage.push({WEB: definition()})
    result, reason = stage.root / "commit", stage.root / "reason"
    env = {**os.environ, "PARAM_REPOSITORY": "shop", "RESULT_COMMIT": str(result), "RESULT_REASON": str(reason)}
    words = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-m", "generator.steps.diff"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert (done.returncode, done.stderr) == (0, "")
    assert result.read_text() == stage.upstream.head()
    assert not reason.exists()
    env["PUSHBOAT_BUNDLE_VERSION"] = "99.0"
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == 1
    assert "run pushboat generate again" in reason.read_text()
    del env["PARAM_REPOSITORY"], env["PUSHBOAT_BUNDLE_VERSION"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert (done.returncode, reason.read_text()) == (1, "the Task does not set PARAM_REPOSITORY")


ORDERED = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  version: "1"
%s  deletion: {order: [api, shop], timeout: 1s}
  components:
    - {name: shop, kind: StatefulSet, image: "x:1", ports: [{name: http, port: 1}]}
    - {name: api, kind: Deployment, image: "x:1", ports: [{name: http, port: 1}]}
    - {name: other, kind: Deployment, image: "x:1"}
"""


@pytest.mark.parametrize("held", [False, True])
def test_components_go_in_the_order_that_is_asked_for(stage: Stage, held: bool) -> None:
    stage.push({WEB: ORDERED % ""})
    (run,) = stage.deliver()
    assert stage.carry_out(run)
    if held:
        item = stage.api.find("Deployment", "shop-api")
        stage.api.put({**item, "metadata": {**item["metadata"], "finalizers": ["example.com/guard"]}})
    commit = stage.push({WEB: ORDERED % "  deleted: true\n"})
    (run,) = stage.deliver()
    assert stage.carry_out(run) is not held
    if held:
        said = "DeleteBlocked after 1 s: Deployment/shop-api (held by example.com/guard); its YAML stays in Git"
        assert stage.statuses(commit)["pushboat/shop"] == ("failure", said)
        assert stage.api.deletions[-1] == "Deployment/shop-api"
        assert stage.api.names("StatefulSet") == ["shop"]
    else:
        assert stage.api.deletions[:3] == ["Deployment/shop-api", "StatefulSet/shop", "Deployment/shop-other"]
        assert "Service/shop" in stage.api.deletions
