"""Parse a Platform: what a platform team configures once per cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.schema.platform import PLATFORM
from generator.schema.report import Report
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents

if TYPE_CHECKING:
    from generator.model.platform import Platform


def parse_platform(data: bytes, path: str) -> tuple[Platform | None, tuple[Problem, ...]]:
    """A Platform, or its problems, sorted by position."""
    try:
        documents = read_documents(data, path)
    except YamlProblemError as error:
        return None, error.problems
    if len(documents) != 1:
        return None, (Problem(path, 1, 1, f"a platform is one document; this file has {len(documents)}"),)
    report = Report(path, [])
    platform: Platform = PLATFORM.read(documents[0], "", report)
    found = tuple(sorted(set(report.problems)))
    return (None if found else platform), found
