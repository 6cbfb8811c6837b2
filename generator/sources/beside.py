"""Files that a definition names, and that are not there."""

from __future__ import annotations

from pathlib import PurePosixPath

from generator.yamlio.problem import Problem


def not_beside(path: str, field: str, name: str) -> Problem:
    """Only the definition of a folder, its app.yaml, has files beside it."""
    file = PurePosixPath(path)
    if file.name == "app.yaml":
        return Problem(path, 1, 1, f"{field} names '{name}', and there is no such file beside it")
    message = f"{field} names '{name}', which needs a folder with app.yaml; a single file has no files beside it"
    return Problem(path, 1, 1, message, f"move it to {file.parent / file.stem}/app.yaml")
