"""What each field of a component becomes."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from generator.model.platform import Routes, Target
from generator.schema.application import APPLICATION
from generator.schema.walk import objects as mappings
from tests.unit.sources.every_field import COMPONENTS, TARGET, objects

TOP = "spec.components[]"
PROBE = re.compile(r"probes\.(startup|readiness|liveness)\.")  # one language for the three
BARE = Target("default", "shop")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


def made(more: str = "", kind: str = "Deployment", target: Target = BARE) -> dict[str, dict[str, Any]]:
    """The objects of one component by their kind; the headless Service of a StatefulSet is `Peers`."""
    found, problems = objects(_component(more, kind), target)
    assert problems == []
    return {"Peers" if one["metadata"]["name"].endswith("-peers") else one["kind"]: one for one in found}


def refused(more: str, kind: str = "Deployment", target: Target = BARE) -> str:
    """The one problem of a component."""
    _, problems = objects(_component(more, kind), target)
    assert len(problems) == 1, problems
    return problems[0].partition("error: ")[2]


def _component(more: str, kind: str) -> str:
    schedule = ', schedule: "0 3 * * *"' if kind == "CronJob" else ""
    return f"- {{name: api, kind: {kind}, image: 'api:1'{schedule}{f', {more}' if more else ''}}}"


def spec(more: str, kind: str = "Deployment", target: Target = BARE) -> dict[str, Any]:
    """The workload's own spec."""
    found: dict[str, Any] = made(more, kind, target)[kind]["spec"]
    return found


def pod(more: str, kind: str = "Deployment", target: Target = BARE) -> dict[str, Any]:
    """The pod template's spec."""
    found = spec(more, kind, target)
    template: dict[str, Any] = found["jobTemplate"]["spec"] if kind == "CronJob" else found
    inner: dict[str, Any] = template["template"]["spec"]
    return inner


def probes(more: str) -> dict[str, Any]:
    container = pod(more)["containers"][0]
    return {name.removesuffix("Probe"): container[name] for name in container if name.endswith("Probe")}


HTTP = "ports: [{name: http, port: 8080}]"


# --- the list in every_field.py


def _used(value: Any, path: str) -> set[str]:
    """The fields that are written, by the paths that the language's own walk gives them."""
    if isinstance(value, list):
        return {found for item in value for found in _used(item, path)}
    if not isinstance(value, dict):
        return set()
    below = {key: f"{path}.{key}" + ("[]" if isinstance(item, list) else "") for key, item in value.items()}
    own = {f"{path}.{key}" for key in value}
    return own.union(*(_used(item, below[key]) for key, item in value.items()))


def test_every_field_is_on_the_list() -> None:
    known = {
        f"{path}.{field.name}"
        for path, mapping in mappings(APPLICATION)
        if path.startswith(TOP)
        for field in mapping.fields
    }
    used = _used(yaml.safe_load(COMPONENTS), TOP)
    assert {PROBE.sub("probes.", one) for one in known} - {PROBE.sub("probes.", one) for one in used} == set()


def test_the_list_has_no_problems() -> None:
    found, problems = objects(COMPONENTS, TARGET)
    assert problems == []
    assert {one["kind"] for one in found} > {*WORKLOADS, "Service", "Ingress", "HTTPRoute", "HorizontalPodAutoscaler"}


# --- probes


