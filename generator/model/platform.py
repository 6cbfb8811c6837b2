"""The platform: what `pushboat generate` reads, and what the steps know about repositories and targets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository that delivers apps. Secrets are named here and held elsewhere."""

    name: str
    url: str
    forge: str
    webhook_secret: str
    credential: str
    status_credential: str
    write_credential: str
    branch: str = "main"
    path: str = "apps"
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kinds:
    """Further kinds that a target accepts, as RBAC names them."""

    resources: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Routes:
    """How requests from outside come in: by a Gateway, `NAMESPACE/NAME`, or by an Ingress of a class."""

    gateway: str = ""
    ingress_class: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where apps run: a namespace of the bundle's own cluster.

    `service_accounts` are those that pods may name; `pod_security` is what pods of manifests are held to.
    """

    name: str
    namespace: str
    kinds: tuple[Kinds, ...] = ()
    routes: Routes = field(default_factory=Routes)
    service_accounts: tuple[str, ...] = ()
    pod_security: str = "baseline"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one bundle may use at once."""

    pods: int = 50


@dataclass(frozen=True, slots=True)
class Platform:
    """One `kind: Platform` document. `egress_ports` are opened besides those of Git hosts and usual API servers."""

    namespace: str
    image: str
    repositories: tuple[Repository, ...]
    targets: tuple[Target, ...]
    egress_ports: tuple[int, ...] = ()
    catch_up: str = "*/5 * * * *"
    limits: Limits = field(default_factory=Limits)

    def repository(self, name: str) -> Repository | None:
        """The repository called `name`, if the platform has it."""
        return next((one for one in self.repositories if one.name == name), None)

    def target(self, name: str) -> Target | None:
        """The target called `name`, if the platform has it."""
        return next((one for one in self.targets if one.name == name), None)

    def targets_of(self, repository: Repository) -> tuple[str, ...]:
        """The targets a repository may deliver to, the first being its default."""
        return repository.targets or tuple(target.name for target in self.targets)
