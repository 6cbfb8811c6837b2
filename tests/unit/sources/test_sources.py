from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import Any

import pytest

from generator.core.define import define
from generator.model.app import App
from generator.model.change import Version
from generator.model.component import Component, ConfigFile, EnvVar, Kind, Port, Reference, Resources, Storage
from generator.model.platform import Kinds, Platform, Repository, Target
from generator.sources import build
from generator.sources.given import Given
from generator.sources.order import apply_order
from generator.yamlio.problem import Problem

TARGET = Target("default", "shop")
WEB = Component("api", Kind.DEPLOYMENT, "web:1")


def built(app: App, files: dict[str, bytes] | None = None, target: Target = TARGET) -> list[dict[str, Any]]:
    problems: list[Problem] = []
    found = build(Given(app, "apps/web/app.yaml", files or {}, target, problems))
    assert problems == []
    return found


def of(component: Component, version: str = "1", name: str = "web") -> dict[str, dict[str, Any]]:
    """The objects of one component, by kind and name."""
    found = built(App(name, version, components=(component,)))
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in found}


def container(component: Component) -> dict[str, Any]:
    (workload,) = [one for one in of(component).values() if one["kind"] in set(Kind)]
    found: dict[str, Any] = workload["spec"]["template"]["spec"]["containers"][0]
    return found


def test_a_deployment() -> None:
    labels = {"app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "api"}
    versioned = {**labels, "app.kubernetes.io/version": "1"}
    assert of(WEB) == {
        "Deployment/web-api": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {
                "name": "web-api",
                "namespace": "shop",
                "labels": {**versioned, "pushboat.dev/app": "web", "app.kubernetes.io/managed-by": "pushboat"},
            },
            "spec": {
                "replicas": 1,
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": versioned},
                    "spec": {
                        "automountServiceAccountToken": False,
                        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                        "containers": [
                            {
                                "name": "api",
                                "image": "web:1",
                                "securityContext": {
                                    "allowPrivilegeEscalation": False,
                                    "capabilities": {"drop": ["ALL"]},
                                },
                            }
                        ],
                    },
                },
            },
        }
    }


def test_a_component_called_like_the_app_has_its_name() -> None:
    assert list(of(replace(WEB, name="web"))) == ["Deployment/web"]


def test_ports_make_a_service() -> None:
    service = of(replace(WEB, ports=(Port("http", 8080), Port("admin", 9))))["Service/web-api"]
    assert service["spec"]["ports"] == [
        {"name": "http", "port": 8080, "targetPort": "http"},
        {"name": "admin", "port": 9, "targetPort": "admin"},
    ]
    assert service["spec"]["selector"] == {"app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "api"}


def test_env() -> None:
    env = (EnvVar("A", "1"), EnvVar("B", secret=Reference("s", "k")), EnvVar("C", config_map=Reference("m", "k")))
    assert container(replace(WEB, env=env))["env"] == [
        {"name": "A", "value": "1"},
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}},
    ]


def test_command_resources_and_user() -> None:
    component = replace(
        WEB, command=("a",), args=("b",), resources=Resources({"cpu": "1"}, {"memory": "1Gi"}), run_as_user=7
    )
    found = container(component)
    assert (found["command"], found["args"]) == (["a"], ["b"])
    assert found["resources"] == {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}
    security = of(component)["Deployment/web-api"]["spec"]["template"]["spec"]["securityContext"]
    assert (security["runAsUser"], security["fsGroup"]) == (7, 7)


def test_files_are_a_config_map_whose_name_changes_with_them() -> None:
    one = of(replace(WEB, files=(ConfigFile("/etc/a.conf", "x"),)))
    two = of(replace(WEB, files=(ConfigFile("/etc/a.conf", "y"),)))
    (name,) = set(one) - {"Deployment/web-api"}
    (other,) = set(two) - {"Deployment/web-api"}
    assert name.startswith("ConfigMap/web-api-files-")
    assert name != other
    ((key, text),) = one[name]["data"].items()
    pod = one["Deployment/web-api"]["spec"]["template"]["spec"]
    assert (text, pod["volumes"]) == ("x", [{"name": "files", "configMap": {"name": name.partition("/")[2]}}])
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "files", "mountPath": "/etc/a.conf", "subPath": key, "readOnly": True}
    ]


def test_files_of_one_name_in_two_folders_stay_apart() -> None:
    files = (ConfigFile("/a/x", "1"), ConfigFile("/b/x", "2"))
    config = next(one for one in of(replace(WEB, files=files)).values() if one["kind"] == "ConfigMap")
    assert sorted(config["data"].values()) == ["1", "2"]


def test_a_file_out_of_the_folder() -> None:
    app = App("web", "1", components=(replace(WEB, files=(ConfigFile("/a", source="conf/a"),)),))
    config = next(one for one in built(app, {"apps/web/conf/a": b"text"}) if one["kind"] == "ConfigMap")
    assert list(config["data"].values()) == ["text"]


