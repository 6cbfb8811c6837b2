"""Components that together have every field of the language, with every alternative of it."""

from __future__ import annotations

import textwrap
from typing import Any

from generator.core.parse_app import parse_app
from generator.model.platform import Routes, Target
from generator.sources import build
from generator.sources.given import Given

HEAD = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: NAME}
spec:
  version: "1"
  components:
"""
COMPONENTS = """
- name: web
  kind: Deployment
  image: registry.example/web:1
  command: [/bin/serve]
  args: [--port, "8080"]
  env:
    - {name: LEVEL, value: info}
    - {name: PASSWORD, secret: {name: web, key: password}}
    - {name: REGION, configMap: {name: shared, key: region}}
  ports: [{name: http, port: 8080, service: 80}, {name: dns, port: 5353, protocol: UDP}]
  autoscaling: {min: 2, max: 10, cpu: 70, memory: 80}
  resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
  probes:
    startup: {http: {path: /start, port: http}, period: 2s, timeout: 3s, failures: 9}
    readiness: {tcp: http}
    liveness: {grpc: 9090}
  files: [{path: /etc/a.conf, text: colour = blue}, {path: /etc/b.conf, from: conf/b.conf}]
  volumes:
    - {name: tmp, path: /tmp, temporary: {size: 1Gi, memory: true}}
    - {name: media, path: /media, claim: shared-media, readOnly: true}
    - {name: settings, path: /settings, configMap: shared}
    - {name: tls, path: /tls, secret: web-tls}
  service: {type: LoadBalancer, sticky: true, annotations: {example.com/internal: "true"}}
  route: {hosts: [web.example.com, "*.example.org"], path: /api, port: http, ingressClass: nginx, tls: web-tls}
  update: {order: startFirst, atOnce: 50%}
  disruption: {minAvailable: 50%}
  spread: required
  serviceAccount: web
  runAsUser: 65532
  stopWithin: 2m
- name: api
  kind: Deployment
  image: registry.example/api@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  ports: [{name: http, port: 8080}]
  replicas: 3
  probes: {startup: none, readiness: {command: [/bin/ready]}}
  service: {type: NodePort}
  route: {hosts: [api.example.com], gateway: edge/public}
  update: {order: stopFirst, atOnce: 2}
  disruption: {maxUnavailable: 2}
- name: single
  kind: Deployment
  image: registry.example/single:1
  update: {order: stopFirst}
- name: db
  kind: StatefulSet
  image: registry.example/db:1
  ports: [{name: sql, port: 5432}]
  replicas: 2
  storage: [{name: data, path: /data, size: 20Gi, storageClass: fast}]
  update: {order: parallel}
  disruption: none
  spread: none
- name: agent
  kind: DaemonSet
  image: registry.example/agent:1
  ports: [{name: metrics, port: 9100}]
  probes: none
  update: {order: startFirst, atOnce: 10%}
- name: migrate
  kind: Job
  image: registry.example/web:1
  retries: 0
  deadline: 1h
- name: report
  kind: CronJob
  image: registry.example/report:1
  schedule: "30 3 * * *"
  timeZone: Europe/Berlin
  concurrency: Replace
  retries: 2
  deadline: 10m
"""
TARGET = Target("default", "shop", routes=Routes(gateway="edge/public"), service_accounts=("web",))
PATH = "apps/shop/app.yaml"
FILES = {"apps/shop/conf/b.conf": b"colour = green"}


def document(components: str, name: str = "shop") -> bytes:
    """The definition of an app with these components."""
    return (HEAD.replace("NAME", name) + textwrap.indent(components.strip("\n"), "    ")).encode()


def objects(components: str, target: Target = TARGET, name: str = "shop") -> tuple[list[dict[str, Any]], list[str]]:
    """The objects and the problems of an app with these components."""
    parsed = parse_app(document(components, name), PATH)
    found: list[Any] = list(parsed.problems)
    made: list[dict[str, Any]] = []
    if parsed.app and parsed.document:
        made = build(Given(parsed.app, PATH, FILES, target, found, parsed.document))
    return made, [str(problem) for problem in found]
