"""Reach a Service from this machine: by its address where that is routed, else through kubectl port-forward."""

from __future__ import annotations

import atexit
import socket
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hack.stage import Cluster


def reach(cluster: Cluster, namespace: str, service: str, port: int) -> str:
    """The URL of a port of a Service."""
    found = cluster.get("service", service, namespace)
    if found is None:
        raise RuntimeError(f"there is no Service {service} in namespace {namespace}")
    address = found["spec"]["clusterIP"]
    return f"http://{address}:{port}" if _routed(address, port) else _forward(namespace, service, port)


def _routed(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=2).close()
    except ConnectionRefusedError:
        return True  # nobody listens yet, but the way is there
    except OSError:
        return False
    return True


def _forward(namespace: str, service: str, port: int) -> str:
    process = subprocess.Popen(
        ["kubectl", "-n", namespace, "port-forward", f"service/{service}", f":{port}"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    atexit.register(process.terminate)
    line = process.stdout.readline() if process.stdout else ""  # Forwarding from 127.0.0.1:40123 -> 8080
    if " -> " not in line:
        raise RuntimeError(f"kubectl port-forward to {service} in namespace {namespace} did not start")
    return f"http://{line.partition(' -> ')[0].rpartition(' ')[2]}"