@pytest.mark.parametrize(("files", "said"), [({}, "beside app.yaml"), ({"apps/web/conf/a": b"\xff"}, "not UTF-8")])
def test_a_file_that_is_missing_or_no_text(files: dict[str, bytes], said: str) -> None:
    app = App("web", "1", components=(replace(WEB, files=(ConfigFile("/a", source="conf/a"),)),))
    problems: list[Problem] = []
    build(Given(app, "apps/web/app.yaml", files, TARGET, problems))
    assert [said in problem.message for problem in problems] == [True]


def test_a_stateful_set_has_claims_and_names_for_its_pods() -> None:
    storage = (Storage("data", "/data", "1Gi", "fast"),)
    found = of(Component("db", Kind.STATEFUL_SET, "db:1", ports=(Port("sql", 5432),), storage=storage))
    assert set(found) == {"Service/web-db", "Service/web-db-peers", "StatefulSet/web-db"}
    spec = found["StatefulSet/web-db"]["spec"]
    assert spec["serviceName"] == "web-db-peers"
    assert found["Service/web-db-peers"]["spec"]["clusterIP"] == "None"
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["metadata"]["name"] == "data"
    assert (claim["spec"]["storageClassName"], claim["spec"]["resources"]) == ("fast", {"requests": {"storage": "1Gi"}})
    assert spec["template"]["spec"]["containers"][0]["volumeMounts"] == [{"name": "data", "mountPath": "/data"}]


def test_another_template_is_another_job() -> None:
    one, same, two = (of(Component("m", Kind.JOB, image)) for image in ("m:1", "m:1", "m:2"))
    assert one == same
    assert set(one) != set(two)
    (job,) = one.values()
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_a_job_of_another_version_is_another_job() -> None:
    job = replace(WEB, kind=Kind.JOB)
    assert set(of(job, version="1")) == set(of(job, version="1"))
    assert set(of(job, version="1")).isdisjoint(of(job, version="2"))


@pytest.mark.parametrize("version", ["1.0", "1.0+build.5", "1" * 63, "1.0-", "1.0+", "v1._"])
def test_every_legal_version_is_a_legal_label(version: str) -> None:
    for item in of(WEB, version).values():
        label = item["metadata"]["labels"]["app.kubernetes.io/version"]
        assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", label)


def test_names_fit_for_the_longest_input() -> None:
    for kind in Kind:
        ports = () if kind is Kind.JOB else (Port("p", 1),)
        for name in of(Component("c" * 40, kind, "a:1", ports=ports), name="a" * 40):
            assert len(name.partition("/")[2]) <= 63


def test_no_two_objects_of_an_app_have_one_name() -> None:
    database = Component("db", Kind.STATEFUL_SET, "db:1", ports=(Port("sql", 1),))
    peers = Component("db-peers", Kind.DEPLOYMENT, "x:1", ports=(Port("http", 1),))
    problems: list[Problem] = []
    found = build(Given(App("web", "1", components=(database, peers)), "apps/web.yaml", {}, TARGET, problems))
    keys = [(one["kind"], one["metadata"]["name"]) for one in found]
    assert problems or len(keys) == len(set(keys))
    said = "apps/web.yaml:1:1: error: components db and db-peers both make Service/web-db-peers (give one another name)"
    assert [str(problem) for problem in problems] == [said]


def test_storage_called_files_does_not_hide_the_files() -> None:
    component = Component(
        "db", Kind.STATEFUL_SET, "db:1", files=(ConfigFile("/a", "x"),), storage=(Storage("files", "/data", "1Gi"),)
    )
    spec = of(component)["StatefulSet/web-db"]["spec"]
    volumes = [one["name"] for one in spec["template"]["spec"]["volumes"]]
    claims = [one["metadata"]["name"] for one in spec["volumeClaimTemplates"]]
    assert set(volumes) & set(claims) == set()


MANIFEST = b"apiVersion: v1\nkind: %s\nmetadata: {name: a%s}\n"


def manifests(data: bytes, target: Target = TARGET) -> tuple[list[dict[str, Any]], list[str]]:
    problems: list[Problem] = []
    app = App("web", "1", labels={"team": "blue"}, manifests=("m.yaml",))
    found = build(Given(app, "apps/web/app.yaml", {"apps/web/m.yaml": data}, target, problems))
    return found, [str(problem) for problem in problems]


def test_manifests_are_placed_labelled_and_ordered() -> None:
    found, problems = manifests(MANIFEST % (b"Service", b"") + b"---\n---\n" + MANIFEST % (b"ConfigMap", b""))
    assert problems == []
    assert [one["kind"] for one in found] == ["ConfigMap", "Service"]
    assert found[0]["metadata"] == {
        "name": "a",
        "namespace": "shop",
        "labels": {"team": "blue", "pushboat.dev/app": "web", "app.kubernetes.io/managed-by": "pushboat"},
    }