def test_probes_are_derived_from_the_first_tcp_port() -> None:
    found = probes("ports: [{name: dns, port: 53, protocol: UDP}, {name: http, port: 8080}, {name: b, port: 2}]")
    assert found == {
        "startup": {"tcpSocket": {"port": "http"}, "periodSeconds": 1, "timeoutSeconds": 1, "failureThreshold": 300},
        "readiness": {"tcpSocket": {"port": "http"}, "periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3},
    }


@pytest.mark.parametrize(
    "more", ["", "ports: [{name: dns, port: 53, protocol: UDP}]", f"{HTTP}, probes: none"], ids=["no", "udp", "none"]
)
def test_nothing_is_asked_where_there_is_nothing_to_ask(more: str) -> None:
    assert probes(more) == {}


def test_startup_asks_what_readiness_asks() -> None:
    found = probes(f"{HTTP}, probes: {{readiness: {{http: {{path: /ready}}, period: 5s, timeout: 2s, failures: 4}}}}")
    get = {"httpGet": {"path": "/ready", "port": "http"}}
    assert found == {
        "startup": {**get, "periodSeconds": 1, "timeoutSeconds": 2, "failureThreshold": 300},
        "readiness": {**get, "periodSeconds": 5, "timeoutSeconds": 2, "failureThreshold": 4},
    }


def test_a_command_is_not_run_each_second_while_starting() -> None:
    found = probes("probes: {readiness: {command: [ok], period: 7s}}")
    assert found["startup"]["exec"] == {"command": ["ok"]}
    assert (found["startup"]["periodSeconds"], found["startup"]["failureThreshold"]) == (7, 43), "five minutes at least"


def test_each_probe_may_be_given_and_refused_by_itself() -> None:
    assert set(probes(f"{HTTP}, probes: {{startup: none}}")) == {"readiness"}
    assert set(probes(f"{HTTP}, probes: {{readiness: none}}")) == set(), "startup asks what readiness asks: nothing"
    given = probes(f"{HTTP}, probes: {{startup: {{tcp: http}}, readiness: none, liveness: {{grpc: 9}}}}")
    assert set(given) == {"startup", "liveness"}
    assert given["liveness"]["grpc"] == {"port": 9}
    assert set(probes("probes: {liveness: {command: [ok]}}")) == {"liveness"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (f"{HTTP}, probes: {{readiness: {{http: {{port: web}}}}}}", "readiness names the port 'web'; there is http"),
        (f"{HTTP}, probes: {{liveness: {{tcp: web}}}}", "liveness names the port 'web'; there is http"),
        ("probes: {readiness: {http: {}}}", "readiness.http needs ports"),
        (f"{HTTP}, probes: {{readiness: {{}}}}", "needs exactly one of http, tcp, grpc and command"),
        (f"{HTTP}, probes: {{readiness: {{tcp: http, grpc: 1}}}}", "needs exactly one of http, tcp, grpc and command"),
    ],
)
def test_a_probe_that_asks_nothing_or_nobody(more: str, said: str) -> None:
    assert said in refused(more)


# --- ports and Services


def test_ports_and_their_service() -> None:
    ports = "ports: [{name: http, port: 8080, service: 80}, {name: dns, port: 53, protocol: UDP}]"
    found = made(ports)
    assert pod(ports)["containers"][0]["ports"] == [
        {"name": "http", "containerPort": 8080},
        {"name": "dns", "containerPort": 53, "protocol": "UDP"},
    ]
    assert found["Service"]["spec"]["ports"] == [
        {"name": "http", "port": 80, "targetPort": "http"},
        {"name": "dns", "port": 53, "targetPort": "dns", "protocol": "UDP"},
    ]
    assert not {"type", "sessionAffinity"} & set(found["Service"]["spec"])
    assert "annotations" not in found["Service"]["metadata"]


def test_service_settings_are_for_the_service_and_not_for_the_peers() -> None:
    settings = "service: {type: LoadBalancer, sticky: true, annotations: {example.com/a: b}}"
    found = made(f"{HTTP}, {settings}", "StatefulSet")
    spec, peers = found["Service"]["spec"], found["Peers"]["spec"]
    assert (spec["type"], spec["sessionAffinity"]) == ("LoadBalancer", "ClientIP")
    assert found["Service"]["metadata"]["annotations"] == {"example.com/a": "b"}
    assert (peers["clusterIP"], peers["publishNotReadyAddresses"]) == ("None", True)
    assert not {"type", "sessionAffinity"} & set(peers)
    assert "annotations" not in found["Peers"]["metadata"]


def test_a_stateful_set_without_ports_has_only_its_peers() -> None:
    found = made(kind="StatefulSet")
    assert set(found) == {"StatefulSet", "Peers"}
    assert "ports" not in found["Peers"]["spec"]


@pytest.mark.parametrize("field", ["service: {}", "route: {hosts: [a.example.com]}"])
def test_a_service_and_a_route_need_ports(field: str) -> None:
    assert refused(field).endswith("needs ports")


def test_two_ports_cannot_be_one_port_of_the_service() -> None:
    two = "ports: [{name: a, port: 1, service: 80}, {name: b, port: 2, service: 80}]"
    assert (
        refused(two) == "spec.components[0].ports[1] offers 80 (TCP) like port 'a' (give one of them another service)"
    )
    assert refused("ports: [{name: a, port: 80}, {name: b, port: 80}]").startswith("spec.components[0].ports[1] offers")
    assert made("ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]"), "TCP and UDP are apart"


# --- routes


GATEWAY, INGRESS = Routes(gateway="edge/public"), Routes(ingress_class="nginx")


