from __future__ import annotations

import pytest

from generator.core.parse_app import parse_app
from generator.model.app import App, Deletion, Timeouts
from generator.model.component import Component, ConfigFile, EnvVar, Kind, Port, Reference, Resources, Storage

FULL = b"""\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata:
  name: shop
  labels: {team: blue, example.com/tier: front}
spec:
  version: 1.10
  deleted: true
  targets: [default, staging]
  deletion: {data: delete, timeout: 2m}
  timeouts: {health: 90s}
  components:
    - name: db
      kind: StatefulSet
      image: registry.example:5000/team/db:1.0@sha256:%s
      command: [/bin/db, yes]
      args: ["--port", 5432]
      replicas: 3
      runAsUser: 999
      ports: [{name: sql, port: 5432}]
      env:
        - {name: MODE, value: on}
        - {name: EMPTY, value: ""}
        - {name: PASSWORD, secret: {name: db, key: password}}
        - {name: COLOUR, configMap: {name: look, key: colour}}
      resources:
        requests: {cpu: 250m, memory: 1.5Gi}
        limits: {memory: 2Gi}
      files:
        - {path: /etc/db.conf, text: "a = 1"}
        - {path: /etc/more.conf, from: conf/more.conf}
      storage: [{name: data, path: /var/lib/db, size: 10Gi, storageClass: fast}]
""" % (b"a" * 64)

MINIMAL = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: web}
spec:
  version: "1"
  components:
    - name: web
      kind: Deployment
      image: web:1
