"""All that is wrong with definitions, each on its own and among each other."""

from __future__ import annotations

from generator.core.conflicts import conflicts
from generator.core.dependencies import refused
from generator.core.world import Claims, World
from generator.model.change import Definition
from generator.model.platform import Platform, Repository
from generator.yamlio.node import Mapping, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents


def lint(definitions: list[Definition], platform: Platform, repository: Repository) -> list[Problem]:
    """The problems of definitions that are to stand in one repository, sorted, each once."""
    world = World(platform, repository, (), frozenset(), sure=False)
    claims = Claims.of(definitions)
    own = {problem for one in definitions for problem in one.problems}
    named = [one for one in definitions if one.name]
    sound = [one for one in definitions if one.app]  # on what cannot be read, nothing more is said
    tied = refused(sound, world, {})
    return sorted(own.union(*(conflicts(one, world, claims) for one in named), *tied.values()))


def is_platform(data: bytes, path: str) -> bool:
    """Whether a file is meant as a Platform."""
    if b"Platform" not in data:  # most files are told apart without being parsed
        return False
    try:
        documents = read_documents(data, path)
    except YamlProblemError:
        return False
    kinds = [one.entries.get("kind") for one in documents[:1] if isinstance(one, Mapping)]
    return any(isinstance(kind, Scalar) and kind.text == "Platform" for kind in kinds)
