"""The probes of a component's container: those it asks for, else those its first TCP port suggests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator.model.component import NO_PROBE, Component, Probe

Object = dict[str, Any]

_START_SECONDS = 300


def probes(component: Component) -> Object:
    """By the container's field names; empty where there is nothing to ask."""
    readiness = component.probes.readiness or _derived(component)
    startup = component.probes.startup or _while_starting(readiness)
    wanted = {"startupProbe": startup, "readinessProbe": readiness, "livenessProbe": component.probes.liveness}
    return {name: _probe(one, component) for name, one in wanted.items() if one and one != NO_PROBE}


def _derived(component: Component) -> Probe:
    first = next((port.name for port in component.ports if port.protocol == "TCP"), "")
    return Probe(tcp=first) if first else NO_PROBE


def _while_starting(readiness: Probe) -> Probe:
    """The same question, asked each second and patiently: a fast start is seen at once, a slow one is not ended."""
    if readiness == NO_PROBE:
        return NO_PROBE
    period = readiness.period if readiness.command else 1  # a command costs a process each time
    return replace(readiness, period=period, failures=-(-_START_SECONDS // period))


def _probe(one: Probe, component: Component) -> Object:
    times = {"periodSeconds": one.period, "timeoutSeconds": one.timeout, "failureThreshold": one.failures}
    return {**_question(one, component), **times}


def _question(one: Probe, component: Component) -> Object:
    if one.http:
        port = one.http.port or next(port.name for port in component.ports if port.protocol == "TCP")
        return {"httpGet": {"path": one.http.path, "port": port}}
    if one.tcp:
        return {"tcpSocket": {"port": one.tcp}}
    return {"grpc": {"port": one.grpc}} if one.grpc else {"exec": {"command": list(one.command)}}
