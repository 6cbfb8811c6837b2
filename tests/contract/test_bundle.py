"""What every generated object must and must not have, over the golden platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.bundle.generate import generate
from generator.core.parse_platform import parse_platform
from generator.core.render import render
from generator.model.change import STARTS, Change, Push

TOP = Path(__file__).parents[2]
Tree = dict[str, Any]


def bundle() -> list[Tree]:
    data = (TOP / "tests" / "golden" / "bundle" / "platform.yaml").read_bytes()
    platform, problems = parse_platform(data, "platform.yaml")
    assert platform, problems
    return [one.tree for one in generate(platform)]


def runs() -> list[Tree]:
    platform, _ = parse_platform((TOP / "tests" / "cases" / "platform.yaml").read_bytes(), "platform.yaml")
    assert platform
    push = Push("shop", "c" * 40, "b" * 40, 1, "")
    return [
        render(Change("web", "apps/web.yaml", action, "why", "default", "1", exists=True), push, platform).run
        for action in STARTS
    ]


BUNDLE = bundle()
ALL = [*BUNDLE, *runs()]


def label(tree: Tree) -> str:
    return f"{tree['kind']}/{tree['metadata']['name']}"


def nodes(tree: Any) -> Iterator[Tree]:
    if isinstance(tree, dict):
        yield tree
        for child in tree.values():
            yield from nodes(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from nodes(child)


def leaves(tree: Any) -> Iterator[str]:
    for node in nodes(tree):
        for child in node.values():
            yield from (one for one in (child if isinstance(child, list) else [child]) if isinstance(one, str))


@pytest.mark.parametrize("tree", ALL, ids=label)
def test_no_code_in_yaml(tree: Tree) -> None:
    for node in nodes(tree):
        assert "script" not in node
        for key in ("command", "args"):
            words = node.get(key, [])
            if isinstance(words, list):
                assert [word for word in words if isinstance(word, str) and "$(" in word] == []


@pytest.mark.parametrize("tree", ALL, ids=label)
def test_images_name_a_version(tree: Tree) -> None:
    images = [node["image"] for node in nodes(tree) if isinstance(node.get("image"), str)]
    assert [image for image in images if image.endswith(":latest") or not re.search(r":[^/]+$", image)] == []


@pytest.mark.parametrize("tree", ALL, ids=label)
def test_no_template_is_left_unfilled(tree: Tree) -> None:
    assert [text for text in leaves(tree) if "{{" in text] == []


@pytest.mark.parametrize("tree", ALL, ids=label)
def test_nothing_alpha_is_emitted(tree: Tree) -> None:
    version = tree["apiVersion"]
    assert "alpha" not in version
    if "tekton" in version:
        assert version in ("tekton.dev/v1", "triggers.tekton.dev/v1beta1")


@pytest.mark.parametrize("tree", BUNDLE, ids=label)
def test_everything_is_labelled_as_ours_and_placed(tree: Tree) -> None:
    metadata = tree["metadata"]
    assert metadata["labels"]["app.kubernetes.io/part-of"] == "pushboat"
    assert metadata["labels"]["app.kubernetes.io/version"]
    assert ("namespace" in metadata) is (tree["kind"] not in ("Namespace", "ClusterRole", "ClusterRoleBinding"))
    assert len(metadata["name"]) <= 63
    assert "app.kubernetes.io/instance" not in metadata["labels"]


def pods() -> Iterator[tuple[str, Tree, list[Tree]]]:
    """Each pod that the bundle gives rise to: its name, what stands for the pod, and its containers."""
    for tree in BUNDLE:
        if tree["kind"] == "Task":
            spec = tree["spec"]
            yield label(tree), spec, [spec["stepTemplate"] | step for step in spec["steps"]]
        elif tree["kind"] == "CronJob":
            spec = tree["spec"]["jobTemplate"]["spec"]["template"]["spec"]
            yield label(tree), spec, spec["containers"]


PODS = list(pods())
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


@pytest.mark.parametrize(("pod", "containers"), [one[1:] for one in PODS], ids=[one[0] for one in PODS])
def test_pods_satisfy_pod_security_restricted(pod: Tree, containers: list[Tree]) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a read-only root."""
    assert not any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC"))
    assert all(set(volume) - {"name"} <= VOLUMES for volume in pod["volumes"])
    for container in containers:
        security = container["securityContext"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert security["runAsNonRoot"] is True
        assert security["runAsUser"] > 0
        assert security["seccompProfile"]["type"] in ("RuntimeDefault", "Localhost")
        assert security["readOnlyRootFilesystem"] is True
        assert security.get("privileged", False) is False
        assert "procMount" not in security
        assert not any("hostPort" in port for port in container.get("ports", []))
        resources = container.get("computeResources") or container["resources"]
        assert resources["limits"]["memory"]


@pytest.mark.parametrize(("pod", "containers"), [one[1:] for one in PODS], ids=[one[0] for one in PODS])
def test_every_mount_has_a_volume(pod: Tree, containers: list[Tree]) -> None:
    names = [volume["name"] for volume in pod["volumes"]]
    assert len(names) == len(set(names))
    assert all(mount["name"] in names for container in containers for mount in container["volumeMounts"])


APPS = [
    ("", "configmaps persistentvolumeclaims serviceaccounts services"),
    ("apps", "daemonsets deployments statefulsets"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("gateway.networking.k8s.io", "httproutes"),
    ("batch", "cronjobs jobs"),
    ("networking.k8s.io", "ingresses networkpolicies"),
    ("policy", "poddisruptionbudgets"),
]
IN_A_TARGET = {(group, one, "create delete get list patch") for group, names in APPS for one in names.split()}
IN_A_TARGET |= {("", "pods", "get list"), ("", "pods/log", "get list"), ("apps", "replicasets", "get list")}
TRIGGERS = ("eventlisteners", "triggers", "triggerbindings", "triggertemplates", "interceptors")
PLANNER = {
    ("", "configmaps", "create get list update"),
    ("", "secrets", "get"),
    # patch: to release or cancel a run that waits in an app's queue (docs/decisions/0011).
    ("tekton.dev", "pipelineruns", "create get list patch"),
}
# Who may do what, and where; nobody else may do anything.
ACCESS: dict[tuple[str, str], set[tuple[str, str, str]]] = {
    ("pushboat-listener", "pushboat"): {
        *(("triggers.tekton.dev", name, "get list watch") for name in TRIGGERS),
        ("tekton.dev", "pipelineruns", "create"),
    },
    ("pushboat-listener", "*"): {
        ("triggers.tekton.dev", "clustertriggerbindings", "get list watch"),
        ("triggers.tekton.dev", "clusterinterceptors", "get list watch"),
    },
    ("pushboat-planner", "pushboat"): PLANNER,
    ("default", "pushboat"): PLANNER,
    ("pushboat-rollout", "pushboat"): {
        ("", "configmaps", "create delete get list update"),
        ("tekton.dev", "taskruns", "get list"),
        # A run that is through marks itself and releases the next one of its app (docs/decisions/0011).
        ("tekton.dev", "pipelineruns", "list patch"),
    },
    ("pushboat-rollout", "shop"): IN_A_TARGET,
    ("pushboat-rollout", "shop-staging"): IN_A_TARGET | {("example.com", "widgets", "create delete get list patch")},
}


def test_who_may_do_what() -> None:
    rules = {
        (tree["kind"], tree["metadata"].get("namespace", "*"), tree["metadata"]["name"]): tree["rules"]
        for tree in BUNDLE
        if tree["kind"] in ("Role", "ClusterRole")
    }
    found: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for tree in BUNDLE:
        if tree["kind"] not in ("RoleBinding", "ClusterRoleBinding"):
            continue
        place = tree["metadata"].get("namespace", "*")
        for subject in tree["subjects"]:
            assert (subject["kind"], subject["namespace"]) == ("ServiceAccount", "pushboat")
            granted = found.setdefault((subject["name"], place), set())
            for rule in rules[(tree["roleRef"]["kind"], place, tree["roleRef"]["name"])]:
                granted |= {
                    (group, resource, " ".join(sorted(rule["verbs"])))
                    for group in rule["apiGroups"]
                    for resource in rule["resources"]
                }
    assert found == ACCESS


def test_the_planner_reads_only_the_secrets_it_needs() -> None:
    (role,) = [one for one in BUNDLE if one["kind"] == "Role" and one["metadata"]["name"] == "pushboat-planner"]
    (rule,) = [rule for rule in role["rules"] if "secrets" in rule["resources"]]
    assert rule["resourceNames"] == ["shop-git", "tools-bot", "tools-git"]


def test_the_git_writer_has_no_token() -> None:
    (account,) = [one for one in BUNDLE if label(one) == "ServiceAccount/pushboat-git-writer"]
    assert account["automountServiceAccountToken"] is False


def test_only_the_git_writer_mounts_the_credential_that_may_push() -> None:
    tasks = {one["metadata"]["name"]: one["spec"] for one in BUNDLE if one["kind"] == "Task"}
    mounting = {
        name for name, spec in tasks.items() if any(one["name"] == "write-credential" for one in spec["volumes"])
    }
    assert mounting == {"forget-app"}
    for run in runs():
        accounts = {one["pipelineTaskName"]: one["serviceAccountName"] for one in run["spec"]["taskRunSpecs"]}
        for task in run["spec"]["pipelineSpec"]["tasks"]:
            writes = task["taskRef"]["name"] in mounting
            assert (accounts[task["name"]] == "pushboat-git-writer") is writes


def test_every_task_that_a_run_names_is_in_the_bundle() -> None:
    known = {one["metadata"]["name"]: one["spec"] for one in BUNDLE if one["kind"] == "Task"}
    specs = [run["spec"]["pipelineSpec"] for run in runs()] + [
        one["spec"] for one in BUNDLE if one["kind"] == "Pipeline"
    ]
    for spec in specs:
        for task in spec["tasks"] + spec.get("finally", []):
            declared = {one["name"] for one in known[task["taskRef"]["name"]]["params"]}
            assert {one["name"] for one in task["params"]} == declared


def test_signatures_are_checked_before_anything_is_read() -> None:
    for trigger in (one for one in BUNDLE if one["kind"] == "Trigger"):
        first = trigger["spec"]["interceptors"][0]
        assert first["ref"]["name"] == "github"
        secret = next(one["value"] for one in first["params"] if one["name"] == "secretRef")
        assert secret["secretKey"] == "secret"
        assert secret["secretName"]
