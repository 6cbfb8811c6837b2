"""Pushes and what becomes of them: each folder of tests/cases is one behaviour, and its name says which.

before/          the tree that was delivered; without it this is the first push
after/           the tree that is pushed
platform.yaml    if not the one of tests/cases
inventory.json   what the cluster has; without it, all of before/ as delivered and healthy
expected/        changes.json and runs.yaml; hack/dev golden writes them anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.core.classify import classify
from generator.core.define import pair
from generator.core.foresee import foresee
from generator.core.parse_platform import parse_platform
from generator.core.render import render
from generator.core.world import World
from generator.gitrepo.command import Git
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from generator.model.change import STARTS, Change, Push
from generator.model.inventory import Inventory
from generator.model.platform import Platform
from generator.model.serial import from_plain, to_plain
from generator.yamlio.write import write
from tests.conftest import Golden
from tests.unit.fakes.git_host import Content, Special, Upstream

CASES = Path(__file__).parents[2] / "cases"
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def test_there_are_cases() -> None:
    assert len(NAMES) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path, golden: Golden, pytestconfig: pytest.Config) -> None:
    folder = CASES / name
    platform = _platform(folder)
    push, changes = _changes(folder, platform, tmp_path)
    runs: list[Any] = []
    for change in changes:
        if change.action in STARTS:
            one = render(change, push, platform)
            runs += [one.run, *(one.release or [])]
    plain = [{key: value for key, value in to_plain(change).items() if key != "objects"} for change in changes]
    found = {
        "changes.json": json.dumps(plain, indent=2) + "\n",
        "runs.yaml": "".join(f"---\n{write(item)}" for item in runs),
    }
    for file, text in found.items():
        expected = folder / "expected" / file
        if pytestconfig.getoption("--update-golden") or _read(expected) != list(yaml.safe_load_all(text)):
            golden(expected, text)


def _platform(folder: Path) -> Platform:
    file = folder / "platform.yaml" if (folder / "platform.yaml").exists() else CASES / "platform.yaml"
    platform, problems = parse_platform(file.read_bytes(), str(file))
    assert platform, problems
    return platform


def _changes(folder: Path, platform: Platform, scratch: Path) -> tuple[Push, list[Change]]:
    settings = platform.repositories[0]
    upstream = Upstream(scratch / "upstream")
    base = upstream.commit(_tree(folder / "before")) if (folder / "before").is_dir() else ""
    commit = upstream.commit(_tree(folder / "after"))
    repository = Repository(Git(scratch / "copy", url=str(upstream.folder), protocols="file"))
    repository.fetch(*([base] if base else []), commit)
    deltas, paths = read_deltas(repository, settings.path, base, commit, limit=10_000)
    push = Push(settings.name, commit, base, 7, "")
    if not (folder / "inventory.json").exists():
        return push, foresee(deltas, paths, platform, settings)
    inventories = [from_plain(Inventory, item) for item in json.loads((folder / "inventory.json").read_text())]
    pairs = [pair(delta, platform, settings) for delta in deltas]
    return push, classify(pairs, World(platform, settings, tuple(inventories), frozenset(paths), whole=not base))


def _tree(folder: Path) -> dict[str, Content]:
    found: dict[str, Content] = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink():
            found[path] = Special("120000", str(file.readlink()))
        elif file.is_file():
            found[path] = file.read_bytes()
    return found


def _read(file: Path) -> list[Any] | None:
    return list(yaml.safe_load_all(file.read_text())) if file.is_file() else None
