"""A folder to work in, a repository, and a kubeconfig for the fake cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.running import run
from tests.unit.fakes.api_server import TOKEN
from tests.unit.fakes.git_host import Upstream
from tests.unit.fakes.stage import Stage


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def repository(place: Path) -> Upstream:
    """A bare repository in ./repository, and the platform that init writes beside it."""
    run("init")
    return Upstream(place / "repository")


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
