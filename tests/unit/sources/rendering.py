"""Cases in folders: a definition with its chart or kustomization, and `expected.txt` with what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from generator.model.app import App, Helm, Kustomize
from generator.model.platform import Target
from generator.sources import build
from generator.sources.given import Given, Tool
from generator.yamlio.problem import Problem
from generator.yamlio.read import read_documents
from generator.yamlio.write import write
from tests.unit.tools.programs import tool

CASES = Path(__file__).with_name("cases")
TARGET = Target("default", "shop")
EXPECTED = "expected.txt"


def folders(kind: str) -> list[Path]:
    return sorted(folder for folder in (CASES / kind).iterdir() if folder.is_dir())


def files_of(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != EXPECTED)
    return {f"apps/web/{path.relative_to(folder)}": path.read_bytes() for path in sorted(found)}


def app_of(definition: bytes) -> App:
    spec = yaml.safe_load(definition)["spec"]
    helm, kustomize = spec.get("helm"), spec.get("kustomize")
    return App(
        "web",
        spec["version"],
        helm=Helm(helm["chart"], helm.get("values", {}), tuple(helm.get("valueFiles", ()))) if helm else None,
        kustomize=Kustomize(kustomize["folder"]) if kustomize else None,
    )


def rendered(files: dict[str, bytes], using: Tool = tool) -> tuple[list[dict[str, Any]], list[str]]:
    """The objects and the problems of a definition at apps/web/app.yaml."""
    problems: list[Problem] = []
    path = next(path for path in files if path.endswith("apps/web/app.yaml"))
    (document,) = read_documents(files[path], path)
    given = Given(app_of(files[path]), path, files, TARGET, problems, document, using)
    found = build(given)
    return found, [str(problem) for problem in sorted(set(problems))]


def outcome(folder: Path) -> str:
    """The problems, one a line; without any, the objects."""
    found, problems = rendered(files_of(folder))
    return "".join(f"{line}\n" for line in problems) or "---\n".join(write(item) for item in found)
