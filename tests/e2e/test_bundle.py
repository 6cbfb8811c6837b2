"""The bundle as it stands in the cluster: restricted, small, and each identity with its own few rights."""

from __future__ import annotations

import pytest

from hack.stage import Checkout, Stage, run
from tests.e2e.definitions import web


def test_it_lives_in_a_restricted_namespace_and_runs_nothing_but_the_listener(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/quiet.yaml", web("quiet"))
    stage.status(repo.push("quiet"), "pushboat/quiet")
    namespace = stage.cluster.get("namespace", stage.namespace, "default")
    assert namespace is not None
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    workloads = [
        f"{one['kind']}/{one['metadata']['name']}"
        for one in stage.cluster.items("deployment,statefulset,daemonset", stage.namespace)
    ]
    assert workloads == ["Deployment/el-pushboat"]
    crds = stage.cluster.kubectl("get", "crd", "-o", "name")
    assert "pushboat" not in crds


def test_it_can_be_applied_again_without_a_change(stage: Stage) -> None:
    before = _versions(stage)
    stage.cluster.kubectl("apply", "-f", str(stage.folder / "bundle.yaml"))
    assert _versions(stage) == before
    platform, bundle = str(stage.folder / "platform.yaml"), str(stage.folder / "bundle.yaml")
    run("pushboat", "check", "-f", platform, "-o", bundle)


def test_the_kustomize_base_gives_the_same_objects(stage: Stage) -> None:
    folder = f"{stage.folder}/base/"
    run("pushboat", "generate", "-f", str(stage.folder / "platform.yaml"), "-o", folder)
    before = _versions(stage)
    stage.cluster.kubectl("apply", "-k", folder)
    assert _versions(stage) == before


def _versions(stage: Stage) -> dict[str, object]:
    """The specification of every object of the bundle, by kind and name."""
    kinds = (
        "task,pipeline,trigger,triggerbinding,triggertemplate,eventlistener,cronjob,networkpolicy,role,resourcequota"
    )
    items = [one for one in stage.cluster.items(kinds, stage.namespace) if not one["metadata"].get("ownerReferences")]
    found = {f"{one['kind']}/{one['metadata']['name']}": one.get("spec", one.get("rules")) for one in items}
    assert len(found) > 15
    return found


RIGHTS = [
    ("listener", "create", "pipelineruns.tekton.dev", "own", True),
    ("listener", "list", "pipelineruns.tekton.dev", "own", False),
    ("listener", "get", "secrets", "own", False),
    ("listener", "create", "taskruns.tekton.dev", "own", False),
    ("planner", "create", "pipelineruns.tekton.dev", "own", True),
    ("planner", "list", "secrets", "own", False),
    ("planner", "get", "secrets/some-other-secret", "own", False),
    ("planner", "delete", "configmaps", "own", False),
    ("planner", "create", "deployments.apps", "target", False),
    ("planner", "get", "pods", "target", False),
    ("rollout", "patch", "deployments.apps", "target", True),
    ("rollout", "delete", "statefulsets.apps", "target", True),
    ("rollout", "get", "secrets", "target", False),
    ("rollout", "get", "secrets", "own", False),
    ("rollout", "create", "pipelineruns.tekton.dev", "own", False),
    ("rollout", "patch", "deployments.apps", "default", False),
    ("rollout", "create", "rolebindings.rbac.authorization.k8s.io", "target", False),
    ("git-writer", "get", "configmaps", "own", False),
    ("git-writer", "get", "pods", "target", False),
    ("git-writer", "create", "pipelineruns.tekton.dev", "own", False),
]


@pytest.mark.parametrize(("identity", "verb", "resource", "where", "allowed"), RIGHTS)
def test_each_identity_may_do_its_own_work_only(
    stage: Stage, identity: str, verb: str, resource: str, where: str, allowed: bool
) -> None:
    namespace = {"own": stage.namespace, "target": stage.target}.get(where, where)
    account = f"system:serviceaccount:{stage.namespace}:pushboat-{identity}"
    answer = stage.cluster.kubectl("auth", "can-i", verb, resource, "-n", namespace, f"--as={account}", check=False)
    assert answer.strip() == ("yes" if allowed else "no")


def test_the_planner_reads_the_credential_it_needs_and_the_git_writer_gets_no_token(stage: Stage) -> None:
    account = f"system:serviceaccount:{stage.namespace}:pushboat-planner"
    secret = f"secrets/{stage.repository}-git"
    assert (
        stage.cluster.kubectl("auth", "can-i", "get", secret, "-n", stage.namespace, f"--as={account}").strip() == "yes"
    )
    writer = stage.cluster.get("serviceaccount", "pushboat-git-writer", stage.namespace)
    assert writer is not None
    assert writer["automountServiceAccountToken"] is False