@pytest.mark.parametrize(
    ("routes", "more", "kind"),
    [
        (GATEWAY, "", "HTTPRoute"),
        (INGRESS, "", "Ingress"),
        (Routes(), ", gateway: edge/public", "HTTPRoute"),
        (Routes(), ", ingressClass: nginx", "Ingress"),
        (GATEWAY, ", ingressClass: internal", "Ingress"),
        (INGRESS, ", gateway: edge/internal", "HTTPRoute"),
    ],
)
def test_a_route_is_made_as_it_says_else_as_the_target_says(routes: Routes, more: str, kind: str) -> None:
    found = made(f"{HTTP}, route: {{hosts: [a.example.com]{more}}}", target=Target("default", "shop", routes=routes))
    assert set(found) == {"Deployment", "Service", kind}


def test_an_http_route() -> None:
    route = "ports: [{name: a, port: 1}, {name: http, port: 8080, service: 80}], "
    route += "route: {hosts: [a.example.com, b.example.com], path: /api, port: http, gateway: edge/public}"
    assert made(route)["HTTPRoute"]["spec"] == {
        "parentRefs": [{"namespace": "edge", "name": "public"}],
        "hostnames": ["a.example.com", "b.example.com"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/api"}}],
                "backendRefs": [{"name": "shop-api", "port": 80}],
            }
        ],
    }


def test_an_ingress() -> None:
    found = made(f"{HTTP}, route: {{hosts: [a.example.com], ingressClass: nginx, tls: cert}}")["Ingress"]["spec"]
    backend = {"service": {"name": "shop-api", "port": {"number": 8080}}}
    assert found == {
        "ingressClassName": "nginx",
        "rules": [
            {"host": "a.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
        ],
        "tls": [{"hosts": ["a.example.com"], "secretName": "cert"}],
    }


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("hosts: [a.example.com]", "target default does not say how routes are made (name a gateway"),
        ("hosts: [a.example.com], gateway: a/b, ingressClass: c", "needs at most one of gateway and ingressClass"),
        ("hosts: [a.example.com], gateway: a/b, tls: c", "needs at most one of gateway and tls"),
        ("hosts: []", "hosts is empty"),
        ("hosts: [a.example.com], gateway: a/b, port: web", "route.port names the port 'web'; there is http"),
    ],
)
def test_a_route_that_leads_nowhere(more: str, said: str) -> None:
    assert said in refused(f"{HTTP}, route: {{{more}}}")


# --- how many pods, and where


def test_replicas() -> None:
    assert spec("")["replicas"] == 1
    assert spec("replicas: 0")["replicas"] == 0
    assert "replicas" not in spec("", "DaemonSet")


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_the_autoscaler_alone_counts(kind: str) -> None:
    found = made("autoscaling: {min: 2, max: 9, cpu: 70, memory: 80}", kind)
    assert "replicas" not in found[kind]["spec"]
    scaler = found["HorizontalPodAutoscaler"]["spec"]
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": kind, "name": "shop-api"}
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 9)
    aims = [(one["resource"]["name"], one["resource"]["target"]["averageUtilization"]) for one in scaler["metrics"]]
    assert aims == [("cpu", 70), ("memory", 80)]
    assert "PodDisruptionBudget" in found


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("autoscaling: {max: 3}", "autoscaling needs cpu or memory"),
        ("autoscaling: {min: 4, max: 3, cpu: 1}", "autoscaling.min is 4, more than max, which is 3"),
        ("autoscaling: {max: 3, cpu: 1}, replicas: 2", "has both replicas and autoscaling (leave replicas out)"),
    ],
)
def test_autoscaling_that_says_too_little_or_too_much(more: str, said: str) -> None:
    assert said in refused(more)


