"""Whatever the language allows: it is written, read and schema-checked alike, and builds objects."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from generator.core.parse_app import parse_app
from generator.model.component import Kind
from generator.model.platform import Routes, Target
from generator.schema.application import API_VERSION, SPEC
from generator.schema.json_schema import json_schema
from generator.sources import build
from generator.sources.given import Given
from generator.yamlio.problem import Problem
from generator.yamlio.write import write
from tests.unit.schema.generate import component, mapping

VALIDATOR = jsonschema.Draft202012Validator(json_schema("Application"))
TARGET = Target("default", "shop", routes=Routes(gateway="edge/public"))

# Rules over several fields, which a grammar cannot hold.
BEYOND_THE_GRAMMAR = (
    "is :latest",
    "neither a tag nor",
    "is missing (say when",
    "both replicas and autoscaling",
    "cannot be",
    "is not for a StatefulSet",
    "needs ports",
    "names the port",
    "has two of the",
    "more than max",
    "needs cpu or memory",
    "names '",
    "more than its limit",
    "no node could ever be drained",
)


def _check(spec: dict[str, Any]) -> bool:
    """Whether the definition could be built; what cannot be is told by rules beyond the grammar."""
    document = {"apiVersion": API_VERSION, "kind": "Application", "metadata": {"name": "web"}, "spec": spec}
    assert list(VALIDATOR.iter_errors(document)) == []
    parsed = parse_app(write(document).encode(), "apps/a.yaml")
    for problem in parsed.problems:
        assert any(words in str(problem) for words in BEYOND_THE_GRAMMAR), problem
    if parsed.app is None or not parsed.app.components:
        return False
    problems: list[Problem] = []
    objects = build(Given(parsed.app, "apps/a.yaml", {}, TARGET, problems))
    assert {item["metadata"]["namespace"] for item in objects} == {"shop"}
    for problem in problems:
        assert any(words in problem.message for words in ("needs a folder", "service account", "both make")), problem
    return True


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(mapping(SPEC))
def test_what_the_language_allows_is_read_alike_everywhere(spec: dict[str, Any]) -> None:
    _check(spec)


@pytest.mark.parametrize("kind", list(Kind))
def test_any_component_is_read_alike_and_built(kind: Kind) -> None:
    built = 0

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(component(kind))
    def check(one: dict[str, Any]) -> None:
        nonlocal built
        built += _check({"version": "1", "components": [one]})

    check()
    assert built >= 3, "rules beyond the grammar refuse some, not all"
