"""A finding about a file, as a value with a position."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A position in a file; line and column count from 1."""

    line: int
    column: int


START = Mark(1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, where, and what to do about it."""

    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    @property
    def where(self) -> str:
        """`path:line:column`, as editors and compilers write it."""
        return f"{self.path}:{self.line}:{self.column}"

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: error: {self.message}{hint}"


class YamlProblemError(Exception):
    """A file that cannot be read as YAML at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