@pytest.mark.parametrize(
    ("more", "bounds"),
    [
        ("", None),
        ("replicas: 2", {"maxUnavailable": 1}),
        ("replicas: 2, disruption: none", None),
        ("disruption: {maxUnavailable: 1}", {"maxUnavailable": 1}),
        ("replicas: 4, disruption: {minAvailable: 75%}", {"minAvailable": "75%"}),
        ("replicas: 4, disruption: {minAvailable: 3}", {"minAvailable": 3}),
        ("autoscaling: {max: 3, cpu: 70}", None),
    ],
)
def test_a_disruption_budget(more: str, bounds: dict[str, Any] | None) -> None:
    found = made(more).get("PodDisruptionBudget")
    if bounds is None:
        assert found is None
        return
    assert found is not None
    assert bounds.items() <= found["spec"].items()
    assert found["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    assert found["spec"]["selector"] == {"matchLabels": spec(more)["selector"]["matchLabels"]}


def test_pods_are_spread_over_nodes_and_zones() -> None:
    nodes, zones = pod("replicas: 2")["topologySpreadConstraints"]
    assert (nodes["topologyKey"], nodes["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")
    assert (zones["topologyKey"], zones["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "ScheduleAnyway")
    assert nodes["matchLabelKeys"] == ["pod-template-hash"]
    strict, *_ = pod("replicas: 2, spread: required", "StatefulSet")["topologySpreadConstraints"]
    assert strict["whenUnsatisfiable"] == "DoNotSchedule"
    assert "matchLabelKeys" not in strict, "pods of a StatefulSet have no such label"


@pytest.mark.parametrize(("more", "kind"), [("", "Deployment"), ("replicas: 3, spread: none", "Deployment")])
def test_there_is_nothing_to_spread(more: str, kind: str) -> None:
    assert "topologySpreadConstraints" not in pod(more, kind)


# --- updates


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("Deployment", "", {"maxSurge": "25%", "maxUnavailable": 0}),
        ("Deployment", "update: {atOnce: 2}", {"maxSurge": 2, "maxUnavailable": 0}),
        ("Deployment", "replicas: 4, update: {order: stopFirst}", {"maxSurge": 0, "maxUnavailable": "25%"}),
        (
            "Deployment",
            "replicas: 4, update: {order: stopFirst, atOnce: 50%}",
            {"maxSurge": 0, "maxUnavailable": "50%"},
        ),
        ("DaemonSet", "", {"maxSurge": 0, "maxUnavailable": 1}),
        ("DaemonSet", "update: {atOnce: 10%}", {"maxSurge": 0, "maxUnavailable": "10%"}),
        ("DaemonSet", "update: {order: startFirst, atOnce: 3}", {"maxSurge": 3, "maxUnavailable": 0}),
    ],
)
def test_pods_are_replaced_in_order(kind: str, more: str, expected: dict[str, Any]) -> None:
    strategy = spec(more, kind)["strategy" if kind == "Deployment" else "updateStrategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": expected}


@pytest.mark.parametrize("more", ["", "replicas: 4, "])
def test_where_all_pods_stop_first_none_runs_beside_a_new_one(more: str) -> None:
    whole = ", atOnce: 100%" if more else ""
    assert spec(f"{more}update: {{order: stopFirst{whole}}}")["strategy"] == {"type": "Recreate"}


def test_the_autoscaler_may_have_made_more_than_one() -> None:
    scaled = "autoscaling: {max: 3, cpu: 70}, update: {order: stopFirst}"
    assert spec(scaled)["strategy"]["type"] == "RollingUpdate"


def test_a_stateful_set_goes_one_by_one_unless_it_is_parallel() -> None:
    assert not {"podManagementPolicy", "updateStrategy"} & set(spec("", "StatefulSet"))
    assert not {"podManagementPolicy", "updateStrategy"} & set(spec("update: {order: stopFirst}", "StatefulSet"))
    assert spec("update: {order: parallel}", "StatefulSet")["podManagementPolicy"] == "Parallel"


@pytest.mark.parametrize(
    ("kind", "update", "said"),
    [
        ("Deployment", "order: parallel", "update.order cannot be parallel for a Deployment"),
        ("DaemonSet", "order: parallel", "update.order cannot be parallel for a DaemonSet"),
        ("StatefulSet", "order: startFirst", "update.order cannot be startFirst for a StatefulSet"),
        ("StatefulSet", "atOnce: 2", "update.atOnce is not for a StatefulSet, which goes one by one"),
        ("Job", "order: stopFirst", "update needs kind: Deployment or StatefulSet or DaemonSet"),
    ],
)
def test_an_update_that_the_kind_cannot_do(kind: str, update: str, said: str) -> None:
    assert said in refused(f"update: {{{update}}}", kind)


# --- the pod


def test_what_nobody_asked_for_is_restricted() -> None:
    found = pod("")
    assert found["automountServiceAccountToken"] is False
    assert found["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert not {"serviceAccountName", "terminationGracePeriodSeconds", "volumes"} & set(found)


def test_a_service_account_within_the_targets_policy() -> None:
    allowed = Target("default", "shop", service_accounts=("api",))
    found = pod("serviceAccount: api", target=allowed)
    assert (found["serviceAccountName"], found["automountServiceAccountToken"]) == ("api", True)
    assert refused("serviceAccount: api").startswith("target default does not allow the service account 'api'")
    assert "'web'" in refused("serviceAccount: web", target=allowed)


@pytest.mark.parametrize(("text", "seconds"), [("2m", 120), ("1s", 1)])
def test_how_long_a_pod_may_take_to_end(text: str, seconds: int) -> None:
    assert pod(f"stopWithin: {text}")["terminationGracePeriodSeconds"] == seconds


def test_volumes() -> None:
    volumes = (
        "volumes: [{name: a, path: /a, temporary: {}}, {name: b, path: /b, temporary: {size: 1Gi, memory: true}}, "
        "{name: c, path: /c, claim: media, readOnly: true}, {name: d, path: /d, configMap: shared}, "
        "{name: e, path: /e, secret: tls}]"
    )
    found = pod(volumes)
    assert found["volumes"] == [
        {"name": "a", "emptyDir": {}},
        {"name": "b", "emptyDir": {"sizeLimit": "1Gi", "medium": "Memory"}},
        {"name": "c", "persistentVolumeClaim": {"claimName": "media"}},
        {"name": "d", "configMap": {"name": "shared"}},
        {"name": "e", "secret": {"secretName": "tls"}},
    ]
    mounts = found["containers"][0]["volumeMounts"]
    assert mounts[:2] == [{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/b"}]
    assert mounts[2] == {"name": "c", "mountPath": "/c", "readOnly": True}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("volumes: [{name: a, path: /a}]", "needs exactly one of temporary, claim, configMap and secret"),
        ("volumes: [{name: a, path: /a, claim: x, secret: y}]", "not claim and secret"),
        (
            "storage: [{name: a, path: /a, size: 1Gi}], volumes: [{name: a, path: /b, claim: x}]",
            "has two of the volume 'a'",
        ),
        (
            "files: [{path: /a, text: x}], volumes: [{name: a, path: /a, claim: x}]",
            "has two of the path '/a'",
        ),
    ],
)
def test_volumes_that_are_none_or_two(more: str, said: str) -> None:
    assert said in refused(more, "StatefulSet")


def test_a_claim_template() -> None:
    (claim,) = spec("storage: [{name: data, path: /data, size: 1.5Gi, storageClass: fast}]", "StatefulSet")[
        "volumeClaimTemplates"
    ]
    assert claim["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1.5Gi"}},
        "storageClassName": "fast",
    }


# --- Jobs


def test_a_job() -> None:
    found = spec("retries: 0, deadline: 1h", "Job")
    assert (found["backoffLimit"], found["activeDeadlineSeconds"]) == (0, 3600)
    assert found["template"]["spec"]["restartPolicy"] == "Never"
    bare = spec("", "Job")
    assert bare["backoffLimit"] == 3
    assert "activeDeadlineSeconds" not in bare


def test_a_cron_job() -> None:
    found = spec("timeZone: Europe/Berlin, concurrency: Replace, retries: 1, deadline: 10m", "CronJob")
    assert (found["schedule"], found["timeZone"], found["concurrencyPolicy"]) == (
        "0 3 * * *",
        "Europe/Berlin",
        "Replace",
    )
    job = found["jobTemplate"]["spec"]
    assert (job["backoffLimit"], job["activeDeadlineSeconds"]) == (1, 600)
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    bare = spec("", "CronJob")
    assert bare["concurrencyPolicy"] == "Forbid"
    assert "timeZone" not in bare


def test_a_cron_job_keeps_its_name() -> None:
    one, two = (made(f"args: [{word}]", "CronJob")["CronJob"]["metadata"]["name"] for word in ("a", "b"))
    assert one == two == "shop-api"


@pytest.mark.parametrize("kind", WORKLOADS)
@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        (HTTP, "Deployment StatefulSet DaemonSet"),
        ("probes: none", "Deployment StatefulSet DaemonSet"),
        ("replicas: 2", "Deployment StatefulSet"),
        ("autoscaling: {max: 2, cpu: 1}", "Deployment StatefulSet"),
        ("disruption: none", "Deployment StatefulSet"),
        ("spread: none", "Deployment StatefulSet"),
        ("storage: []", "StatefulSet"),
        ("timeZone: UTC", "CronJob"),
        ("concurrency: Allow", "CronJob"),
        ("retries: 1", "Job CronJob"),
        ("deadline: 1m", "Job CronJob"),
    ],
)
def test_a_field_is_for_the_kinds_that_have_it(field: str, kinds: str, kind: str) -> None:
    if kind in kinds.split():
        assert made(field, kind)
    else:
        assert f"needs kind: {' or '.join(kinds.split())}" in refused(field, kind)


def test_a_cron_job_needs_a_schedule() -> None:
    _, problems = objects("- {name: api, kind: CronJob, image: 'api:1'}", BARE)
    assert [one.partition("error: ")[2] for one in problems] == [
        "spec.components[0].schedule is missing (say when the CronJob runs, such as 30 3 * * *)"
    ]