def test_folders_of_manifests() -> None:
    files = {"apps/web/k/b.yaml": MANIFEST % (b"Service", b""), "apps/web/k/x.txt": b"!", "apps/web/l.yaml": b"["}
    found = built(App("web", "1", manifests=("k",)), files)
    assert [one["kind"] for one in found] == ["Service"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (MANIFEST % (b"Secret", b""), "m.yaml:2:7: error: a Secret does not belong in Git (create it in the cluster"),
        (MANIFEST % (b"Namespace", b""), "m.yaml:2:7: error: target default takes no Namespace (the platform can"),
        (MANIFEST % (b"Node", b""), "target default takes no Node"),
        (
            b"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n",
            "takes no ClusterRole.rbac",
        ),
        (
            MANIFEST % (b"Service", b", namespace: kube-system"),
            "m.yaml:3:32: error: namespace 'kube-system' is not that",
        ),
        (MANIFEST % (b"Service", b"") * 2, "the key 'apiVersion' stands twice"),
        (
            MANIFEST % (b"Service", b"") + b"---\n" + MANIFEST % (b"Service", b""),
            "Service/a stands in the manifests twice",
        ),
        (b"- a\n", "m.yaml:1:1: error: a manifest must be a mapping, not a list"),
        (b"kind: Service\n", "a manifest needs apiVersion, kind and metadata.name"),
        (b"apiVersion: v1\nkind: List\nmetadata: {name: a}\nitems: []\n", "target default takes no List"),
        (MANIFEST % (b"ConfigMap", b"") + b"data: {a: yes}\n", "m.yaml:4:11: error: yes is read differently"),
        (b"a: [\n", "m.yaml:2:1: error: not valid YAML"),
    ],
)
def test_what_manifests_are_refused_for(data: bytes, said: str) -> None:
    problems = manifests(data)[1]
    assert any(said in problem for problem in problems), problems


def test_manifests_that_are_not_there() -> None:
    problems: list[Problem] = []
    build(Given(App("web", "1", manifests=("gone",)), "apps/web/app.yaml", {}, TARGET, problems))
    assert ["'gone'" in problem.message for problem in problems] == [True]


def test_a_single_file_has_no_files_beside_it() -> None:
    said = "needs a folder with app.yaml; a single file has no files beside it (move it to apps/web/app.yaml)"
    component = replace(WEB, files=(ConfigFile("/a", source="conf/a"),))
    for app in (App("web", "1", manifests=("k8s",)), App("web", "1", components=(component,))):
        problems: list[Problem] = []
        build(Given(app, "apps/web.yaml", {"apps/web.yaml": b""}, TARGET, problems))
        assert [str(problem).endswith(said) for problem in problems] == [True]


def test_the_platform_may_allow_a_kind() -> None:
    data = b"apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n"
    assert manifests(data)[1] != []
    assert manifests(data, replace(TARGET, kinds=(Kinds(("widgets",), "example.com"),)))[1] == []


def test_the_order_puts_what_others_need_first() -> None:
    kinds = ["Ingress", "Deployment", "Service", "Widget", "ConfigMap", "ServiceAccount", "Job"]
    items = [{"kind": kind, "metadata": {"name": "a"}} for kind in kinds]
    wanted = ["ServiceAccount", "ConfigMap", "Service", "Widget", "Deployment", "Job", "Ingress"]
    assert [one["kind"] for one in sorted(items, key=apply_order)] == wanted


def test_the_files_of_a_component_fit_into_a_config_map() -> None:
    for size, told in ((500_000, []), (500_001, ["2 bytes"])):
        problems: list[Problem] = []
        files = tuple(ConfigFile(f"/{name}", "\u00e9" * (size // 2) + "x" * (size % 2)) for name in "ab")
        app = App("web", "1", components=(replace(WEB, files=files),))
        build(Given(app, "apps/web/app.yaml", {}, TARGET, problems))
        assert ["1000002 bytes together" in problem.message for problem in problems] == [True for _ in told]


def test_an_app_without_a_source_is_a_problem() -> None:
    problems: list[Problem] = []
    assert build(Given(App("web", "1"), "apps/web/app.yaml", {}, TARGET, problems)) == []
    assert ["nothing to deliver" in problem.message for problem in problems] == [True]


def test_a_folder_of_json() -> None:
    item = b'{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}'
    files = {"apps/web/k8s/a.json": item, "apps/web/k8s/notes.txt": b"x"}
    assert [one["metadata"]["name"] for one in built(App("web", "1", manifests=("k8s",)), files)] == ["a"]


@pytest.mark.parametrize("error", [ValueError("boom"), RecursionError("deep"), StopIteration()])
def test_a_mistake_of_ours_is_a_problem_of_that_definition(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise error

    text = b"apiVersion: pushboat.dev/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
    text += b"  version: '1'\n  components: [{name: web, kind: Deployment, image: x:1}]\n"
    version = Version("apps/web.yaml", "0", {"apps/web.yaml": base64.b64encode(text).decode()})
    repository = Repository("shop", "", "gitea", "", "", "", "")
    platform = Platform("pushboat", "", (repository,), (TARGET,))
    assert define(version, platform, repository).app
    monkeypatch.setattr("generator.core.define.sources.build", fail)
    found = define(version, platform, repository)
    said = f"apps/web.yaml:1:1: error: internal error: {type(error).__name__}: {error}; please report it"
    assert (found.app, [str(one) for one in found.problems]) == (None, [said])
