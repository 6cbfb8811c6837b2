"""lint: definitions and platforms on disk, without Git and without a cluster."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from generator.yamlio.read import MAX_BYTES
from tests.unit.cli.running import run, write
from tests.unit.fakes.stage import definition
from tests.unit.tools.programs import FOLDER, needed

BAD = definition().replace("image", "imge")
FOLDER_APP = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: plain}
spec: {version: "1", manifests: [k8s]}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {colour: blue}\n"


def problems(*words: str) -> list[tuple[str, str]]:
    done = run("lint", *words, "-o", "json")
    data = json.loads(done.stdout)
    assert list(data) == ["problems"]
    assert done.exit_code == (1 if data["problems"] else 0)
    assert all(list(one) == ["path", "line", "column", "message", "hint"] for one in data["problems"])
    return [(one["path"], one["message"]) for one in data["problems"]]


def test_what_init_writes_is_clean_and_the_bundle_beside_it_is_passed_over(place: Path) -> None:
    run("init")
    run("generate")
    done = run("lint")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "1 platform, 1 definition, 0 problems\n")
    assert run("lint", "apps", "--platform", "platform.yaml").stderr == "1 definition, 0 problems\n"
    assert (place / "bundle.yaml").exists()


def test_all_problems_of_all_files_are_told_sorted(place: Path) -> None:
    write(place, {"a/web.yaml": BAD, "a/b/platform.yaml": "kind: Platform\n", "a/x.yml": "a: [\n"})
    done = run("lint", "a")
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    assert [line.partition(":")[0] for line in lines] == sorted(line.partition(":")[0] for line in lines)
    assert {line.partition(":")[0] for line in lines} == {"a/web.yaml", "a/b/platform.yaml", "a/x.yml"}
    assert "a/web.yaml:9:7: error: spec.components[0].image is missing" in done.stdout
    assert done.stderr == f"1 platform, 2 definitions, {len(lines)} problems\n"


def test_a_path_may_be_a_file_a_definitions_folder_or_a_part_of_one(place: Path) -> None:
    write(place, {"apps/plain/app.yaml": FOLDER_APP, "apps/plain/k8s/one.yaml": CONFIG.replace("one", "o_ne: [")})
    found = problems("apps/plain")
    assert [path for path, _ in found] == ["apps/plain/k8s/one.yaml"]
    for path in ("apps", "apps/plain/app.yaml", "apps/plain/k8s/one.yaml", "./apps/plain/"):
        assert problems(path) == found
    assert problems("apps", "apps/plain", "apps/plain/k8s/one.yaml") == found
    write(place, {"apps/plain/k8s/one.yaml": CONFIG})
    assert problems(str(place / "apps")) == []


def test_two_definitions_of_one_app_are_told_wherever_they_stand(place: Path) -> None:
    write(place, {"a/web.yaml": definition(), "b/other.yaml": definition()})
    assert problems("a", "b") == [
        ("a/web.yaml", "web is also defined in b/other.yaml"),
        ("b/other.yaml", "web is also defined in a/web.yaml"),
    ]
    assert problems("a") == []
    assert problems(".", "a/web.yaml", str(place / "a")) == problems("a", "b")


def test_without_a_platform_only_what_is_wrong_on_all_of_them_is_told(place: Path) -> None:
    run("init")
    widget = CONFIG.replace("v1\nkind: ConfigMap", "example.com/v1\nkind: Widget").replace("one", "one, namespace: far")
    named = definition(more="  targets: [far]\n")
    write(place, {"apps/plain/app.yaml": FOLDER_APP, "apps/plain/k8s/one.yaml": widget, "apps/web.yaml": named})
    assert problems("apps") == []
    write(
        place, {"apps/plain/k8s/two.json": '{"apiVersion": "other.example/v1", "kind": "W", "metadata": {"name": "b"}}'}
    )
    assert problems("apps") == [], "JSON is read like YAML"
    (place / "apps/plain/k8s/two.json").unlink()
    told = [message for _, message in problems("apps", "--platform", "platform.yaml")]
    assert told == [
        "namespace 'far' is not that of target default",
        "repository shop may not deliver to 'far'",
    ]
    write(place, {"apps/plain/k8s/one.yaml": CONFIG.replace("ConfigMap", "Secret")})
    assert problems("apps") == [("apps/plain/k8s/one.yaml", "a Secret does not belong in Git")]


@needed
def test_what_kustomize_makes_is_taken_as_a_platform_might(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{FOLDER}:{os.environ['PATH']}")
    run("init")
    widget = CONFIG.replace("v1\nkind: ConfigMap", "example.com/v1\nkind: Widget")
    write(place, {"apps/plain/app.yaml": FOLDER_APP.replace("manifests: [k8s]", "kustomize: {folder: k8s}")})
    write(place, {"apps/plain/k8s/kustomization.yaml": "namespace: far\nresources: [one.yaml]\n"})
    write(place, {"apps/plain/k8s/one.yaml": widget})
    assert problems("apps") == []
    told = [message for _, message in problems("apps", "--platform", "platform.yaml")]
    assert len(told) == 1
    assert "'far' is not that of target default" in told[0]


def test_service_accounts_and_routes_are_left_to_a_platform(place: Path) -> None:
    run("init")
    text = definition(component="      serviceAccount: robot\n      route: {hosts: [web.example.com]}\n")
    write(place, {"apps/web.yaml": text})
    assert problems("apps") == []
    assert len(problems("apps", "--platform", "platform.yaml")) == 2


def test_apps_that_need_each_other_in_a_circle_are_told(place: Path) -> None:
    write(place, {"a.yaml": definition("a", more="  dependsOn: [b]\n")})
    assert problems(".") == []
    write(place, {"b.yaml": definition("b", more="  dependsOn: [a]\n")})
    assert [path for path, _ in problems(".")] == ["a.yaml", "b.yaml"]


def test_another_repository_of_the_platform(place: Path) -> None:
    run("init")
    text = (place / "platform.yaml").read_text()
    two = "    - {name: two, forge: gitea, url: https://git.example.com/t/two, targets: [far]}\n"
    text = text.replace("  targets:\n    #", f"{two}  targets:\n    - {{name: far, namespace: far}}\n    #")
    write(place, {"platform.yaml": text, "apps/web.yaml": definition(more="  targets: [default]\n")})
    words = ("apps/web.yaml", "--platform", "platform.yaml")
    assert problems(*words) == []
    assert problems(*words, "--repository", "two") == [("apps/web.yaml", "repository two may not deliver to 'default'")]
    done = run("lint", *words, "--repository", "three")
    assert (done.exit_code, str(done.exception)) == (1, "the platform has no repository 'three'")


def test_a_platform_with_problems_is_told_like_any_file(place: Path) -> None:
    write(place, {"p.yaml": "kind: Platform\n", "apps/web.yaml": BAD})
    paths = {path for path, _ in problems("apps", "--platform", "p.yaml", "--repository", "shop")}
    assert paths == {"p.yaml", "apps/web.yaml"}
    assert len(problems(".", "--platform", "p.yaml")) == len(problems("."))


def test_links_pipes_and_large_files_are_refused_by_name_and_never_read(place: Path) -> None:
    write(place, {"apps/web.yaml": definition(), "secret": "top"})
    (place / "apps/link.yaml").symlink_to(place / "secret")
    (place / "apps/folder.yaml").symlink_to(place)
    os.mkfifo(place / "apps/pipe.yaml")
    with (place / "apps/large.yaml").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    found = dict(problems("apps"))
    assert sorted(found) == ["apps/folder.yaml", "apps/large.yaml", "apps/link.yaml", "apps/pipe.yaml"]
    assert "a symbolic link" in found["apps/link.yaml"]
    assert f"the file has {MAX_BYTES + 1} bytes" in found["apps/large.yaml"]
    assert problems("apps/link.yaml") == [("apps/link.yaml", found["apps/link.yaml"])]
    assert [path for path, _ in problems("apps/pipe.yaml")] == ["apps/pipe.yaml"]


def test_dot_folders_are_left_out_but_for_those_of_a_definition(place: Path) -> None:
    write(place, {".github/x.yaml": BAD, "apps/.old/web.yaml": BAD, "apps/plain/app.yaml": FOLDER_APP})
    write(place, {"apps/plain/.git/x.yaml": BAD, "vendor/.git/HEAD": "", "vendor/x.yaml": BAD})
    assert "plain/k8s" not in str(problems())  # a nested repository is a submodule, which no definition reads
    (place / "apps/plain/.git/x.yaml").unlink()
    (place / "apps/plain/.git").rmdir()
    write(place, {"apps/plain/app.yaml": FOLDER_APP.replace("[k8s]", "[.k8s]"), "apps/plain/.k8s/one.yaml": CONFIG})
    assert problems() == []


def test_annotations_escape_what_github_would_read(place: Path) -> None:
    write(place, {"a,b/x:y%.yaml": "a%0A: [\n"})
    done = run("lint", "-o", "github")
    (line, *_) = done.stdout.splitlines()
    assert done.exit_code == 1
    assert line.startswith("::error file=a%2Cb/x%3Ay%25.yaml,line=1,col=1,title=pushboat lint::the path holds ")
    write(place, {"a,b/x:y%.yaml": "", "web.yaml": BAD.replace("imge:", '"100%\\n::stop":')})
    lines = run("lint", "web.yaml", "-o", "github").stdout.splitlines()
    assert all(one.startswith("::error file=web.yaml,line=") for one in lines)
    assert any("100%25\\n::stop" in one for one in lines)


def test_no_control_character_of_a_name_or_a_file_reaches_the_terminal(place: Path) -> None:
    write(place, {"a\x1b[31m\nb.yaml": "x\n", "c.yaml": 'apiVersion: "\\u001b[2J\\u202e"\nkind: Application\n'})
    (place / os.fsdecode(b"\xff.yaml")).write_text("x\n")
    done = run("lint")
    assert done.exit_code == 1
    assert all(line.isprintable() for line in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) == len(problems())


@pytest.mark.parametrize("given", ["apps", ".", "apps/app.yaml", "apps/other.yaml", "platform", "git"])
def test_an_app_yaml_in_the_folder_of_definitions_is_one_of_them(place: Path, given: str) -> None:
    root = "deploy" if given == "platform" else "apps"
    if given == "platform":
        run("init")
        write(place, {"platform.yaml": (place / "platform.yaml").read_text().replace("path: apps", "path: deploy")})
    if given == "git":
        (place / ".git").mkdir()
    write(place, {f"{root}/app.yaml": definition(), f"{root}/other.yaml": definition("other").replace("image", "imge")})
    paths = {"platform": "deploy", "git": str(place / "apps")}
    found = {path for path, _ in problems(paths.get(given, given))}
    assert found == (set() if given == "apps/app.yaml" else {f"{paths.get(given, root)}/other.yaml".replace("./", "")})
    assert run("lint", root).stderr.startswith("2 definitions, ")


def test_a_folder_elsewhere_in_the_folder_of_definitions_stays_one(place: Path) -> None:
    write(place, {"apps/apps/app.yaml": FOLDER_APP, "apps/apps/k8s/one.yaml": CONFIG, "apps/web.yaml": definition()})
    for path in (".", "apps"):
        assert run("lint", path).stderr == "2 definitions, 0 problems\n"


def test_without_a_path_it_reads_what_a_push_would(place: Path) -> None:
    write(place, {"notes.yaml": "x: 1\n", "deploy/web.yaml": BAD})
    assert {path for path, _ in problems()} == {"notes.yaml", "deploy/web.yaml"}
    write(place, {"apps/b.yaml": definition("b")})
    assert problems() == []
    run("init", "other")
    text = (place / "other/platform.yaml").read_text()
    write(place, {"other/platform.yaml": text.replace("path: apps", "path: deploy")})
    assert {path for path, _ in problems("--platform", "other/platform.yaml")} == {"deploy/web.yaml"}
    (place / "other/platform.yaml").rename(place / "platform.yaml")
    assert {path for path, _ in problems()} == {"deploy/web.yaml"}
    assert run("lint", "--repository", "shop").stderr.startswith("1 platform, 1 definition, ")
    write(place, {"platform.yaml": text.replace("path: apps", "path: gone")})
    assert str(run("lint").exception) == "there is no folder gone, where the platform expects its definitions"


def test_without_a_path_a_platform_with_problems_is_told_once(place: Path) -> None:
    write(place, {"platform.yaml": "kind: Platfrom\n", "web.yaml": BAD})
    done = run("lint")
    assert done.stderr.startswith("1 platform, 1 definition, ")
    assert len(done.stdout.splitlines()) == len({line.split(" error: ")[1] for line in done.stdout.splitlines()})


@pytest.mark.parametrize("git", [False, True])
def test_the_definition_of_a_file_is_found_above_the_current_folder(
    place: Path, monkeypatch: pytest.MonkeyPatch, *, git: bool
) -> None:
    if git:
        (place / ".git").mkdir()
    write(place, {"apps/shop/app.yaml": FOLDER_APP, "apps/shop/k8s/cm.yaml": CONFIG.replace("ConfigMap", "Secret")})
    told = "a Secret does not belong in Git"
    monkeypatch.chdir(place / "apps" / "shop")
    assert problems("k8s/cm.yaml") == [("k8s/cm.yaml", told)]
    monkeypatch.chdir(place / "apps" / "shop" / "k8s")
    assert problems("cm.yaml") == [("cm.yaml", told)]
    whole = str(place / "apps/shop/k8s/cm.yaml")
    assert problems(whole) == [(whole, told)]


@pytest.mark.parametrize("words", [("nowhere",), ("--repository", "x"), ("-o", "xml"), ("--platform", "none.yaml")])
def test_wrong_usage_ends_with_2(place: Path, words: tuple[str, ...]) -> None:
    assert run("lint", *words).exit_code == 2
    assert list(place.iterdir()) == []
