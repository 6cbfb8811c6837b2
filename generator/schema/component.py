"""A component, field by field."""

from generator.model import component as model
from generator.model.component import NO_BUDGET, Component, Kind
from generator.schema import patterns, rules
from generator.schema.collections import ListOf, MapOf, OrWord
from generator.schema.mounts import FILE, STORAGE, VOLUME
from generator.schema.object import Field, Object
from generator.schema.probes import PROBES
from generator.schema.types import Choice, Duration, Flag, Integer, Text

_SCALED = (Kind.DEPLOYMENT.value, Kind.STATEFUL_SET.value)
_SERVING = (*_SCALED, Kind.DAEMON_SET.value)
_RUNNING = (Kind.JOB.value, Kind.CRON_JOB.value)

_REFERENCE = Object(
    model.Reference,
    (
        Field("name", patterns.DOTTED_NAME, "The object's name, in the target's namespace.", required=True),
        Field("key", Text(rules.KEY, "a key of letters, digits, '-', '_' and '.'"), "One of its keys.", required=True),
    ),
)
_ENV = Object(
    model.EnvVar,
    (
        Field("name", patterns.ENV_NAME, "The variable's name.", required=True, example="LOG_LEVEL"),
        Field("value", Text(most=32768), "The text itself, as it is written.", example="info"),
        Field(
            "secret",
            _REFERENCE,
            "A key of a Secret, which is only named here.",
            example="{name: orders-database, key: password}",
        ),
        Field("configMap", _REFERENCE, "A key of a ConfigMap.", example="{name: shared, key: region}"),
    ),
    one_of=(("value", "secret", "configMap"),),
    check=rules.env,
)
_PORT = Object(
    model.Port,
    (
        Field(
            "name",
            patterns.PORT_NAME,
            "At most 15 lower-case letters, digits and hyphens.",
            required=True,
            example="http",
        ),
        Field("port", Integer(1, 65535), "Where the container listens.", required=True, example="8080"),
        Field("protocol", Choice(("TCP", "UDP")), "What it speaks."),
        Field("service", Integer(1, 65535), "The port of the Service.", default="the same as `port`", example="80"),
    ),
)
_RESOURCES = Object(
    model.Resources,
    tuple(
        Field(name, MapOf(patterns.QUANTITY, patterns.RESOURCE), doc, example=example)
        for name, doc, example in (
            ("requests", "What is set aside for each pod.", "{cpu: 100m, memory: 128Mi}"),
            ("limits", "What a pod may not exceed.", "{memory: 256Mi}"),
        )
    ),
)
_SHARE = Integer(1, 100)
_AUTOSCALING = Object(
    model.Autoscaling,
    (
        Field("max", Integer(1, 1000), "The most pods.", required=True, example="10", to="most"),
        Field("min", Integer(1, 1000), "The fewest pods.", example="2", to="least"),
        Field("cpu", _SHARE, "The mean CPU use aimed at, in per cent of the requests.", example="70"),
        Field("memory", _SHARE, "The mean memory use aimed at, in per cent of the requests.", example="80"),
    ),
    check=rules.autoscaling,
)
_SERVICE = Object(
    model.Service,
    (
        Field("type", Choice(("ClusterIP", "NodePort", "LoadBalancer")), "Who can reach it.", example="LoadBalancer"),
        Field("sticky", Flag(), "Send a client's connections to the same pod."),
        Field(
            "annotations",
            MapOf(Text(), patterns.ANNOTATION_KEY),
            "Annotations of the Service, for load balancers.",
            example='{example.com/internal: "true"}',
        ),
    ),
)
_ROUTE = Object(
    model.Route,
    (
        Field(
            "hosts",
            ListOf(patterns.HOST, unique="self", least=1),
            "The host names.",
            required=True,
            example="[shop.example.com]",
        ),
        Field("path", patterns.URL_PATH, "The beginning of the path.", example="/api"),
        Field("port", patterns.PORT_NAME, "The name of the port.", default="the first one", example="http"),
        Field(
            "gateway",
            Text(rules.GATEWAY, "NAMESPACE/NAME of a Gateway"),
            "The Gateway that an HTTPRoute attaches to.",
            default="the target's",
            example="edge/public",
        ),
        Field(
            "ingressClass",
            patterns.DOTTED_NAME,
            "The class of an Ingress instead.",
            default="the target's",
            example="nginx",
        ),
        Field(
            "tls",
            patterns.DOTTED_NAME,
            "The Secret with the certificate, for an Ingress. A Gateway holds its own.",
            example="shop-tls",
        ),
    ),
    at_most=(("gateway", "ingressClass"), ("gateway", "tls")),
)
_UPDATE = Object(
    model.Update,
    (
        Field(
            "order",
            Choice(("startFirst", "stopFirst", "parallel")),
            "`startFirst` starts a new pod before an old one stops, `stopFirst` the other way round; where a "
            "Deployment's pods stop all at once, its only one for instance, they have ended before a new one starts. "
            "`parallel`, for a StatefulSet only, starts and ends pods without waiting for one another; it cannot be "
            "changed later.",
            default="`startFirst` for a Deployment, else `stopFirst`",
            example="stopFirst",
        ),
        Field(
            "atOnce",
            patterns.NUMBER_OR_SHARE,
            "How many pods are replaced at once. A StatefulSet goes one by one.",
            default="`25%` for a Deployment, `1` for a DaemonSet",
            example="1",
        ),
    ),
)
_DISRUPTION = Object(
    model.Disruption,
    (
        Field("minAvailable", patterns.NUMBER_OR_SHARE, "How many must stay.", example="2"),
        Field("maxUnavailable", patterns.NUMBER_OR_SHARE, "How many may be away.", example="1"),
    ),
    one_of=(("minAvailable", "maxUnavailable"),),
)

