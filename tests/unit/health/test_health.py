"""Each fixture is a live object; the last word of its name is the state it must be told to be in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.health import RULES, health_of
from generator.model.health import HealthState

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.yaml"))


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "fixtures" / f"{name}.yaml").read_text())
    return found


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_state(file: Path) -> None:
    verdict = health_of(yaml.safe_load(file.read_text()))
    assert verdict.state.value == file.stem.rpartition("-")[2]
    assert bool(verdict.message) is (verdict.state is not HealthState.HEALTHY)


@pytest.mark.parametrize("kind", sorted(kind for _, kind in RULES))
def test_every_rule_has_a_healthy_and_another_fixture(kind: str) -> None:
    states = {file.stem.rpartition("-")[2] for file in FIXTURES if file.stem.startswith(f"{kind.lower()}-")}
    assert "healthy" in states
    assert len(states) > 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("deployment-progressing", "1 of 3 replicas updated"),
        ("deployment-old-replicas-left-progressing", "old replicas still to go: 1"),
        ("deployment-unavailable-progressing", "2 of 3 replicas available"),
        ("deployment-unseen-generation-progressing", "waiting for its controller to see the change"),
        ("deployment-failed", "no progress within its deadline: ReplicaSet has timed out progressing."),
        ("statefulset-partition-progressing", "0 of 1 replicas updated"),
        ("daemonset-progressing", "3 of 4 nodes updated"),
        ("job-failed", "the Job failed: Job has reached the specified backoff limit"),
        ("job-progressing", "0 of 1 completions"),
        ("pod-crash-loop-failing", "container web: CrashLoopBackOff (exit code 1)"),
        ("pod-image-pull-failing", "container web: ImagePullBackOff: Back-off pulling image web:9"),
        ("pod-exited-failing", "container web: OOMKilled (exit code 137)"),
        ("pod-unschedulable-progressing", "Unschedulable: 0/3 nodes are available: insufficient cpu"),
        ("pod-evicted-failing", "Evicted: The node was low on resource: memory."),
        ("widget-progressing", "painting"),
    ],
)
def test_the_message_says_what_is_waited_for(name: str, message: str) -> None:
    assert health_of(read(name)).message == message
