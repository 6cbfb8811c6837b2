"""What a person asks from a laptop, of the real cluster: plan --live and render."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from hack.stage import Checkout, Stage, run
from tests.e2e.definitions import BUSYBOX, application, web

FILES = "files: [{{path: /www/motd.txt, text: {text}}}]"
DATABASE = f"""
- name: db
  kind: StatefulSet
  image: {BUSYBOX}
  command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
  replicas: 1
  storage: [{{{{name: data, path: /data, size: {{size}}}}}}]
"""


@pytest.fixture
def platform(stage: Stage) -> str:
    """The platform as the stage has installed it."""
    return str(stage.folder / "platform.yaml")


def _plan(repo: Checkout, platform: str, *words: str) -> str:
    """Of one app's commit: what the cluster would do. The kubeconfig is the one of the environment."""
    return run("pushboat", "plan", "--live", "--repo", str(repo.folder), "--platform", platform, *words, check=False)


def _of(repo: Checkout, platform: str, app: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The changes and differences of one app."""
    data = json.loads(_plan(repo, platform, "-o", "json"))
    return tuple([one for one in data[key] if one["app"] == app] for key in ("changes", "diffs"))  # type: ignore[return-value]


def _commit(repo: Checkout, message: str) -> None:
    """A commit that nobody has pushed yet."""
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", message)


def _with_file(version: str, text: str) -> str:
    return web("lap", version, replicas=1).rstrip() + "\n      " + FILES.format(text=text) + "\n"


def test_a_plan_against_the_cluster_and_what_the_push_then_does_agree(
    stage: Stage, repo: Checkout, platform: str
) -> None:
    repo.write("apps/lap.yaml", _with_file("1.0.0", "one"))
    _commit(repo, "lap")
    changes, diffs = _of(repo, platform, "lap")
    assert [(one["action"], one["targets"]) for one in changes] == [("create", ["default"])]
    assert {one["state"] for one in diffs} == {"added"}
    assert stage.cluster.items("deployment", stage.target, "pushboat.dev/app=lap") == [], "a plan changes nothing"

    assert stage.status(repo.push("lap again"), "pushboat/lap")["state"] == "success"
    changes, diffs = _of(repo, platform, "lap")
    assert [one["action"] for one in changes] == ["none"]
    assert diffs == []

    repo.write("apps/lap.yaml", _with_file("1.1.0", "two"))
    _commit(repo, "lap 1.1.0")
    before = stage.cluster.get("deployment", "lap-web", stage.target)
    changes, diffs = _of(repo, platform, "lap")
    assert [(one["action"], one["reason"]) for one in changes] == [("upgrade", "version 1.0.0 to 1.1.0")]
    states = {one["object"].partition("-")[0]: one["state"] for one in diffs if "Config" not in one["object"]}
    assert states["Deployment/lap"] == "changed"
    (deployment,) = [one["diff"] for one in diffs if one["object"] == "Deployment/lap-web"]
    changed = [line for line in deployment.splitlines()[2:] if line[0] in "+-"]
    assert any(line.endswith(":1.1.0") and line.lstrip("+- ").startswith("image:") for line in changed)
    assert not any("replicas" in line or "status" in line or "uid" in line for line in changed), deployment
    configs = {one["state"]: one["object"] for one in diffs if one["object"].startswith("ConfigMap/")}
    assert set(configs) == {"added", "removed"}
    after = stage.cluster.get("deployment", "lap-web", stage.target)
    assert before == after, "a plan changes nothing"

    assert stage.status(repo.push("lap 1.1.0 again"), "pushboat/lap")["state"] == "success"
    live = {
        f"ConfigMap/{one['metadata']['name']}"
        for one in stage.cluster.items("configmap", stage.target, "pushboat.dev/app=lap")
        if "deletionTimestamp" not in one["metadata"]
    }
    assert live == {configs["added"]}, "what was added and removed is what the plan had said"


def test_a_change_by_hand_shows_before_the_push_undoes_it(stage: Stage, repo: Checkout, platform: str) -> None:
    repo.write("apps/drift.yaml", web("drift"))
    assert stage.status(repo.push("drift"), "pushboat/drift")["state"] == "success"
    patch = '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"BY","value":"hand"}]}]}}}}'
    stage.cluster.kubectl("-n", stage.target, "patch", "deployment", "drift-web", "-p", patch)
    stage.cluster.kubectl("-n", stage.target, "set", "image", "deployment/drift-web", "web=elsewhere:1")
    repo.write("apps/drift.yaml", web("drift", "1.1.0"))
    _commit(repo, "drift 1.1.0")
    _, diffs = _of(repo, platform, "drift")
    (deployment,) = [one for one in diffs if one["object"] == "Deployment/drift-web"]
    assert deployment["state"] == "changed"
    assert "image: elsewhere:1" in deployment["diff"].replace('"', "")


def test_what_the_api_server_refuses_is_told_before_the_push(stage: Stage, repo: Checkout, platform: str) -> None:
    repo.write("apps/base.yaml", application("base", "1", DATABASE.format(size="1Mi")))
    assert stage.status(repo.push("base"), "pushboat/base")["state"] == "success"
    repo.write("apps/base.yaml", application("base", "2", DATABASE.format(size="2Mi")))
    _commit(repo, "base 2")
    _, diffs = _of(repo, platform, "base")
    (refused,) = [one for one in diffs if one["state"] == "refused"]
    assert refused["object"] == "StatefulSet/base-db"
    assert "updates to statefulset spec for fields other than" in refused["diff"]
    text = _plan(repo, platform)
    assert "refused   StatefulSet/base-db" in text

    repo.write("apps/base.yaml", application("base", "1", DATABASE.format(size="1Mi"), extra="deleted: true"))
    _commit(repo, "base goes")
    changes, diffs = _of(repo, platform, "base")
    assert [one["action"] for one in changes] == ["delete"]
    removed = {one["object"] for one in diffs}
    assert {one["state"] for one in diffs} == {"removed"}
    assert "StatefulSet/base-db" in removed
    assert not any(one.startswith("PersistentVolumeClaim/") for one in removed), "claims stay"
    assert stage.status(repo.push("base is gone"), "pushboat/base")["state"] == "success"


def test_render_is_what_kubectl_takes(stage: Stage, repo: Checkout, platform: str) -> None:
    repo.write("apps/pipe.yaml", web("pipe"))
    manifests = run("pushboat", "render", "pipe", "--repo", str(repo.folder), "--platform", platform)
    told = stage.cluster.kubectl("apply", "--dry-run=server", "-f", "-", data=manifests)
    (repo.folder / "apps/pipe.yaml").unlink()  # never pushed: the next test starts without it
    assert "deployment.apps/pipe-web created (server dry run)" in told
    assert os.environ["KUBECONFIG"]
