"""The examples as they stand in the repository, delivered by one push to a namespace that takes restricted pods."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hack.stage import Checkout, Cluster, Gitea, Stage
from hack.stage.commands import wait
from hack.stage.reach import reach

APPS = Path(__file__).parents[2] / "examples/apps"
NAMES = [
    *("hello", "shop", "redis", "handbook", "catalog", "sales-extract", "sales-transform", "sales-load"),
    *("nightly", "agent", "nats", "orders"),
]


class Platform(Stage):
    """A stage whose target says how routes are made, as examples/platform.yaml does."""

    def platform(self) -> str:
        return super().platform() + "      routes: {gateway: edge/public}\n"


@dataclass(frozen=True)
class Delivered:
    """The examples after their push."""

    stage: Stage
    repo: Checkout
    commit: str

    def get(self, kind: str, name: str) -> dict[str, Any]:
        found = self.stage.cluster.get(kind, name, self.stage.target)
        assert found is not None, f"there is no {kind} {name}"
        return found

    def kubectl(self, *words: str, data: str | None = None) -> str:
        return self.stage.cluster.kubectl("-n", self.stage.target, *words, data=data)

    def http(self, service: str, path: str) -> str:
        """What a Service answers, through the API server."""
        way = f"/api/v1/namespaces/{self.stage.target}/services/{service}/proxy{path}"
        return self.stage.cluster.kubectl("get", "--raw", way)

    def redis(self, pod: int, *words: str) -> str:
        return self.kubectl("exec", f"redis-{pod}", "--", "redis-cli", "-e", *words).strip()

    def output(self, app: str) -> str:
        """What the app's Job wrote."""
        return self.kubectl("logs", "-l", f"app.kubernetes.io/instance={app}", "--tail=-1")

    def succeeded(self, commit: str, app: str) -> None:
        status = self.stage.status(commit, f"pushboat/{app}")
        assert status["state"] == "success", f"{app}: {status['description']}"


def _make(stage: Stage) -> None:
    """What the examples' README tells people to make first."""
    kubectl, target = stage.cluster.kubectl, stage.target
    kubectl("label", "namespace", target, "pod-security.kubernetes.io/enforce=restricted")
    for kind, name, key, value in (
        ("Secret", "redis-password", "password", secrets.token_hex(16)),
        ("Secret", "shop-session", "key", secrets.token_hex(16)),
        ("ConfigMap", "shop-settings", "region", "eu"),
        ("ConfigMap", "orders-settings", "queue", "orders"),
    ):
        held = {"stringData" if kind == "Secret" else "data": {key: value}}
        one = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": target}, **held}
        kubectl("apply", "-f", "-", data=json.dumps(one))


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    cluster, name, folder = Cluster(), f"examples-{secrets.token_hex(3)}", tmp_path_factory.mktemp("examples")
    if not cluster.kubectl("get", "crd", "httproutes.gateway.networking.k8s.io", "--ignore-not-found"):
        pytest.skip("the cluster has no Gateway API")
    image = os.environ["PUSHBOAT_STEP_IMAGE"]
    stage = Platform(cluster, Gitea.from_environment(), name, f"{name}-pushboat", f"{name}-apps", folder, image)
    stage.checkout = repo = stage.make_repository()
    stage.install()
    stage.hook()
    _make(stage)
    shutil.copytree(APPS, repo.folder / "apps")
    yield Delivered(stage, repo, repo.push("ten examples"))
    stage.remove()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_delivered(delivered: Delivered, name: str) -> None:
    delivered.succeeded(delivered.commit, name)


def test_hello_answers(delivered: Delivered) -> None:
    assert "Welcome to nginx" in delivered.http("hello-web:http", "/")


def test_the_shop_has_its_settings_its_way_in_and_its_budget(delivered: Delivered) -> None:
    answer = json.loads(delivered.http("shop-web:http", "/"))
    assert answer == {"title": "The shop", "currency": "EUR", "region": "eu"}
    assert delivered.get("deployment", "shop-web")["status"]["readyReplicas"] == 3
    assert delivered.get("poddisruptionbudget", "shop-web")["status"]["disruptionsAllowed"] == 1
    ingress = delivered.get("ingress", "shop-web")["spec"]
    assert (ingress["ingressClassName"], ingress["rules"][0]["host"]) == ("nginx", "shop.example.com")


def test_redis_replicates(delivered: Delivered) -> None:
    roles = [delivered.redis(pod, "role").split()[0] for pod in range(3)]
    assert roles == ["master", "slave", "slave"]
    assert delivered.redis(0, "set", "colour", "blue") == "OK"
    assert delivered.redis(0, "wait", "2", "5000") == "2", "both replicas have it"
    assert [delivered.redis(pod, "get", "colour") for pod in (1, 2)] == ["blue", "blue"]


def test_the_chart_is_rendered_with_its_values(delivered: Delivered) -> None:
    assert "<h1>The handbook</h1>" in delivered.http("handbook:http", "/")
    found = delivered.get("deployment", "handbook")
    assert found["metadata"]["labels"]["helm.sh/chart"] == "site-0.5.0"
    assert found["status"]["readyReplicas"] == 2
    delivered.get("poddisruptionbudget", "handbook")


