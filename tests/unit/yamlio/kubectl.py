"""The Go reader, as kubectl carries it, for comparison with ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

KUBECTL = shutil.which("kubectl", path=f"{Path.home()}/.cache/devcluster/bin:{os.environ.get('PATH', '')}")
needs_kubectl = pytest.mark.skipif(not KUBECTL, reason="kubectl is neither on PATH nor in ~/.cache/devcluster/bin")


def kubectl_reads(manifests: str) -> list[Any]:
    """The objects as kubectl would send them; it asks no server."""
    done = subprocess.run(
        [str(KUBECTL), "annotate", "--local", "-f", "-", "-o", "json", "read=yes"],
        input=manifests,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KUBECONFIG": os.devnull},
    )
    assert done.returncode == 0, done.stderr
    return list(_objects(done.stdout))


def _objects(text: str) -> Any:
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        found, at = decoder.raw_decode(text, at)
        del found["metadata"]["annotations"]["read"]
        if not found["metadata"]["annotations"]:
            del found["metadata"]["annotations"]
        yield found
        at += len(text) - at - len(text[at:].lstrip())


def same(ours: Any, theirs: Any) -> bool:
    """Equal values of equal types; Go shows numbers beyond 53 bits rounded."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return sorted(ours) == sorted(theirs) and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if _is_number(ours) and _is_number(theirs):
        return float(ours) == float(theirs) and (isinstance(ours, int) == isinstance(theirs, int) or abs(ours) > 2**53)
    return type(ours) is type(theirs) and bool(ours == theirs)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
