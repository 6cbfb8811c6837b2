"""What people see on the command line, under each of its three names."""

from __future__ import annotations

import json

import pytest

from hack.stage import Checkout, Stage, run, wait
from tests.e2e.definitions import web


@pytest.fixture(scope="module")
def shown(stage: Stage) -> str:
    """An app that has been delivered; gives the commit."""
    repo = stage.checkout
    assert isinstance(repo, Checkout)
    repo.update()
    repo.write("apps/shown.yaml", web("shown"))
    commit = repo.push("shown")
    stage.status(commit, "pushboat/shown")
    return commit


@pytest.mark.parametrize("command", [("pushboat",), ("tkn", "pushboat"), ("kubectl", "pushboat")])
def test_status_lists_the_apps(stage: Stage, shown: str, command: tuple[str, ...]) -> None:
    text = run(*command, "status", "-n", stage.namespace)
    header, *rows = text.splitlines()
    assert header.split()[:6] == ["APP", "TARGET", "STATE", "VERSION", "COMMIT", "RUN"]
    (row,) = [line.split() for line in rows if line.startswith("shown ")]
    assert row[:5] == ["shown", "default", "healthy", "1.0.0", shown[:7]]
    assert row[5].startswith(f"shown-create-{shown[:7]}")


def test_status_of_one_app_as_json(stage: Stage, shown: str) -> None:
    (app,) = json.loads(run("pushboat", "status", "shown", "-n", stage.namespace, "-o", "json"))["apps"]
    assert (app["app"], app["state"], app["commit"]) == ("shown", "healthy", shown[:7])


@pytest.mark.parametrize("command", [("pushboat",), ("tkn", "pushboat"), ("kubectl", "pushboat")])
def test_logs_follow_the_apps_run(stage: Stage, shown: str, command: tuple[str, ...]) -> None:
    text = run(*command, "logs", "shown", "-n", stage.namespace)
    assert "[roll-out roll-out] applied Deployment/shown-web" in text
    assert "1.0.0 is healthy on default" in text
    assert shown


def test_an_unknown_app_is_a_clear_error(stage: Stage) -> None:
    with pytest.raises(RuntimeError, match=f"error: there is no app 'nope' in namespace {stage.namespace}"):
        run("pushboat", "status", "nope", "-n", stage.namespace)


def test_logs_follow_a_run_while_it_goes_on(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/live.yaml", web("live"))
    commit = repo.push("live")
    wait("the run to be there", lambda: stage.app_runs(commit))
    text = run("pushboat", "logs", "live", "-n", stage.namespace)
    assert "[roll-out roll-out] applied Deployment/live-web" in text
    assert "1.0.0 is healthy on default" in text
