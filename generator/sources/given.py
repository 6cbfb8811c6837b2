"""What a source is given, and the one way it may have a program run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from generator.model.app import App
from generator.model.platform import Target
from generator.yamlio.node import Mapping, Node, mark_at
from generator.yamlio.problem import START, Problem

Step = str | int  # of the way from a document's root to one of its values


@dataclass(frozen=True, slots=True)
class Invocation:
    """A run of `helm` or `kustomize` over files of the definition.

    `files` are laid out below an empty working folder; `words` follow the program's name and name files below it.
    """

    program: str
    words: tuple[str, ...]
    files: dict[str, bytes]


class ToolError(Exception):
    """The program refused, was not there, or took more time or memory than it may; the message is for people."""


Tool = Callable[[Invocation], str]  # gives the standard output, raises ToolError


def no_tool(invocation: Invocation) -> str:
    """A tool for where no program may run."""
    raise ToolError(f"{invocation.program} cannot be run here")


@dataclass(frozen=True, slots=True)
class Given:
    """One app for one target. `files` are all files of the definition by path in the repository, `path` its own."""

    app: App
    path: str
    files: dict[str, bytes]
    target: Target
    problems: list[Problem]
    document: Node = field(default_factory=lambda: Mapping({}, {}, START))
    tool: Tool = no_tool

    @property
    def folder(self) -> PurePosixPath:
        """The folder whose files the definition may name."""
        return PurePosixPath(self.path).parent

    def report(self, way: tuple[Step, ...], message: str, hint: str = "") -> None:
        """Add a problem at a value of the definition, such as `("spec", "manifests", 0)`."""
        mark = mark_at(self.document, way)
        self.problems.append(Problem(self.path, mark.line, mark.column, message, hint))

    def report_missing(self, way: tuple[Step, ...], name: str) -> None:
        """A file that the definition names is not there; only the app.yaml of a folder has files beside it."""
        if PurePosixPath(self.path).name == "app.yaml":
            self.report(way, f"there is no '{name}' beside app.yaml")
        else:
            home = self.folder / PurePosixPath(self.path).stem
            message = f"'{name}' needs a folder with app.yaml; a single file has no files beside it"
            self.report(way, message, f"move it to {home}/app.yaml")