"""


def test_every_field() -> None:
    parsed = parse_app(FULL, "a.yaml")
    app = parsed.app
    assert (parsed.name, parsed.problems) == ("shop", ())
    assert app == App(
        name="shop",
        version="1.10",
        deleted=True,
        targets=("default", "staging"),
        labels={"team": "blue", "example.com/tier": "front"},
        deletion=Deletion("delete", timeout=120),
        timeouts=Timeouts(90),
        components=(
            Component(
                name="db",
                kind=Kind.STATEFUL_SET,
                image=f"registry.example:5000/team/db:1.0@sha256:{'a' * 64}",
                command=("/bin/db", "yes"),
                args=("--port", "5432"),
                replicas=3,
                run_as_user=999,
                ports=(Port("sql", 5432),),
                env=(
                    EnvVar("MODE", "on"),
                    EnvVar("EMPTY"),
                    EnvVar("PASSWORD", secret=Reference("db", "password")),
                    EnvVar("COLOUR", config_map=Reference("look", "colour")),
                ),
                resources=Resources({"cpu": "250m", "memory": "1.5Gi"}, {"memory": "2Gi"}),
                files=(ConfigFile("/etc/db.conf", "a = 1"), ConfigFile("/etc/more.conf", source="conf/more.conf")),
                storage=(Storage("data", "/var/lib/db", "10Gi", "fast"),),
            ),
        ),
    )


def test_defaults() -> None:
    app = parse_app(MINIMAL.encode(), "a.yaml").app
    assert app == App("web", "1", components=(Component("web", Kind.DEPLOYMENT, "web:1"),))
    assert app
    assert (app.components[0].replicas, app.timeouts, app.deletion, app.deleted) == (
        1,
        Timeouts(300),
        Deletion("retain", (), 300),
        False,
    )


def component(text: str) -> str:
    return MINIMAL + text


# (what is replaced, with what, the problem as people see it); the definition is MINIMAL with more below its component.
PROBLEMS = [
    ("v1alpha1", "v2", "1:13: error: apiVersion is 'pushboat.dev/v2'; did you mean pushboat.dev/v1alpha1?"),
    ("kind: Application", "kind: App", "1:1: error: not an Application: it has kind App (every YAML file"),
    ("kind: Application", "kind: Applicaton", "1:1: error: not an Application: it has kind Applicaton"),
    ("kind: Application\n", "", "1:1: error: not an Application: it has no kind"),
    ("apiVersion: pushboat.dev/v1alpha1\n", "", "1:1: error: apiVersion is missing"),
    ("name: web}", "name: Web}", "3:18: error: metadata.name is 'Web'; it must be at most 40 lower-case letters"),
    ("name: web}", f"name: {'a' * 41}}}", "3:18: error: metadata.name is 'aaaa"),
    ("name: web}", "name: 1a}", "3:18: error: metadata.name is '1a'"),
    ("name: web}", "name: a-}", "3:18: error: metadata.name is 'a-'"),
    ("{name: web}", "{}", "3:11: error: metadata.name is missing"),
    ("{name: web}", "[web]", "3:11: error: metadata must be a mapping, not a list"),
    ("{name: web}", "{name: [web]}", "3:18: error: metadata.name must be text, not a list"),
    (
        "{name: web}",
        "{name: web, labels: {pushboat.dev/app: x}}",
        "metadata.labels: 'pushboat.dev/app' is not a valid name here",
    ),
    (
        "{name: web}",
        "{name: web, labels: {app.kubernetes.io/name: x}}",
        "metadata.labels: 'app.kubernetes.io/name' is not a valid",
    ),
    (
        "{name: web}",
        "{name: web, labels: {a: b c}}",
        "3:35: error: metadata.labels.a is 'b c'; it must be a label value",
    ),
    ("{name: web}", "{name: web, label: {}}", "3:23: error: metadata.label is not a field; did you mean labels?"),
    ('version: "1"', "version: v 1", "5:12: error: spec.version is 'v 1'; it must be at most 63 letters"),
    ('version: "1"', "version: $(date)", "5:12: error: spec.version is '$(date)'"),
    ('version: "1"', "version:", "5:3: error: spec.version is missing"),
    ('version: "1"', 'version: "1"\n  deleted: yes', "6:12: error: spec.deleted must be true or false, not 'yes'"),
    ('version: "1"', 'version: "1"\n  deleted: "true"', "6:12: error: spec.deleted must be true or false"),
    ('version: "1"', 'version: "1"\n  targets: a', "6:12: error: spec.targets must be a list, not 'a'"),
    ('version: "1"', 'version: "1"\n  targets: [A]', "6:13: error: spec.targets[0] is 'A'; it must be a name of"),
    ('version: "1"', 'version: "1"\n  timeouts: {health: 5}', "6:22: error: spec.timeouts.health is '5'; it must be a"),
    ('version: "1"', 'version: "1"\n  timeout: {}', "6:3: error: spec.timeout is not a field; did you mean timeouts?"),
    (
        'version: "1"',
        'version: "1"\n  deletion: {data: keep}',
        "6:20: error: spec.deletion.data is 'keep'; it can be ret",
    ),
    (
        'version: "1"',
        'version: "1"\n  manifests: [a]',
        "helm and kustomize, not components and manifests",
    ),
    ("components:", "compnents:", "6:3: error: spec.compnents is not a field; did you mean components?"),
    ("components:", "compnents:", "5:3: error: spec needs exactly one of components, manifests, helm and kustomize"),
    (
        "kind: Deployment",
        "kind: deployment",
        "8:13: error: spec.components[0].kind is 'deployment'; did you mean Deplo",
    ),
    ("      kind: Deployment\n", "", "7:7: error: spec.components[0].kind is missing"),
    ("image: web:1", "image: web:latest", "9:14: error: spec.components[0].image is :latest (name a version"),
    ("image: web:1", "image: Web:1", "9:14: error: spec.components[0].image is 'Web:1'; it must be an image reference"),
    ("image: web:1", "image: web:1 && x", "9:14: error: spec.components[0].image is 'web:1 && x'"),
    ("- name: web", "- name: -a", "spec.components[0].name is '-a'"),
    ("image: web:1", "image: web:1\n      replicas: 1001", "10:17: error: spec.components[0].replicas must be a whole"),
    ("image: web:1", 'image: web:1\n      replicas: "2"', "10:17: error: spec.components[0].replicas must be a whole"),
    ("image: web:1", "image: web:1\n      replicas: 010", "whole number from 0 to 1000, not '010'"),
    ("image: web:1", "image: web:1\n      runAsUser: 0", "10:18: error: spec.components[0].runAsUser must be a whole"),
    (
        "image: web:1",
        "image: web:1\n      command: [[a]]",
        "10:17: error: spec.components[0].command[0] must be",
    ),
    (
        "image: web:1",
        "image: web:1\n      ports: [{name: http}]",
        "10:15: error: spec.components[0].ports[0].port is mi",
    ),
    ("image: web:1", "image: web:1\n      ports: [{name: http, port: }]", "spec.components[0].ports[0].port"),
    (
        "image: web:1",
        "image: web:1\n      ports: [{name: http, port: 70000}]",
        "ports[0].port must be a whole number from 1",
    ),
    (
        "image: web:1",
        "image: web:1\n      ports: [{name: HTTP, port: 1}]",
        "ports[0].name is 'HTTP'; it must be at most 15",
    ),
    ("image: web:1", "image: web:1\n      ports: [{name: a, port: 1}, {name: a, port: 2}]", "ports names 'a' twice"),
    (
        "image: web:1",
        "image: web:1\n      env: [{name: A}]",
        "10:13: error: spec.components[0].env[0] needs exactly one",
    ),
    (
        "image: web:1",
        "image: web:1\n      env: [{name: A, value: 1, secret: {name: a, key: b}}]",
        "needs exactly one of val",
    ),
    (
        "image: web:1",
        "image: web:1\n      env: [{name: 1 A, value: x}]",
        "10:20: error: spec.components[0].env[0].name is",
    ),
    ("image: web:1", "image: web:1\n      env: [{name: A, value: x}, {name: A, value: y}]", "env names 'A' twice"),
    (
        "kind: Deployment",
        "kind: StatefulSet\n      storage: [{name: a, path: /a, size: 1Gi}, {name: a, path: /b, size: 1Gi}]",
        "9:49: error: spec.components[0].storage names 'a' twice (keep one)",
    ),
    (
        'version: "1"',
        'version: "1"\n  timeouts: {health: 25h}',
        "6:22: error: spec.timeouts.health is '25h'; it must be at most 24h",
    ),
    ("image: web:1", "image: web:1\n      env: [{name: A, secret: {name: a}}]", "env[0].secret.key is missing"),
    ("image: web:1", "image: web:1\n      env: [{name: A, secret: a}]", "env[0].secret must be a mapping, not 'a'"),
    (
        "image: web:1",
        "image: web:1\n      resources: {requests: {cpu: lots}}",
        "requests.cpu is 'lots'; it must be a quantity",
    ),
    (
        "image: web:1",
        "image: web:1\n      resources: {request: {}}",
        "resources.request is not a field; did you mean requ",
    ),
    (
        "image: web:1",
        "image: web:1\n      files: [{path: a, text: x}]",
        "files[0].path is 'a'; it must be an absolute path",
    ),
    ("image: web:1", "image: web:1\n      files: [{path: /a}]", "files[0] needs exactly one of text and from"),
    (
        "image: web:1",
        "image: web:1\n      files: [{path: /a, from: ../b}]",
        "files[0].from is '../b'; it must be a file besi",
    ),
    ("image: web:1", "image: web:1\n      files: [{path: /a, from: /b}]", "files[0].from is '/b'"),
    ("image: web:1", "image: web:1\n      files: [{path: /a, text: x}, {path: /a, text: y}]", "files names '/a' twice"),
    (
        "image: web:1",
        "image: web:1\n      storage: [{name: a, path: /a, size: 1Gi}]",
        "storage needs kind: StatefulSet",
    ),
    (
        "kind: Deployment",
        "kind: Job\n      replicas: 2",
        "9:17: error: spec.components[0].replicas needs kind: Deployment or StatefulSet",
    ),
    (
        "image: web:1",
        "image: web:1\n    - {name: web, kind: Job, image: a:1}",
        "10:7: error: spec.components names 'web' twice",
    ),
    (
        "image: web:1",
        "image: web:1\n      colour: red",
        "10:7: error: spec.components[0].colour is not a field; it can be",
    ),
    ("image: web:1", "image: web:1\n---\na: 1", "11:1: error: a definition is one document; this file has 2"),
    (MINIMAL, "", "1:1: error: the file is empty"),
    (MINIMAL, "- a\n", "1:1: error: not an Application: it has no kind"),
    *(
        ("image: web:1", f"image: web:1\n      {more}", said)
        for more, said in (
            ("volumes: [{name: v, path: /data, claim: }]", "volumes[0] needs exactly one of temporary, claim,"),
            ("env: [{name: A, secret: }]", "env[0] needs exactly one of value, secret and configMap"),
            ("files: [{path: /a, from: }]", "files[0] needs exactly one of text and from"),
            ("disruption: {minAvailable: }", "disruption needs exactly one of"),
            ("command: [a, null]", "10:20: error: spec.components[0].command[1] has no value"),
            ("resources: {limits: {cpu: }}", "resources.limits.cpu has no value"),
            ("resources: {limits: {cpuu: 1}}", "'cpuu' is not a valid name here"),
            (
                "resources: {requests: {memory: 2Gi}, limits: {memory: 1024Mi}}",
                "requests 2Gi of memory, more than its l",
            ),
            ("disruption: {minAvailable: 1}", "minAvailable is 1 of 1: no node could ever be drained"),
            (
                "probes: {liveness: {http: {port: a}}}\n      ports: [{name: a, port: 1, protocol: UDP}]",
                "names the port",
            ),
            ("env: [{name: A, value: 'https://ada:pa55@example.com'}]", "env[0].value looks like a credential"),
        )
    ),
    ("kind: Deployment", 'kind: CronJob\n      schedule: "99 * * * *"', "schedule is '99 * * * *'; it must be a cron"),
    (MINIMAL, "a: &x 1\n", "1:4: error: anchors (&name) are not allowed"),
]


@pytest.mark.parametrize(("old", "new", "said"), PROBLEMS, ids=[str(number) for number in range(len(PROBLEMS))])
def test_each_problem_is_told_with_its_place(old: str, new: str, said: str) -> None:
    assert old in MINIMAL
    parsed = parse_app(MINIMAL.replace(old, new, 1).encode(), "a.yaml")
    assert parsed.app is None
    texts = [str(problem) for problem in parsed.problems]
    assert any(said in text for text in texts), texts


def test_all_problems_are_told_at_once_and_in_order() -> None:
    text = MINIMAL.replace("v1alpha1", "v1").replace("web:1", "web:latest").replace("name: web}", "name: A}")
    parsed = parse_app(text.encode(), "a.yaml")
    assert (parsed.app, parsed.name) == (None, "")
    assert [one.line for one in parsed.problems] == [1, 3, 9]
    assert list(parsed.problems) == sorted(set(parsed.problems))


def test_the_name_is_told_even_where_the_rest_is_wrong() -> None:
    assert parse_app(b"kind: Application\nmetadata: {name: web}\nspec: 1\n", "a.yaml").name == "web"
    assert parse_app(b"kind: Application\nmetadata: {name: a b}\n", "a.yaml").name == ""


@pytest.mark.parametrize(("text", "seconds"), [("45s", 45), ("10m", 600), ("2h", 7200), ("24h", 86400)])
def test_durations(text: str, seconds: int) -> None:
    app = parse_app(MINIMAL.replace("spec:", f"spec:\n  timeouts: {{health: {text}}}").encode(), "a.yaml").app
    assert app
    assert app.timeouts.health == seconds


@pytest.mark.parametrize("field", ["timeouts: {health", "deletion: {timeout"])
def test_a_timeout_is_bounded(field: str) -> None:
    """Tekton cannot even read a duration of more than 292 years, and a run that is refused holds the ledger back."""
    text = MINIMAL.replace("spec:", f"spec:\n  {field}: 99999999h}}")
    assert parse_app(text.encode(), "a.yaml").problems
