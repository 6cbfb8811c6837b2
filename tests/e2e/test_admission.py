"""What is rendered for any definition that the language allows is taken by Tekton's admission and by the API server."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from generator.core.parse_app import parse_app
from generator.core.render import render
from generator.model.change import Action, Change, Push
from generator.model.component import Kind
from generator.model.platform import Platform, Repository, Routes, Target
from generator.schema.application import API_VERSION
from generator.sources import build
from generator.sources.given import Given
from generator.yamlio.write import write
from hack.stage import Stage
from tests.unit.schema.generate import component

PUSH = Push("shop", "a" * 40, "b" * 40, 7, "")


def _platform(stage: Stage) -> Platform:
    target = Target("default", stage.target, routes=Routes(gateway="edge/public"))
    repository = Repository("shop", "https://git.example.com/team/shop", "gitea", "a", "b", "b", "b")
    return Platform(stage.namespace, "step:1", (repository,), (target,))


def _rendered(spec: dict[str, Any], name: str, platform: Platform) -> list[dict[str, Any]]:
    document = {"apiVersion": API_VERSION, "kind": "Application", "metadata": {"name": name}, "spec": spec}
    app = parse_app(write(document).encode(), "apps/a.yaml").app
    problems: list[Any] = []
    objects = build(Given(app, "apps/a.yaml", {}, platform.targets[0], problems)) if app else []
    if not app or problems:
        return []
    change = Change(name, "apps/a.yaml", Action.CREATE, "not there yet", "default", app.version, objects=objects)
    return [render(change, PUSH, platform).run, *objects]


@pytest.mark.parametrize("kind", list(Kind))
def test_any_component_is_admitted(stage: Stage, kind: Kind) -> None:
    found: list[dict[str, Any]] = []
    platform = _platform(stage)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(component(kind))
    def collect(one: dict[str, Any]) -> None:
        found.extend(_rendered({"version": "1", "components": [one]}, f"any-{len(found)}", platform))

    collect()
    served = [item for item in found if item["kind"] != "HTTPRoute"]  # its CRD is not on every cluster
    assert sum(item["kind"] == "PipelineRun" for item in served) >= 3
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": served})
    words = ["kubectl", "create", "--dry-run=server", "--validate=strict", "-f", "-", "-o", "name"]
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    assert len(done.stdout.splitlines()) == len(served)
