"""An application definition, parsed: what a team wants to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The workloads a component may be."""

    DEPLOYMENT = "Deployment"
    STATEFUL_SET = "StatefulSet"
    JOB = "Job"


@dataclass(frozen=True, slots=True)
class Port:
    """A port that the container listens on and the Service of the component offers."""

    name: str
    port: int


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable: a value, or a key of a Secret or ConfigMap that is only named."""

    name: str
    value: str = ""
    secret: str = ""
    config_map: str = ""
    key: str = ""


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
    requests: dict[str, str] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)
    files: tuple[ConfigFile, ...] = ()
    storage: tuple[Storage, ...] = ()
    run_as_user: int | None = None


@dataclass(frozen=True, slots=True)
class Helm:
    """A chart beside the definition: its folder or its archive (.tgz). Later value files win, `values` over all."""

    chart: str
    values: dict[str, Any] = field(default_factory=dict)
    value_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kustomize:
    """A folder beside the definition that holds a kustomization."""

    folder: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a phase may take, in seconds."""

    health: int = 300
    delete: int = 300


@dataclass(frozen=True, slots=True)
class App:
    """One `kind: Application` document."""

    name: str
    version: str
    deleted: bool = False
    targets: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    components: tuple[Component, ...] = ()
    manifests: tuple[str, ...] = ()
    helm: Helm | None = None
    kustomize: Kustomize | None = None
    delete_data: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)