def test_the_kustomization_is_built_from_its_overlay(delivered: Delivered) -> None:
    assert json.loads(delivered.http("production-catalog:http", "/")) == {"items": ["apple", "pear"]}
    found = delivered.get("deployment", "production-catalog")
    pod = found["spec"]["template"]["spec"]
    assert found["status"]["readyReplicas"] == 2
    assert pod["containers"][0]["resources"]["limits"] == {"memory": "64Mi"}
    assert pod["volumes"][0]["configMap"]["name"].startswith("production-items-")


def test_the_jobs_ran_one_after_the_other(delivered: Delivered) -> None:
    assert delivered.output("sales-load").split("\n")[:2] == ["north: 20", "south: 30"]
    times = []
    for name in ("extract", "transform", "load"):
        (job,) = delivered.stage.cluster.items("job", delivered.stage.target, f"pushboat.dev/app=sales-{name}")
        assert "failed" not in job["status"], "what it needs was there at its first try"
        times += [job["status"]["startTime"], job["status"]["completionTime"]]
    assert times == sorted(times), "each began when the one before had succeeded"


def test_the_nightly_report_runs(delivered: Delivered) -> None:
    assert delivered.get("cronjob", "nightly-report")["spec"]["timeZone"] == "Europe/Berlin"
    delivered.kubectl("create", "job", "tonight", "--from=cronjob/nightly-report")
    delivered.kubectl("wait", "--for=condition=Complete", "job/tonight", "--timeout=60s")
    assert '{"apple": 0.4, "pear": 0.5}' in delivered.kubectl("logs", "job/tonight")


def test_the_agent_is_on_every_node(delivered: Delivered) -> None:
    nodes = json.loads(delivered.stage.cluster.kubectl("get", "nodes", "-o", "json"))["items"]
    assert delivered.get("daemonset", "agent")["status"]["numberReady"] == len(nodes)
    assert "node_load1 " in delivered.http("agent:metrics", "/metrics")


def test_nats_runs_out_of_plain_manifests(delivered: Delivered) -> None:
    answer = json.loads(delivered.http("nats:monitor", "/varz"))
    assert (answer["version"], answer["max_payload"]) == ("2.9.10", 1 << 20)
    assert delivered.get("networkpolicy", "nats")["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert delivered.get("poddisruptionbudget", "nats")["status"]["desiredHealthy"] == 1


def test_orders_go_from_the_api_over_redis_to_the_worker(delivered: Delivered) -> None:
    url = reach(delivered.stage.cluster, delivered.stage.target, "orders-api", 80)
    with urllib.request.urlopen(f"{url}/orders", data=b"two pears", timeout=30) as answer:  # noqa: S310
        assert json.load(answer) == {"accepted": "two pears"}
    wait("the worker", lambda: json.loads(delivered.http("orders-api:http", "/orders")) == {"done": 1}, 30)


def test_orders_are_scaled_and_routed(delivered: Delivered) -> None:
    assert delivered.get("hpa", "orders-api")["spec"]["maxReplicas"] == 6
    wait("the autoscaler", lambda: delivered.get("deployment", "orders-api")["spec"]["replicas"] == 2, 60)
    route = delivered.get("httproute", "orders-api")["spec"]
    assert [(one["namespace"], one["name"]) for one in route["parentRefs"]] == [("edge", "public")]
    assert delivered.get("deployment", "orders-worker")["spec"]["strategy"]["type"] == "Recreate"


def test_redis_keeps_its_data_over_an_upgrade(delivered: Delivered) -> None:
    repo, before = delivered.repo, delivered.get("pod", "redis-0")["metadata"]["uid"]
    repo.update()
    conf = repo.folder / "apps/redis/redis.conf"
    conf.write_text(conf.read_text().replace("128mb", "96mb"))
    delivered.succeeded(repo.push("redis: less memory"), "redis")
    assert delivered.get("pod", "redis-0")["metadata"]["uid"] != before
    for pod in range(3):
        assert delivered.redis(pod, "config", "get", "maxmemory").split()[1] == str(96 << 20)
        assert delivered.redis(pod, "get", "colour") == "blue"


def test_what_is_marked_goes_and_the_rest_stays(delivered: Delivered) -> None:
    repo, stage = delivered.repo, delivered.stage
    repo.update()
    for path in ("apps/shop/app.yaml", "apps/nightly.yaml"):
        text = (repo.folder / path).read_text()
        repo.write(path, text.replace("spec:\n", "spec:\n  deleted: true\n", 1))
    commit = repo.push("no shop any more")
    for name in ("nightly", "shop"):
        delivered.succeeded(commit, name)
        kinds = "deployment,cronjob,job,service,configmap,ingress,poddisruptionbudget"
        assert stage.cluster.items(kinds, stage.target, f"pushboat.dev/app={name}") == []
    repo.update()
    left = {
        path.relative_to(repo.folder / "apps").parts[0].removesuffix(".yaml") for path in repo.folder.glob("apps/*")
    }
    assert left == set(NAMES) - {"shop", "nightly"}
    assert "Welcome to nginx" in delivered.http("hello-web:http", "/")
