"""plan: what a push would do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from generator.cli.planned import Planned, as_text
from generator.core.live import Difference, State
from generator.model.change import Action, Change
from tests.unit.cli.running import data_of, run, write
from tests.unit.fakes.git_host import Upstream
from tests.unit.fakes.stage import definition

PLAN = ("plan", "--repo", "repository")
FOLDER = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: plain}
spec: {version: "1", manifests: [k8s]}
"""
WIDGET = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: tools}
"""


def test_plan_shows_what_a_push_would_do(repository: Upstream) -> None:
    base = repository.commit({"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    repository.commit(
        {"apps/web.yaml": definition(version="2"), "apps/b.yaml": definition("b", more="  deleted: true\n")}
    )
    done = run(*PLAN, "--from", base)
    assert done.exit_code == 0
    assert done.stdout == "delete    b on default: marked deleted\nupgrade   web on default: version 1 to 2\n"
    assert run(*PLAN).stdout.count("create") == 1
    assert run(*PLAN, "--from", "HEAD").stdout == "no definition changed\n"


def test_the_json_is_what_the_page_promises(repository: Upstream) -> None:
    repository.commit({"apps/web.yaml": definition(), "apps/bad.yaml": "kind: Application\n"})
    done = run(*PLAN, "-o", "json")
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    assert list(data) == ["changes", "problems"]
    assert [list(one) for one in data["changes"]] == [["app", "path", "action", "reason", "version", "targets"]] * 2
    assert data["changes"][1] == {
        "app": "web",
        "path": "apps/web.yaml",
        "action": "create",
        "reason": "not there yet",
        "version": "1",
        "targets": ["default"],
    }
    assert data["changes"][0]["action"] == "invalid"
    assert data["changes"][0]["targets"] == []
    assert {tuple(one) for one in data["problems"]} == {("path", "line", "column", "message", "hint")}
    assert {one["path"] for one in data["problems"]} == {"apps/bad.yaml"}
    assert yaml.safe_load(run(*PLAN, "-o", "yaml").stdout) == data


def test_targets_that_fare_alike_share_an_entry(repository: Upstream, place: Path) -> None:
    platform = (place / "platform.yaml").read_text()
    write(place, {"platform.yaml": platform + "    - {name: staging, namespace: staging}\n"})
    both = definition(more="  targets: [default, staging]\n")
    base = repository.commit({"apps/web.yaml": definition()})
    repository.commit({"apps/web.yaml": both})
    assert run(*PLAN).stdout == "create    web on default, staging: not there yet\n"
    (entry,) = data_of(*PLAN)["changes"]
    assert entry["targets"] == ["default", "staging"]
    entries = data_of(*PLAN, "--from", base)["changes"]
    assert [(one["action"], one["targets"]) for one in entries] == [("upgrade", ["default"]), ("create", ["staging"])]
    runs = data_of(*PLAN, "--runs")["runs"]
    assert [one["target"] for one in runs] == ["default", "staging"]
    assert {one["manifests"][-1]["metadata"]["namespace"] for one in runs} == {"shop", "staging"}


def test_plan_shows_the_runs(repository: Upstream) -> None:
    base = repository.commit({"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    text = run(*PLAN, "--runs").stdout
    kinds = [one["kind"] for one in yaml.safe_load_all(text.partition("---\n")[2])]
    assert kinds == ["PipelineRun", "Service", "Deployment"] * 2
    data = data_of(*PLAN, "--runs")
    assert [list(one) for one in data["runs"]] == [["app", "target", "run", "manifests"]] * 2
    assert [one["run"]["kind"] for one in data["runs"]] == ["PipelineRun"] * 2
    assert [item["kind"] for item in data["runs"][0]["manifests"]] == kinds[1:3]
    assert yaml.safe_load(run(*PLAN, "--runs", "-o", "yaml").stdout) == data
    repository.commit({"apps/web.yaml": definition(), "apps/b.yaml": definition("b", more="  deleted: true\n")})
    (deletion,) = data_of(*PLAN, "--runs", "--from", base)["runs"]
    assert deletion["manifests"] == []


def test_plan_ends_with_1_for_a_bad_definition(repository: Upstream) -> None:
    repository.commit({"apps/web.yaml": definition().replace("image", "imge")})
    done = run(*PLAN)
    assert done.exit_code == 1
    assert "invalid   web\n" in done.stdout
    assert "error: spec.components[0].image is missing" in done.stdout


@pytest.mark.parametrize("words", [("--to", "nowhere"), ("--from", "--help"), ("--repository", "other")])
def test_plan_refuses_what_is_not_there(repository: Upstream, words: tuple[str, str]) -> None:
    repository.commit({"apps/web.yaml": definition()})
    done = run(*PLAN, *words)
    assert done.exit_code == 1
    assert "has no" in str(done.exception)


@pytest.mark.parametrize("words", [("--platform", "no.yaml"), ("--repo", "none"), ("--context", "c"), ("-o", "xml")])
def test_wrong_usage_ends_with_2(repository: Upstream, words: tuple[str, str]) -> None:
    repository.commit({"apps/web.yaml": definition()})
    assert run("plan", *words).exit_code == 2


@pytest.mark.parametrize("root", ["apps/", ""])
def test_without_a_platform_plan_works_in_any_checkout(place: Path, root: str) -> None:
    repository = Upstream(place / "repository")
    base = repository.commit({f"{root}web.yaml": definition()})
    named = definition("b", more="  targets: [prod, eu]\n")
    repository.commit({f"{root}web.yaml": definition(version="2"), f"{root}b.yaml": named})
    data = data_of(*PLAN)
    assert data["problems"] == []
    assert [(one["app"], one["targets"]) for one in data["changes"]] == [("b", ["eu", "prod"]), ("web", ["default"])]
    assert [one["action"] for one in data_of(*PLAN, "--from", base)["changes"]] == ["create", "upgrade"]


def test_without_a_platform_its_namespaces_and_kinds_are_taken_as_they_are(repository: Upstream, place: Path) -> None:
    repository.commit({"apps/plain/app.yaml": FOLDER, "apps/plain/k8s/a.yaml": WIDGET})
    done = run(*PLAN)
    assert done.exit_code == 1
    assert "namespace 'tools' is not that of target default" in done.stdout
    (place / "platform.yaml").unlink()
    (found,) = data_of(*PLAN, "--runs")["runs"]
    assert [(one["kind"], one["metadata"]["namespace"]) for one in found["manifests"]] == [("Widget", "tools")]
    assert "--repository names one of a platform's" in run(*PLAN, "--repository", "shop").stderr


def test_a_platform_with_problems_is_told_as_data_too(repository: Upstream, place: Path) -> None:
    repository.commit({"apps/web.yaml": definition()})
    write(place, {"platform.yaml": "kind: Platform\nspec: {}\n"})
    done = run(*PLAN, "-o", "json")
    data = json.loads(done.stdout)
    assert done.exit_code == 1
    assert list(data) == ["changes", "problems"]
    assert data["changes"] == []
    assert {one["path"] for one in data["problems"]} == {"platform.yaml"}
    assert yaml.safe_load(run(*PLAN, "-o", "yaml").stdout) == data
    assert run(*PLAN).stdout == ""


def test_each_change_is_shown_with_its_own_differences() -> None:
    changes = [Change("a", "a.yaml", Action.UPGRADE, "edited", one) for one in ("x", "y")]
    changes.append(Change("b", "b.yaml", Action.UPGRADE, "edited", "x"))
    found = [("b", "x", "Service/b"), ("a", "y", "Service/a"), ("a", "x", "Service/a"), ("a", "x", "ConfigMap/a")]
    differences = [Difference(*place, State.UNCHANGED, "") for place in found]
    lines = [line.split() for line in as_text(Planned(changes, None, differences)).splitlines()]
    assert [" ".join(line) for line in lines] == [
        "upgrade a on x, y: edited",
        "unchanged Service/a on x",
        "unchanged ConfigMap/a on x",
        "unchanged Service/a on y",
        "upgrade b on x: edited",
        "unchanged Service/b",
    ]
