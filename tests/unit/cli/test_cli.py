"""init, generate and check, and what all verbs have in common."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generator.cli import VERBS
from generator.model.errors import UserError
from tests.unit.cli.running import run


def test_every_verb_has_help() -> None:
    for verb, command in VERBS.items():
        assert run(verb, "--help").exit_code == 0
        assert command.help


def test_init_writes_what_generate_and_plan_take(place: Path) -> None:
    assert run("init").exit_code == 0
    assert run("generate").exit_code == 0
    kinds = {one["kind"] for one in yaml.safe_load_all((place / "bundle.yaml").read_text())}
    assert {"Task", "Pipeline", "EventListener", "CronJob"} <= kinds
    done = run("init")
    assert done.exit_code == 1
    assert "platform.yaml, apps/hello.yaml exists already; nothing was written" in str(done.exception)


def test_init_names_every_kind_of_component(place: Path) -> None:
    run("init")
    text = (place / "apps/hello.yaml").read_text()
    assert "kind: Deployment # or StatefulSet, DaemonSet, Job, CronJob\n" in text


@pytest.mark.usefixtures("place")
def test_generate_reminds_of_what_is_to_be_done_first() -> None:
    run("init")
    done = run("generate")
    assert done.stdout == ""
    assert "kubectl apply -f bundle.yaml" in done.stderr
    assert "set-security-context" in done.stderr


def test_generate_to_standard_output(place: Path) -> None:
    run("init")
    done = run("generate", "-o", "-")
    assert list(yaml.safe_load_all(done.stdout))
    assert [file.name for file in place.glob("*.yaml")] == ["platform.yaml"]


@pytest.mark.parametrize("output", ["missing/dir/bundle.yaml", "platform.yaml/"])
def test_generate_into_a_place_that_cannot_be_says_so(place: Path, output: str) -> None:
    run("init")
    done = run("generate", "-o", output)
    assert isinstance(done.exception, UserError)
    assert f"{output} cannot be written: " in str(done.exception)
    assert (place / "platform.yaml").read_text().startswith("#")


def test_generate_into_a_folder_drops_what_it_wrote_before_and_nothing_else(place: Path) -> None:
    run("init")
    (place / "notes.yaml").write_text("mine: true\n")
    assert run("generate", "-o", "./").exit_code == 0
    stale = place / "99-task-gone.yaml"
    stale.write_text((place / "kustomization.yaml").read_text())
    assert run("generate", "-o", ".").exit_code == 0
    assert (place / "platform.yaml").exists()
    assert (place / "notes.yaml").exists()
    assert not stale.exists()


@pytest.mark.parametrize("output", ["bundle.yaml", "out/"])
def test_check_finds_a_difference_and_says_how_to_mend_it(place: Path, output: str) -> None:
    run("init")
    run("generate", "-o", output)
    done = run("check", "-o", output)
    assert (done.exit_code, done.stdout) == (0, "")
    file = place / "bundle.yaml" if output == "bundle.yaml" else next((place / "out").glob("*cronjob*"))
    file.write_text(file.read_text().replace("Forbid", "Allow"))
    done = run("check", "-o", output)
    assert done.exit_code == 1
    assert "-              concurrencyPolicy: Allow" in done.stdout or "-  concurrencyPolicy: Allow" in done.stdout
    assert f"mend it with: pushboat generate -f platform.yaml -o {output}" in done.stderr


def test_check_finds_a_file_that_is_missing_or_too_many(place: Path) -> None:
    run("init")
    run("generate", "-o", "out/")
    files = sorted((place / "out").glob("*.yaml"))
    (place / "out" / "99-more.yaml").write_text(files[0].read_text())
    assert "99-more.yaml" in run("check", "-o", "out/").stdout
    (place / "out" / "99-more.yaml").unlink()
    files[0].unlink()
    assert files[0].name in run("check", "-o", "out/").stdout


def test_a_bad_platform_tells_all_its_problems(place: Path) -> None:
    (place / "platform.yaml").write_text("kind: Platfrom\nspec: {}\n")
    done = run("generate")
    assert done.exit_code == 1
    assert done.stderr.count("platform.yaml:") > 3
    assert not (place / "bundle.yaml").exists()
    (place / "platform.yaml").unlink()
    for words in (("generate",), ("generate", "-f", "nope.yaml"), ("check", "-f", "nope.yaml")):
        done = run(*words)
        assert done.exit_code == 2
        assert f"{words[-1] if '-f' in words else 'platform.yaml'} does not exist; pushboat init writes" in done.stderr


def test_main_prints_one_line_and_ends_with_1(place: Path) -> None:
    (place / "platform.yaml").touch()
    words = [sys.executable, "-c", "from generator.cli import main; main()", "init"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=place, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: platform.yaml exists already; nothing was written\n"


def test_a_kubeconfig_that_is_not_there_is_wrong_usage(place: Path) -> None:
    for words in (("status",), ("logs", "web"), ("plan", "--live")):
        done = run(*words, "--kubeconfig", "nope")
        assert done.exit_code == 2
        assert "there is no nope" in done.stderr
    assert list(place.iterdir()) == []
