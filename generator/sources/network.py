"""How a component is reached: its Services, and its route from outside the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.component import Component, Kind, Port, Route

if TYPE_CHECKING:
    from generator.sources.given import Given, Step

Object = dict[str, Any]


def services(component: Component, name: str, selector: dict[str, str]) -> list[Object]:
    """A Service for the ports, and for a StatefulSet the stable names of its pods, ready or not."""
    ports = [_port(port) for port in component.ports]
    offered: Object = {"selector": selector, "ports": ports} if ports else {"selector": selector}
    found = [_service(name, {**offered, **_settings(component)})] if ports else []
    if component.kind is Kind.STATEFUL_SET:
        found.append(_service(f"{name}-peers", {"clusterIP": "None", "publishNotReadyAddresses": True, **offered}))
    if found and component.service.annotations:
        found[0]["metadata"]["annotations"] = component.service.annotations
    return found


def _service(name: str, spec: Object) -> Object:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def _port(port: Port) -> Object:
    found: Object = {"name": port.name, "port": port.service or port.port, "targetPort": port.name}
    return found if port.protocol == "TCP" else {**found, "protocol": port.protocol}


def _settings(component: Component) -> Object:
    settings: Object = {} if component.service.type == "ClusterIP" else {"type": component.service.type}
    return settings | ({"sessionAffinity": "ClientIP"} if component.service.sticky else {})


def route(given: Given, component: Component, name: str, way: tuple[Step, ...]) -> Object | None:
    """An HTTPRoute or an Ingress, as the definition says, else as the target's routes are made."""
    wanted, routes = component.route, given.target.routes
    ports = [port for port in component.ports if port.protocol == "TCP"]
    if wanted is None or not ports:
        return None
    named = next((port for port in ports if port.name == wanted.port), ports[0])
    backend = named.service or named.port
    if wanted.gateway or (routes.gateway and not wanted.ingress_class):
        return _http_route(wanted, wanted.gateway or routes.gateway, name, backend)
    if wanted.ingress_class or routes.ingress_class:
        return _ingress(wanted, wanted.ingress_class or routes.ingress_class, name, backend)
    message = f"target {given.target.name} does not say how routes are made"
    given.report(
        (*way, "route"), message, "name a gateway or an ingressClass here, or under the platform's targets[].routes"
    )
    return None


def _http_route(wanted: Route, gateway: str, name: str, backend: int) -> Object:
    namespace, _, gateway_name = gateway.partition("/")
    spec = {
        "parentRefs": [{"namespace": namespace, "name": gateway_name}],
        "hostnames": list(wanted.hosts),
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": wanted.path}}],
                "backendRefs": [{"name": name, "port": backend}],
            }
        ],
    }
    head = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute"}
    return {**head, "metadata": {"name": name}, "spec": spec}


def _ingress(wanted: Route, ingress_class: str, name: str, backend: int) -> Object:
    service = {"service": {"name": name, "port": {"number": backend}}}
    paths = {"paths": [{"path": wanted.path, "pathType": "Prefix", "backend": service}]}
    spec: Object = {
        "ingressClassName": ingress_class,
        "rules": [{"host": host, "http": paths} for host in wanted.hosts],
    }
    if wanted.tls:
        spec["tls"] = [{"hosts": list(wanted.hosts), "secretName": wanted.tls}]
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name}, "spec": spec}
