"""render: the manifests of one app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.disk import versions_at
from generator.core.define import define
from generator.core.stand_in import define_anywhere, stand_in
from generator.model.change import Definition, Version
from generator.model.platform import Platform, Repository
from tests.unit.cli.running import run, write
from tests.unit.fakes.git_host import Upstream
from tests.unit.fakes.stage import definition


def objects(*words: str) -> list[Any]:
    done = run("render", *words)
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return list(yaml.safe_load_all(done.stdout))


def test_the_files_as_they_are_now_by_name_or_by_path(place: Path) -> None:
    run("init")
    write(
        place, {"apps/web.yaml": definition(), "apps/more/b.yaml": definition("b", component="      env: {x: web}\n")}
    )
    found = objects("web")
    assert [one["kind"] for one in found] == ["Service", "Deployment"]
    assert {one["metadata"]["namespace"] for one in found} == {"shop"}
    assert objects("apps/web.yaml") == found
    assert objects("web", "--repo", str(place)) == found
    write(place, {"apps/web.yaml": definition(version="2")})
    assert objects("web")[1]["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":2")


def test_a_commit_instead_of_the_files(repository: Upstream) -> None:
    first = repository.commit({"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    repository.commit({"apps/web.yaml": definition(version="2")})
    for words in (("web", "--to", "HEAD~1"), ("apps/web.yaml", "--to", first)):
        found = objects(*words, "--repo", "repository")
        assert found[1]["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":1")
    assert run("render", "apps/b.yaml", "--repo", "repository", "--to", "HEAD").exit_code == 1


def test_without_a_platform_the_namespace_is_left_to_kubectl(place: Path) -> None:
    write(place, {"web.yaml": definition(more="  targets: [prod]\n")})
    assert all("namespace" not in one["metadata"] for one in objects("web"))
    assert objects("web.yaml", "--target", "prod") == objects("web")


def test_one_target_of_several(place: Path) -> None:
    run("init")
    platform = (place / "platform.yaml").read_text()
    write(place, {"platform.yaml": platform + "    - {name: staging, namespace: far}\n"})
    write(place, {"apps/web.yaml": definition(more="  targets: [default, staging]\n")})
    assert {one["metadata"]["namespace"] for one in objects("web")} == {"shop"}
    assert {one["metadata"]["namespace"] for one in objects("web", "--target", "staging")} == {"far"}
    done = run("render", "web", "--target", "moon")
    assert str(done.exception) == "web is not for target moon; it can be default, staging"


def test_problems_go_to_standard_error(place: Path) -> None:
    write(place, {"apps/web.yaml": definition().replace("image", "imge"), "apps/b.yaml": "a: [ # web\n"})
    done = run("render", "web")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "apps/web.yaml:9:7: error: spec.components[0].image is missing" in done.stderr
    (place / "apps/web.yaml").unlink()
    done = run("render", "web")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "apps/b.yaml:" in done.stderr


@pytest.mark.parametrize(
    ("app", "told"),
    [
        ("none", "there is no app 'none'"),
        ("./apps", "./apps is 3 definitions: apps/a.yaml, apps/b.yaml, apps/gone.yaml; name one by its path"),
        ("web", "web is 2 definitions: apps/a.yaml, apps/b.yaml; name one by its path"),
        ("gone", "gone is marked deleted: nothing of it is applied"),
    ],
)
def test_what_cannot_be_rendered_is_told(place: Path, app: str, told: str) -> None:
    gone = definition("gone", more="  deleted: true\n")
    write(place, {"apps/a.yaml": definition(), "apps/b.yaml": definition(), "apps/gone.yaml": gone})
    done = run("render", app)
    assert (done.exit_code, done.stdout, str(done.exception)) == (1, "", told)


@pytest.mark.parametrize("path", ["apps/none.yaml", "./nope.yaml"])
@pytest.mark.usefixtures("place")
def test_a_path_that_is_not_there_is_wrong_usage(path: str) -> None:
    done = run("render", path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"there is no {path.removeprefix('./')}" in done.stderr


def test_an_app_yaml_in_the_folder_of_definitions_is_one_of_them(place: Path) -> None:
    write(place, {"apps/app.yaml": definition(), "apps/other.yaml": definition("other")})
    assert objects("apps/other.yaml")[0]["metadata"]["name"] == objects("other")[0]["metadata"]["name"] == "other"
    assert objects("apps/app.yaml") == objects("web")


def test_a_definition_is_suited_with_its_own_targets_only(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place, {f"apps/a{n}.yaml": definition(f"a{n}", more=f"  targets: [t{n}]\n") for n in range(3)})
    write(place, {"apps/a3.yaml": definition("a3")})
    seen: list[list[str]] = []

    def remember(version: Version, platform: Platform, repository: Repository, *rest: Any, **more: Any) -> Definition:
        seen.append([one.name for one in platform.targets])
        return define(version, platform, repository, *rest, **more)

    versions = versions_at("apps")
    platform = stand_in(versions, "apps")
    monkeypatch.setattr("generator.core.stand_in.define", remember)
    for one in versions:
        assert define_anywhere(one, platform, platform.repositories[0]).objects
    assert [one for one in seen if one] == [["t0"], ["t1"], ["t2"], ["default"]]
