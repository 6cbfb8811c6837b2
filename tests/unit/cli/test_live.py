"""plan --live: what a push would change in a cluster, asked of its API server by dry runs."""

from __future__ import annotations

import copy
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import data_of, run
from tests.unit.fakes.api_server import ApiServer, _status
from tests.unit.fakes.stage import Stage, definition
from tests.unit.fakes.web import Answer, Request


class Rehearsing(ApiServer):
    """An API server that also takes dry runs, and counts what is written in earnest."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.written: list[str] = []

    def answer(self, request: Request) -> Answer:
        if request.method != "GET" and request.query.get("dryRun") != "All":
            self.written.append(f"{request.method} {request.path}")
        if request.query.get("dryRun") != "All":
            return super().answer(request)
        with self.lock:
            kept = copy.deepcopy((self.objects, self.owners))
            try:
                return super().answer(request)
            finally:
                self.objects, self.owners = kept


@pytest.fixture
def api_server(authority: Path) -> Iterator[Rehearsing]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authority / "ca.crt", authority / "key")
    with Rehearsing(tls) as server:
        yield server


@pytest.fixture
def words(stage: Stage, kubeconfig: str, place: Path) -> tuple[str, ...]:
    """The command, in a folder with a platform."""
    run("init")
    assert place
    return ("plan", "--live", "--repo", str(stage.upstream.folder), "--kubeconfig", kubeconfig)


def delivered(stage: Stage, files: dict[str, Any]) -> None:
    stage.push(files)
    for name in stage.deliver():
        assert stage.carry_out(name)


def states(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one["object"], one["state"]) for one in data_of(*words)["diffs"]]


def test_a_new_app_is_shown_as_it_is_sent(stage: Stage, words: tuple[str, ...]) -> None:
    stage.push({"apps/web.yaml": definition()})
    data = data_of(*words)
    assert [(one["action"], one["reason"]) for one in data["changes"]] == [("create", "not there yet")]
    assert [list(one) for one in data["diffs"]] == [["app", "target", "object", "state", "diff"]] * 2
    assert [(one["app"], one["target"], one["object"], one["state"]) for one in data["diffs"]] == [
        ("web", "default", "Service/web", "added"),
        ("web", "default", "Deployment/web", "added"),
    ]
    assert all(line[0] in "+@-" for one in data["diffs"] for line in one["diff"].splitlines())
    done = run(*words)
    assert done.exit_code == 0
    assert done.stdout.startswith("create    web on default: not there yet\n          added     Service/web\n")
    assert "            +  name: web\n" in done.stdout
    assert stage.api.names("Deployment") == []


def test_an_upgrade_is_shown_as_a_difference_without_noise(stage: Stage, words: tuple[str, ...]) -> None:
    delivered(stage, {"apps/web.yaml": definition()})
    assert run(*words).stdout == "none      web on default: delivered already\n"
    written = len(stage.api.written)  # type: ignore[attr-defined]
    stage.push({"apps/web.yaml": definition().replace("image: registry.example.com/web:1", "image: elsewhere/web:2")})
    data = data_of(*words)
    assert [(one["action"], one["reason"]) for one in data["changes"]] == [("upgrade", "its definition changed")]
    service, deployment = data["diffs"]
    assert (service["state"], service["diff"]) == ("unchanged", "")
    assert deployment["state"] == "changed"
    lines = deployment["diff"].splitlines()
    assert lines[:2] == ["--- Deployment/web (live)", "+++ Deployment/web (pushed)"]
    changed = [line for line in lines[2:] if line[0] in "+-"]
    assert [line.strip(" +-") for line in changed] == ["image: registry.example.com/web:1", "image: elsewhere/web:2"]
    assert not any(word in deployment["diff"] for word in ("uid", "resourceVersion", "status", "generation"))
    assert len(stage.api.written) == written, "nothing is written in earnest"  # type: ignore[attr-defined]


def test_what_left_the_definition_is_listed_as_removed(stage: Stage, words: tuple[str, ...]) -> None:
    files = "      files: [{path: /etc/a, text: one}]\n"
    delivered(stage, {"apps/web.yaml": definition(component=files)})
    (old,) = [name for name in stage.api.names("ConfigMap") if name.startswith("web-")]
    stage.push({"apps/web.yaml": definition()})
    assert states(words) == [
        ("Service/web", "unchanged"),
        ("Deployment/web", "changed"),
        (f"ConfigMap/{old}", "removed"),
    ]
    assert f"          removed   ConfigMap/{old}\n" in run(*words).stdout
    stage.api.take_away("ConfigMap", old)
    assert len(states(words)) == 2, "what is gone already is not told"


def test_a_deletion_lists_what_goes_and_nothing_that_stays(stage: Stage, words: tuple[str, ...]) -> None:
    delivered(stage, {"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    stage.push({"apps/web.yaml": definition(more="  deleted: true\n")})
    data = data_of(*words)
    assert [(one["app"], one["action"]) for one in data["changes"]] == [("b", "orphaned"), ("web", "delete")]
    assert [(one["object"], one["state"]) for one in data["diffs"]] == [
        ("Deployment/web", "removed"),
        ("Service/web", "removed"),
    ]


@pytest.mark.parametrize("manager", ["kubectl", "controller"])
def test_what_the_api_server_refuses_is_told_at_its_object(stage: Stage, words: tuple[str, ...], manager: str) -> None:
    stage.push({"apps/web.yaml": definition()})
    if manager == "kubectl":
        stage.api.refuse[("PATCH", "deployments")] = _status(422, "Invalid", "spec.selector:\nfield is immutable")
    else:
        stage.api.put(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "web", "namespace": "shop"},
                "spec": {"replicas": 7},
            },
            manager="somebody",
        )
    done = run(*words)
    assert done.exit_code == 1
    assert "          refused   Deployment/web\n            " in done.stdout
    told = "field is immutable" if manager == "kubectl" else 'conflict with "somebody": .spec.replicas'
    assert told in done.stdout
    assert ("Deployment/web", "refused") in states(words)


def test_an_object_of_another_app_is_refused(stage: Stage, words: tuple[str, ...]) -> None:
    delivered(stage, {"apps/web.yaml": definition()})
    other = definition().replace("name: web}", "name: other}", 1)
    stage.push({"apps/web.yaml": definition(), "apps/other.yaml": other})
    item = stage.api.find("Service", "web")
    stage.api.put({**item, "metadata": {**item["metadata"], "name": "other-web"}})
    (refused, _) = data_of(*words)["diffs"]
    assert refused["diff"] == "it belongs to the app web; give it another name"


def test_live_goes_with_a_platform_and_not_with_a_base(stage: Stage, words: tuple[str, ...], place: Path) -> None:
    stage.push({"apps/web.yaml": definition()})
    assert run(*words, "--from", "HEAD").exit_code == 2
    assert run(*words, "--runs", "-o", "yaml").exit_code == 0
    (place / "platform.yaml").unlink()
    assert run(*words).exit_code == 2


def test_no_control_character_of_the_cluster_reaches_the_terminal(stage: Stage, words: tuple[str, ...]) -> None:
    stage.push({"apps/web.yaml": definition()})
    stage.api.refuse[("PATCH", "services")] = _status(400, "BadRequest", "\x1b[2Jno")
    assert "\\x1b[2Jno" in run(*words).stdout
