"""The real helm and kustomize for tests, where `hack/step-image/build programs` puts them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.sources.given import Invocation
from generator.tools.run import run_tool

CACHE = Path(os.environ.get("DEVCLUSTER_HOME") or Path.home() / ".cache" / "devcluster")
FOLDER = CACHE / "step-image" / "bin"
MISSING = [name for name in ("helm", "kustomize") if not (FOLDER / name).exists()]
needed = pytest.mark.skipif(bool(MISSING), reason=f"{FOLDER} has no helm or kustomize: hack/step-image/build programs")


def tool(invocation: Invocation) -> str:
    return run_tool(invocation, folder=FOLDER)
