"""status and logs, against the fake cluster."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.running import run
from tests.unit.fakes.api_server import ApiServer, Object
from tests.unit.fakes.stage import Stage, definition


def test_status_lists_the_apps(stage: Stage, kubeconfig: str) -> None:
    assert "no app has been delivered" in run("status", "--kubeconfig", kubeconfig).stdout
    commit = stage.push({"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    first, second = stage.deliver()
    assert stage.carry_out(second)
    data = json.loads(run("status", "--kubeconfig", kubeconfig, "-o", "json").stdout)["apps"]
    assert [(one["app"], one["state"], one["version"], one["commit"], one["run"]) for one in data] == [
        ("b", "starting", "1", commit[:7], first),
        ("web", "healthy", "1", commit[:7], second),
    ]
    lines = run("status", "web", "--kubeconfig", kubeconfig).stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [["APP", "TARGET", "STATE"], ["web", "default", "healthy"]]
    done = run("status", "nothing", "--kubeconfig", kubeconfig)
    assert (done.exit_code, str(done.exception)) == (1, "there is no app 'nothing' in namespace pushboat")


def test_a_run_that_waits_for_its_turn_is_listed_beside_its_app(stage: Stage, kubeconfig: str) -> None:
    stage.push({"apps/web.yaml": definition()})
    (first,) = stage.deliver()
    assert stage.carry_out(first)
    run_of = stage.api.find("PipelineRun", first)
    metadata = {**run_of["metadata"], "name": "web-next"}
    pending = {**run_of, "metadata": metadata, "spec": {**run_of["spec"], "status": "PipelineRunPending"}}
    stage.api.put({key: value for key, value in pending.items() if key != "status"})
    data = json.loads(run("status", "web", "--kubeconfig", kubeconfig, "-o", "json").stdout)["apps"]
    assert [(one["state"], one["run"]) for one in data] == [("healthy", first), ("waiting", "web-next")]
    assert "waiting" in run("status", "--kubeconfig", kubeconfig).stdout


def pod(run_name: str, *containers: str) -> Object:
    labels = {"tekton.dev/pipelineRun": run_name, "tekton.dev/pipelineTask": "roll-out"}
    states = [{"name": one, "state": {"terminated": {"exitCode": 0}}} for one in reversed(containers)]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "pushboat", "labels": labels},
        "spec": {"containers": [{"name": one} for one in containers]},
        "status": {"containerStatuses": states},
    }


def finish(api: ApiServer, name: str) -> None:
    item = api.find("PipelineRun", name)
    conditions = [{"type": "Succeeded", "status": "True", "reason": "Succeeded", "message": "Tasks Completed: 1"}]
    api.put({**item, "status": {"completionTime": "2026-01-01T00:00:00Z", "conditions": conditions}})


@pytest.mark.parametrize("more", [[], ["--no-follow"]])
def test_logs_prints_the_steps_in_order(stage: Stage, kubeconfig: str, more: list[str]) -> None:
    stage.push({"apps/web.yaml": definition()})
    (name,) = stage.deliver()
    stage.api.put(pod(name, "step-one", "step-two"))
    stage.api.logs[("p", "step-one", False)] = "a\nb\n"
    stage.api.logs[("p", "step-two", False)] = "c\n"
    finish(stage.api, name)
    done = run("logs", "web", "--kubeconfig", kubeconfig, *more)
    assert done.stdout == "[roll-out one] a\n[roll-out one] b\n[roll-out two] c\n"
    assert done.stderr.startswith(f"{name}: Create web 1 on default: not there yet")
    assert done.stderr.endswith("Succeeded: Tasks Completed: 1\n")
    done = run("logs", "nothing", "--kubeconfig", kubeconfig)
    assert "there is no run of an app 'nothing'" in str(done.exception)
