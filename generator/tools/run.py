"""What a source may have run: helm and kustomize out of the step image, or those of a laptop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generator.sources.given import ToolError
from generator.tools.sandbox import LIMITS, Limits, confined

if TYPE_CHECKING:
    from generator.sources.given import Invocation

FOLDER = Path("/opt/pushboat/bin")  # of the step image
PROGRAMS = ("helm", "kustomize")


def run_tool(invocation: Invocation, limits: Limits = LIMITS, folder: Path = FOLDER) -> str:
    """The program's standard output; a `Tool` for sources. Raises ToolError with what the program said."""
    output = confined(_find(invocation.program, folder), invocation.words, invocation.files, limits)
    try:
        return output.decode()
    except UnicodeDecodeError as error:
        raise ToolError(f"{invocation.program} gives text that is not UTF-8") from error


def _find(program: str, folder: Path) -> Path:
    if program not in PROGRAMS:
        raise ToolError(f"{program} is no program that renders manifests")
    ours = folder / program
    if ours.exists():
        return ours
    from shutil import which  # noqa: PLC0415 - 5 ms that the step image need not pay

    found = which(program)
    if found is None:
        raise ToolError(f"{program} is not installed: put it on PATH (the step image has its own)")
    return Path(found).resolve()
