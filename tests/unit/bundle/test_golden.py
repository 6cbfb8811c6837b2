"""The whole bundle, byte for byte: a change of a source shows here as what users will get."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from generator.bundle.generate import generate
from generator.bundle.output import as_file, as_folder
from generator.core.parse_platform import parse_platform
from generator.model.platform import Platform
from tests.conftest import Golden

HERE = Path(__file__).parents[2] / "golden" / "bundle"
COMMAND = "pushboat generate -f tests/golden/bundle/platform.yaml -o tests/golden/bundle/"


@pytest.fixture
def platform() -> Platform:
    found, problems = parse_platform((HERE / "platform.yaml").read_bytes(), "platform.yaml")
    assert found, problems
    return found


def test_bundle_is_the_golden_one(platform: Platform, golden: Golden) -> None:
    golden(HERE / "bundle.yaml", as_file(generate(platform), COMMAND + "bundle.yaml")["bundle.yaml"])


def test_folder_is_the_golden_one(platform: Platform, golden: Golden, pytestconfig: pytest.Config) -> None:
    files = as_folder(generate(platform), COMMAND + "folder/")
    for name, text in files.items():
        golden(HERE / "folder" / name, text)
    stale = [file for file in (HERE / "folder").iterdir() if file.name not in files]
    if pytestconfig.getoption("--update-golden"):
        for file in stale:
            file.unlink()
    else:
        assert not stale


def test_folder_and_file_hold_the_same_objects(platform: Platform) -> None:
    bundle = generate(platform)
    single = list(yaml.safe_load_all(as_file(bundle, "x")["bundle.yaml"]))
    files = as_folder(bundle, "x")
    names = yaml.safe_load(files["kustomization.yaml"])["resources"]
    assert [yaml.safe_load(files[name]) for name in names] == single
    assert sorted(files) == sorted(["kustomization.yaml", *names])


def test_the_same_platform_gives_the_same_bytes(platform: Platform) -> None:
    assert as_file(generate(platform), "x") == as_file(generate(platform), "x")


def test_names_are_unique_within_their_kind_and_namespace(platform: Platform) -> None:
    keys = [
        (one.tree["kind"], one.tree["metadata"].get("namespace"), one.tree["metadata"]["name"])
        for one in generate(platform)
    ]
    assert len(keys) == len(set(keys))
