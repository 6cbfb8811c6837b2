"""What pods must not have: what Kubernetes' Pod Security Standard "baseline" forbids, told before a cluster is asked.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.yamlio.node import Mapping, Node, Scalar, Sequence

Found = tuple[Node, str]

HINT = "the platform can allow it with targets[].podSecurity: privileged"
_HOST = ("hostNetwork", "hostPID", "hostIPC")
_CAPABILITIES = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
    *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
_SYSCTLS = (
    *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"),
    *("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout"),
    *("net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time"),
    "net.ipv4.tcp_syncookies",
)
_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_APPARMOR_GIVEN = re.compile(r"|runtime/default|localhost/.*", re.DOTALL)
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


def forbidden(node: Node) -> Iterator[Found]:
    """Every privilege asked for below `node`. A pod is told by its containers, so that it is found in any kind."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from forbidden(item)
    if not isinstance(node, Mapping):
        return
    if isinstance(node.entries.get("containers"), Sequence):
        yield from _pod(node)
    if isinstance(_mapping(node, "spec").entries.get("containers"), Sequence):
        yield from _annotations(_mapping(node, "metadata"))
    for child in node.entries.values():
        yield from forbidden(child)


def _annotations(metadata: Mapping) -> Iterator[Found]:
    """What a pod is told by annotations, from before there were fields for it."""
    for key, node in _mapping(metadata, "annotations").entries.items():
        if key.startswith(_APPARMOR) and not _APPARMOR_GIVEN.fullmatch(_text(node)):
            yield node, f"the AppArmor profile {_text(node)} does not confine the container"


def _pod(pod: Mapping) -> Iterator[Found]:
    for field in _HOST:
        if _is_true(pod.entries.get(field)):
            yield pod.entries[field], f"{field} gives the pod the node's own"
    for volume in _mappings(pod, "volumes"):
        if "hostPath" in volume.entries:
            yield volume.entries["hostPath"], "hostPath gives the pod the node's files"
    yield from _security(_mapping(pod, "securityContext"))
    for one in _mappings(_mapping(pod, "securityContext"), "sysctls"):
        if _text(one.entries.get("name")) not in _SYSCTLS:
            yield one, f"the sysctl {_text(one.entries.get('name'))} is not one of those that stay within the pod"
    for field in ("containers", "initContainers", "ephemeralContainers"):
        for container in _mappings(pod, field):
            yield from _container(container)


def _container(container: Mapping) -> Iterator[Found]:
    for port in _mappings(container, "ports"):
        if _text(port.entries.get("hostPort")) not in ("", "0"):
            yield port.entries["hostPort"], "hostPort takes a port of the node"
    yield from _security(_mapping(container, "securityContext"))
    asked = [_mapping(container, field) for field in _PROBES]
    asked += [_mapping(_mapping(container, "lifecycle"), field) for field in _HOOKS]
    for one in asked:
        for field in ("httpGet", "tcpSocket"):
            host = _mapping(one, field).entries.get("host")
            if _text(host) or isinstance(host, Mapping | Sequence):
                yield host or one, f"{field}.host has the node ask another host than the pod"


def _security(context: Mapping) -> Iterator[Found]:
    if _is_true(context.entries.get("privileged")):
        yield context.entries["privileged"], "privileged gives the container the node"
    if _text(context.entries.get("procMount")) not in ("", "Default"):
        yield context.entries["procMount"], "procMount shows the container what the runtime hides"
    if _text(_mapping(context, "seccompProfile").entries.get("type")) == "Unconfined":
        yield context.entries["seccompProfile"], "the seccomp profile Unconfined allows every system call"
    if _is_true(_mapping(context, "windowsOptions").entries.get("hostProcess")):
        yield context.entries["windowsOptions"], "hostProcess gives the container the node"
    if _text(_mapping(context, "appArmorProfile").entries.get("type")) == "Unconfined":
        yield context.entries["appArmorProfile"], "the AppArmor profile Unconfined does not confine the container"
    yield from _selinux(_mapping(context, "seLinuxOptions"))
    added = _mapping(context, "capabilities").entries.get("add")
    for one in added.items if isinstance(added, Sequence) else ():
        if _text(one) not in _CAPABILITIES:
            yield one, f"the capability {_text(one)} is more than a container is given"


def _selinux(options: Mapping) -> Iterator[Found]:
    if _text(options.entries.get("type")) not in _SELINUX:
        yield options.entries["type"], f"the SELinux type {_text(options.entries['type'])} is not one of containers"
    for field in ("user", "role"):
        if _text(options.entries.get(field)):
            yield options.entries[field], f"seLinuxOptions.{field} gives the container another {field} than it has"


def _mapping(node: Mapping, field: str) -> Mapping:
    found = node.entries.get(field)
    return found if isinstance(found, Mapping) else Mapping({}, {}, node.mark)


def _mappings(node: Mapping, field: str) -> list[Mapping]:
    found = node.entries.get(field)
    return [one for one in found.items if isinstance(one, Mapping)] if isinstance(found, Sequence) else []


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text.lower() == "true"
