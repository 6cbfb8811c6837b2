"""One image-based workload of an app."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The workloads a component may be."""

    DEPLOYMENT = "Deployment"
    STATEFUL_SET = "StatefulSet"
    DAEMON_SET = "DaemonSet"
    JOB = "Job"
    CRON_JOB = "CronJob"


@dataclass(frozen=True, slots=True)
class Port:
    """A port that the container listens on; the Service of the component offers it as `service`, else as `port`."""

    name: str
    port: int
    protocol: str = "TCP"
    service: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A key of a Secret or of a ConfigMap in the target's namespace."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable: a value, or a key of a Secret or ConfigMap that is only named."""

    name: str
    value: str = ""
    secret: Reference | None = None
    config_map: Reference | None = None


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that the container sees at `path`: literal text, or a file of the definition's folder."""

    path: str
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Storage:
    """A claim template of a StatefulSet, mounted at `path`."""

    name: str
    path: str
    size: str
    storage_class: str = ""


@dataclass(frozen=True, slots=True)
class Temporary:
    """Space that goes with the pod; in memory it counts against the container's limit."""

    size: str = ""
    memory: bool = False


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume mounted at `path`: temporary space, or a claim, ConfigMap or Secret that is there already."""

    name: str
    path: str
    temporary: Temporary | None = None
    claim: str = ""
    config_map: str = ""
    secret: str = ""
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class HttpCheck:
    """A GET that must be answered with a status from 200 to 399."""

    path: str = "/"
    port: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One question put to a container, every `period` seconds; `failures` in a row count as a no."""

    http: HttpCheck | None = None
    tcp: str = ""
    grpc: int | None = None
    command: tuple[str, ...] = ()
    period: int = 10
    timeout: int = 1
    failures: int = 3


@dataclass(frozen=True, slots=True)
class Probes:
    """`startup` and `readiness` are derived from the first TCP port where they are not given; NO_PROBE is none."""

    startup: Probe | None = None
    readiness: Probe | None = None
    liveness: Probe | None = None


NO_PROBE = Probe()
NO_PROBES = Probes(NO_PROBE, NO_PROBE, NO_PROBE)


@dataclass(frozen=True, slots=True)
class Autoscaling:
    """Bounds for a HorizontalPodAutoscaler and the mean use it aims at, in per cent of the requests."""

    most: int
    least: int = 1
    cpu: int | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """How the ports are offered inside, or outside, the cluster."""

    type: str = "ClusterIP"
    sticky: bool = False
    annotations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """Which requests from outside reach the component: an HTTPRoute of `gateway`, or an Ingress of `ingress_class`."""

    hosts: tuple[str, ...]
    path: str = "/"
    port: str = ""
    gateway: str = ""
    ingress_class: str = ""
    tls: str = ""


@dataclass(frozen=True, slots=True)
class Resources:
    """Quantities by resource, as Kubernetes writes them."""

    requests: dict[str, str] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """How the workload's own controller replaces pods. `order` is empty for the kind's own default."""

    order: str = ""
    at_once: str = ""


@dataclass(frozen=True, slots=True)
class Disruption:
    """What an eviction must leave running: a number of pods or a percentage; both empty for no budget at all."""

    min_available: str = ""
    max_unavailable: str = ""


NO_BUDGET = Disruption()


@dataclass(frozen=True, slots=True)
class Component:
    """One image-based workload of an app."""

    name: str
    kind: Kind
    image: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[EnvVar, ...] = ()
    ports: tuple[Port, ...] = ()
    replicas: int = 1
    autoscaling: Autoscaling | None = None
    resources: Resources = field(default_factory=Resources)
    probes: Probes = field(default_factory=Probes)
    files: tuple[ConfigFile, ...] = ()
    storage: tuple[Storage, ...] = ()
    volumes: tuple[Volume, ...] = ()
    service: Service = field(default_factory=Service)
    route: Route | None = None
    update: Update = field(default_factory=Update)
    disruption: Disruption | None = None
    spread: str = "preferred"
    service_account: str = ""
    run_as_user: int | None = None
    stop_within: int = 30
    schedule: str = ""
    time_zone: str = ""
    concurrency: str = "Forbid"
    retries: int = 3
    deadline: int | None = None

    @property
    def at_least(self) -> int:
        """How many pods there are when all is quiet."""
        return self.autoscaling.least if self.autoscaling else self.replicas
