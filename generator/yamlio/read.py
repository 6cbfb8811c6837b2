"""Read YAML from people: a guard over the event stream that builds the tree in the same pass.

The C parser only makes events here, so a hostile file can neither exhaust the interpreter's stack
(40,000 nested lists crash PyYAML's own composer) nor multiply itself through aliases.
"""

from __future__ import annotations

from typing import Any

import yaml

from generator.yamlio.build import MAX_DEPTH, MAX_NODES, Builder
from generator.yamlio.node import Node, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.syntax import syntax_problem
from generator.yamlio.text import MAX_BYTES, checked_text

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "read_documents"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_documents(data: bytes, path: str) -> list[Node]:
    """Every document of a file; at least one of them holds something.

    Raises YamlProblemError with all that makes the file unreadable or unsafe, as far as it could be read.
    """
    problems: list[Problem] = []
    text = checked_text(data, path, problems)
    builder = Builder(path, problems)
    _build(builder, text)
    if problems:
        raise YamlProblemError(*problems)
    if all(isinstance(one, Scalar) and one.plain and not one.text for one in builder.documents):
        message = "the file is empty" if not text.strip() else "the file is empty but for comments"
        raise YamlProblemError(Problem(path, 1, 1, message))
    return builder.documents


def _build(builder: Builder, text: str) -> None:
    loader = _LOADER(text)
    unseen = bool(builder.problems)
    take = builder.take
    try:
        while (event := loader.get_event()) is not None:
            handle = take.get(event.__class__)
            if handle is not None:
                handle(event)
    except yaml.YAMLError as error:
        if not unseen:  # else it may come from what was put in the place of unseen characters
            builder.problems.append(syntax_problem(error, text, builder.path))
    finally:
        loader.dispose()