COMPONENT = Object(
    Component,
    (
        Field("name", patterns.APP_NAME, "One of a kind in the app.", required=True, example="api"),
        Field(
            "kind",
            Choice(tuple(kind.value for kind in Kind), Kind),
            "The workload.",
            required=True,
            example="Deployment",
        ),
        Field(
            "image",
            patterns.IMAGE,
            "An image with a tag or, better, a digest, so that a release stays the same; `:latest` is refused.",
            required=True,
            example="registry.example/orders-api:1.4.2",
        ),
        Field(
            "command",
            ListOf(Text(most=32768)),
            "The container's entry point.",
            default="the image's",
            example="[/bin/serve]",
        ),
        Field("args", ListOf(Text(most=32768)), "Its arguments.", default="the image's", example='[--port, "8080"]'),
        Field("env", ListOf(_ENV, unique="name"), "Environment variables.", example="[{name: LOG_LEVEL, value: info}]"),
        Field(
            "ports",
            ListOf(_PORT, unique="name"),
            "Ports that the container listens on, offered by a Service.",
            example="[{name: http, port: 8080}]",
            only=_SERVING,
        ),
        Field("replicas", Integer(0, 1000), "How many pods.", example="3", only=_SCALED),
        Field(
            "autoscaling",
            _AUTOSCALING,
            "Let a HorizontalPodAutoscaler choose how many pods there are.",
            example="{min: 2, max: 10, cpu: 70}",
            only=_SCALED,
        ),
        Field("resources", _RESOURCES, "What a pod needs.", example="{requests: {cpu: 100m, memory: 128Mi}}"),
        Field(
            "probes",
            OrWord(PROBES, "none", model.NO_PROBES),
            "How the kubelet tells whether a pod is well. Without it, `startup` and `readiness` connect to the first "
            "TCP port.",
            default="derived from `ports`",
            example="{readiness: {http: {path: /healthz}}}",
            only=_SERVING,
        ),
        Field(
            "files",
            ListOf(FILE, unique="path"),
            "Files that the container sees. A changed file is a new ConfigMap with a new name, so the pods are "
            "replaced.",
            example="[{path: /etc/app.conf, from: app.conf}]",
        ),
        Field(
            "storage",
            ListOf(STORAGE, unique="name"),
            "Claim templates: each pod keeps its own.",
            example="[{name: data, path: /var/lib/data, size: 10Gi}]",
            only=(Kind.STATEFUL_SET.value,),
        ),
        Field(
            "volumes",
            ListOf(VOLUME, unique="name"),
            "Other volumes.",
            example="[{name: tmp, path: /tmp, temporary: {size: 1Gi}}]",
        ),
        Field("service", _SERVICE, "How the ports are offered.", example="{type: LoadBalancer}", only=_SERVING),
        Field(
            "route",
            _ROUTE,
            "Which requests from outside the cluster reach the component.",
            example="{hosts: [shop.example.com]}",
            only=_SERVING,
        ),
        Field("update", _UPDATE, "How pods are replaced.", example="{order: stopFirst, atOnce: 1}", only=_SERVING),
        Field(
            "disruption",
            OrWord(_DISRUPTION, "none", NO_BUDGET),
            "How many pods an eviction leaves running, as a PodDisruptionBudget.",
            default="`{maxUnavailable: 1}` for more than one pod",
            example="{minAvailable: 2}",
            only=_SCALED,
        ),
        Field(
            "spread",
            Choice(("preferred", "required", "none")),
            "Whether more than one pod are spread over nodes and zones. `required` lets a pod wait for another node.",
            example="required",
            only=_SCALED,
        ),
        Field(
            "serviceAccount",
            patterns.OBJECT_NAME,
            "A service account that the target allows by name; its token is mounted then.",
            example="orders",
        ),
        Field(
            "runAsUser",
            Integer(1, 2**31 - 1),
            "The user id of the containers and the group of the volumes. Needed where the image names a user by name, "
            "or runs as root.",
            default="the image's",
            example="65532",
        ),
        Field("stopWithin", Duration(), "How long a pod may take to end after SIGTERM.", example="2m"),
        Field(
            "schedule",
            Text(rules.CRON, "a cron schedule such as 30 3 * * *", word="cron schedule"),
            "When a CronJob runs.",
            default="required for a CronJob",
            example='"30 3 * * *"',
            only=(Kind.CRON_JOB.value,),
        ),
        Field(
            "timeZone",
            Text(rules.ZONE, "a time zone such as Europe/Berlin", word="time zone"),
            "Whose hours `schedule` means.",
            default="the controller's, mostly UTC",
            example="Europe/Berlin",
            only=(Kind.CRON_JOB.value,),
        ),
        Field(
            "concurrency",
            Choice(("Forbid", "Allow", "Replace")),
            "What becomes of a run that is due while the last one is still at work.",
            only=(Kind.CRON_JOB.value,),
        ),
        Field("retries", Integer(0, 100), "How many failed pods a run may have.", example="0", only=_RUNNING),
        Field("deadline", Duration(), "How long a run may take.", default="no end", example="1h", only=_RUNNING),
    ),
    check=rules.component,
)
