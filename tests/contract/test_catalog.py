"""What every Task and Pipeline of the catalog must have, and how Tasks and steps fit together."""

from __future__ import annotations

import dataclasses
import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import generator
from generator import forges, health, sources, strategies
from generator.core import deliver
from generator.schema import platform

TOP = Path(__file__).parents[2]
TASKS = sorted(TOP.glob("tasks/*/*.yaml"))
CATALOG = [*TASKS, *sorted(TOP.glob("pipelines/*/*.yaml"))]
STEPS = sorted({line for file in TASKS for line in re.findall(r"generator\.steps\.(\w+)", file.read_text())})
# The categories of Artifact Hub's Tekton catalogs.
CATEGORIES = {
    "Git", "Image Build", "Security", "CLI", "Cloud", "Deployment", "Code Quality", "Build Tools", "Kubernetes",
    "Storage", "Publishing", "Developer Tools", "Testing", "Messaging", "Automation", "Openshift",
    "Continuous Integration", "Networking", "Monitoring", "Integration & Delivery",
}  # fmt: skip


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found


def name_of(file: Path) -> str:
    return file.stem


@pytest.mark.parametrize("file", CATALOG, ids=name_of)
def test_file_has_what_a_catalog_shows(file: Path) -> None:
    tree = read(file)
    metadata = tree["metadata"]
    annotations = metadata["annotations"]
    assert file.stem == file.parent.name == metadata["name"]
    assert tree["apiVersion"] == "tekton.dev/v1"
    assert generator.__version__.startswith(metadata["labels"]["app.kubernetes.io/version"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", annotations["tekton.dev/pipelines.minVersion"])
    assert {one.strip() for one in annotations["tekton.dev/categories"].split(",")} <= CATEGORIES
    assert re.fullmatch(r"[a-z-]+(, [a-z-]+)*", annotations["tekton.dev/tags"])
    assert annotations["tekton.dev/displayName"]
    assert all(re.fullmatch(r"[a-z0-9]+/[a-z0-9]+", one) for one in annotations["tekton.dev/platforms"].split(","))
    summary = tree["spec"]["description"].split("\n\n")[0]
    assert summary.endswith(".")
    assert all(one["description"] for one in tree["spec"].get("params", []) + tree["spec"].get("results", []))


@pytest.mark.parametrize("file", CATALOG, ids=name_of)
def test_file_has_a_readme_and_a_sample(file: Path) -> None:
    readme = file.parent / "README.md"
    assert readme.is_file()
    text = readme.read_text()
    spec = read(file)["spec"]
    missing = [one["name"] for one in spec.get("params", []) + spec.get("results", []) if one["name"] not in text]
    assert missing == []
    samples = sorted((file.parent / "samples").glob("*.yaml"))
    assert samples
    for sample in samples:
        assert all(tree["apiVersion"] for tree in yaml.safe_load_all(sample.read_text()))


@pytest.mark.parametrize("file", CATALOG, ids=name_of)
def test_no_gitops_tool_could_take_a_run_for_its_own(file: Path) -> None:
    metadata = read(file)["metadata"]
    tracked = ("app.kubernetes.io/instance", "argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "helm.toolkit")
    assert [key for key in metadata["labels"] | metadata["annotations"] if key.startswith(tracked)] == []


@pytest.mark.parametrize("file", TASKS, ids=name_of)
def test_task_and_steps_agree_on_params_and_results(file: Path) -> None:
    spec = read(file)["spec"]
    params = {one["name"] for one in spec["params"]}
    produced: set[str] = set()
    for step in spec["steps"]:
        python, flag, module_name = step["command"]
        assert (python, flag) == ("python3", "-m")
        module = importlib.import_module(module_name)
        env = {one["name"]: one["value"] for one in step["env"]}
        inputs = {field.name for field in dataclasses.fields(module.Inputs)}
        outputs = {field.name for field in dataclasses.fields(module.Outputs)}
        wanted = {f"PARAM_{name.upper()}": f"$(params.{name})" for name in inputs}
        wanted |= {f"RESULT_{name.upper()}": f"$(results.{name}.path)" for name in outputs | {"reason"}}
        assert env == wanted
        assert inputs <= params
        produced |= outputs
    assert {one["name"] for one in spec["results"]} == produced | {"reason"}


@pytest.mark.parametrize("file", TASKS, ids=name_of)
def test_every_param_of_a_task_is_used(file: Path) -> None:
    tree = read(file)["spec"]
    text = yaml.safe_dump({key: tree[key] for key in tree if key != "params"})
    assert [one["name"] for one in tree["params"] if f"$(params.{one['name']})" not in text] == []


def test_steps_and_their_modules_are_the_same() -> None:
    runnable = {file.stem for file in (TOP / "generator" / "steps").glob("*.py") if "__main__" in file.read_text()}
    assert set(STEPS) | {"catch_up"} == runnable


@pytest.mark.parametrize("step", [*STEPS, "catch_up"])
def test_a_step_imports_nothing_heavy(step: str) -> None:
    words = [sys.executable, "-X", "importtime", "-c", f"import generator.steps.{step}"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "generator" in imported
    assert imported & {"kubernetes", "jinja2", "click", "requests", "urllib3"} == set()


def test_the_trigger_template_and_the_catch_up_give_the_same_time() -> None:
    template = read(TOP / "triggers" / "listener" / "triggertemplate.yaml")
    run = template["spec"]["resourcetemplates"][0]
    mine = deliver.deliver_run("shop", "pushboat", "a" * 40)
    assert run["spec"]["timeouts"] == deliver.TIMEOUTS
    for key in ("pipelineRef", "taskRunTemplate"):
        assert run["spec"][key] == mine["spec"][key]
    assert list(run["metadata"]["labels"]) == list(mine["metadata"]["labels"])


def test_the_parser_knows_the_forges_that_there_are() -> None:
    assert set(platform.FORGES) == set(forges.FORGES)


@pytest.mark.parametrize("name", sorted(forges.FORGES))
def test_a_forge_has_its_triggers(name: str) -> None:
    kinds = {read(file)["kind"] for file in (TOP / "triggers" / name).glob("*.yaml")}
    assert kinds == {"Trigger", "TriggerBinding"}


PLUG_INS = [
    (f"{where.__name__}:{name}", plug_in, protocol)
    for where, table, protocol in (
        (strategies, strategies.STRATEGIES, strategies.Strategy),
        (health, health.RULES, health.Rule),
        (forges, forges.FORGES, forges.Forge),
        (sources, sources.SOURCES, sources.Source),
    )
    for name, plug_in in table.items()
]


@pytest.mark.parametrize(("plug_in", "protocol"), [one[1:] for one in PLUG_INS], ids=[one[0] for one in PLUG_INS])
def test_a_plug_in_has_a_manual_and_the_functions_of_its_protocol(plug_in: Any, protocol: type) -> None:
    assert plug_in.__doc__
    for name, wanted in vars(protocol).items():
        if name.startswith("_"):
            continue
        found = getattr(plug_in, name)
        assert found.__doc__
        words = wanted.__code__.co_varnames[1 : wanted.__code__.co_argcount]
        assert found.__code__.co_varnames[: found.__code__.co_argcount] == words
    for name in getattr(protocol, "__annotations__", {}):
        assert getattr(plug_in, name)
