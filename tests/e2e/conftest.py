"""One stage for all end-to-end tests: a real cluster with Tekton, a real Git host, the generated bundle."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from hack.stage import Checkout, Cluster, Gitea, Stage

NEEDED = ("KUBECONFIG", "PUSHBOAT_STEP_IMAGE", "GITEA_URL", "GITEA_USER", "GITEA_TOKEN_FILE")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the cluster; without one each test says so."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    for item in items:
        if "e2e" not in Path(str(item.fspath)).parts:
            continue
        item.add_marker(pytest.mark.e2e)
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"no cluster: {', '.join(missing)} not set; run hack/dev e2e"))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The bundle in a namespace of its own, for a repository of its own."""
    name = f"e2e-{secrets.token_hex(3)}"
    folder = tmp_path_factory.mktemp("stage")
    made = Stage(
        Cluster(),
        Gitea.from_environment(),
        name,
        f"{name}-pushboat",
        f"{name}-apps",
        folder,
        os.environ["PUSHBOAT_STEP_IMAGE"],
    )
    made.checkout = made.make_repository()
    made.install()
    made.hook()
    yield made
    made.remove()


@pytest.fixture
def repo(stage: Stage) -> Checkout:
    """A person's clone, up to date with the branch."""
    assert stage.checkout is not None
    stage.checkout.update()
    return stage.checkout
