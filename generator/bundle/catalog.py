"""Find and read the sources: in the checkout of an editable install, else in the installed wheel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_PACKAGED = Path(__file__).parent / "sources"
_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a source file; `source` is the file's path from the top of the project."""

    source: str
    tree: dict[str, Any]


def folder() -> Path:
    """The folder that holds tasks/, pipelines/ and triggers/."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def documents(*patterns: str) -> list[Document]:
    """The documents of all source files that match, in the order of the patterns and then of their paths."""
    found: list[Document] = []
    for pattern in patterns:
        for file in sorted(folder().glob(pattern)):
            source = file.relative_to(folder()).as_posix()
            loaded = yaml.load_all(file.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            found += [Document(source, tree) for tree in loaded]
    return found
