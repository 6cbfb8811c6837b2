"""The command line, as a person would use it; the runner keeps what is printed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from generator.cli import VERBS, pushboat
from generator.model.errors import UserError
from tests.unit.fakes.api_server import TOKEN, ApiServer, Object
from tests.unit.fakes.git_host import Upstream
from tests.unit.fakes.stage import Stage, definition


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(pushboat, words)


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
    assert "platform.yaml does not exist; pushboat init writes one" in str(run("generate").exception)


def test_main_prints_one_line_and_ends_with_1(place: Path) -> None:
    words = [sys.executable, "-c", "from generator.cli import main; main()", "generate"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=place, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: platform.yaml does not exist; pushboat init writes one to start from\n"


@pytest.fixture
def repository(place: Path) -> Upstream:
    run("init")
    return Upstream(place / "repository")


def test_plan_shows_what_a_push_would_do(repository: Upstream) -> None:
    base = repository.commit({"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    repository.commit(
        {"apps/web.yaml": definition(version="2"), "apps/b.yaml": definition("b", more="  deleted: true\n")}
    )
    done = run("plan", "--repo", "repository", "--from", base)
    assert done.exit_code == 0
    assert done.stdout == "delete    b on default: marked deleted\nupgrade   web on default: version 1 to 2\n"
    assert run("plan", "--repo", "repository").stdout.count("create") == 1
    assert run("plan", "--repo", "repository", "--from", "HEAD").stdout == "no definition changed\n"


def test_plan_shows_the_runs(repository: Upstream) -> None:
    repository.commit({"apps/web.yaml": definition()})
    text = run("plan", "--repo", "repository", "--runs").stdout
    kinds = [one["kind"] for one in yaml.safe_load_all(text.partition("---\n")[2])]
    assert kinds == ["PipelineRun", "Service", "Deployment"]
    data = json.loads(run("plan", "--repo", "repository", "--runs", "-o", "json").stdout)
    assert [one["kind"] for one in data["runs"]] == kinds
    assert yaml.safe_load(run("plan", "--repo", "repository", "--runs", "-o", "yaml").stdout) == data


def test_plan_ends_with_1_for_a_bad_definition(repository: Upstream) -> None:
    repository.commit({"apps/web.yaml": definition().replace("image", "imge")})
    done = run("plan", "--repo", "repository")
    assert done.exit_code == 1
    assert "invalid   web\n" in done.stdout
    assert "error: spec.components[0].image is missing" in done.stdout


@pytest.mark.parametrize("words", [("--to", "nowhere"), ("--from", "--help"), ("--repository", "other")])
def test_plan_refuses_what_is_not_there(repository: Upstream, words: tuple[str, str]) -> None:
    repository.commit({"apps/web.yaml": definition()})
    done = run("plan", "--repo", "repository", *words)
    assert done.exit_code == 1
    assert "has no" in str(done.exception)


@pytest.fixture
def kubeconfig(stage: Stage, authority: Path, tmp_path: Path) -> str:
    cluster = {"server": stage.api.url, "certificate-authority": str(authority / "ca.crt")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [{"name": "k", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
    }
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    return str(tmp_path / "kubeconfig")


def test_status_lists_the_apps(stage: Stage, kubeconfig: str) -> None:
    assert "no app has been delivered" in run("status", "--kubeconfig", kubeconfig).stdout
    commit = stage.push({"apps/web.yaml": definition(), "apps/b.yaml": definition("b")})
    first, second = stage.deliver()
    assert stage.carry_out(second)
    data = json.loads(run("status", "--kubeconfig", kubeconfig, "-o", "json").stdout)["apps"]
    assert [(one["app"], one["state"], one["version"], one["commit"], one["run"]) for one in data] == [
        ("b", "starting", "1", commit[:7], first),
        ("web", "healthy", "1", commit[:7], second),
    ]
    lines = run("status", "web", "--kubeconfig", kubeconfig).stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [["APP", "TARGET", "STATE"], ["web", "default", "healthy"]]
    done = run("status", "nothing", "--kubeconfig", kubeconfig)
    assert (done.exit_code, str(done.exception)) == (1, "there is no app 'nothing' in namespace pushboat")


def pod(run_name: str, *containers: str) -> Object:
    labels = {"tekton.dev/pipelineRun": run_name, "tekton.dev/pipelineTask": "roll-out"}
    states = [{"name": one, "state": {"terminated": {"exitCode": 0}}} for one in reversed(containers)]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "pushboat", "labels": labels},
        "spec": {"containers": [{"name": one} for one in containers]},
        "status": {"containerStatuses": states},
    }


def finish(api: ApiServer, name: str) -> None:
    item = api.find("PipelineRun", name)
    conditions = [{"type": "Succeeded", "status": "True", "reason": "Succeeded", "message": "Tasks Completed: 1"}]
    api.put({**item, "status": {"completionTime": "2026-01-01T00:00:00Z", "conditions": conditions}})


@pytest.mark.parametrize("more", [[], ["--no-follow"]])
def test_logs_prints_the_steps_in_order(stage: Stage, kubeconfig: str, more: list[str]) -> None:
    stage.push({"apps/web.yaml": definition()})
    (name,) = stage.deliver()
    stage.api.put(pod(name, "step-one", "step-two"))
    stage.api.logs[("p", "step-one", False)] = "a\nb\n"
    stage.api.logs[("p", "step-two", False)] = "c\n"
    finish(stage.api, name)
    done = run("logs", "web", "--kubeconfig", kubeconfig, *more)
    assert done.stdout == "[roll-out one] a\n[roll-out one] b\n[roll-out two] c\n"
    assert done.stderr.startswith(f"{name}: Create web 1 on default: not there yet")
    assert done.stderr.endswith("Succeeded: Tasks Completed: 1\n")
    done = run("logs", "nothing", "--kubeconfig", kubeconfig)
    assert "there is no run of an app 'nothing'" in str(done.exception)
