"""A kustomization, built by `kustomize build`: bases, overlays, components and patches, all within the folder.

Nothing is downloaded and no plug-in is run. Names of generated ConfigMaps carry a hash, as kustomize makes them.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from generator.sources.given import Invocation, ToolError
from generator.sources.kustomization import NAMES, Walk
from generator.sources.manifests import refuse_doubles
from generator.sources.rendered import Part, Source, read_parts
from generator.yamlio.node import Mapping, Sequence
from generator.yamlio.problem import Problem
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of
from generator.yamlio.write import write

if TYPE_CHECKING:
    from generator.sources.given import Given, Step

_WAY: tuple[Step, ...] = ("spec", "kustomize", "folder")
_ORIGIN = "config.kubernetes.io/origin"
_ORIGINS = "originAnnotations"
_BETWEEN = re.compile(r"^---\n", re.MULTILINE)
_FROM = re.compile(rf"^ +{_ORIGIN}: \|\n +(?:configuredIn|path): (?P<path>.+)\n", re.MULTILINE)
# kustomize wraps a reason once for every folder it went through
_PATH = re.compile(r"(?:recursed accumulation of|couldn't make target for) path '(?P<folder>[^']*)': ")
_WRAPPED = re.compile(
    r"accumulat(?:ing resources|ion err='accumulating resources)(?: from '[^']*')?: |'[^']*' must resolve to a file': "
    r"|': must build at directory: .*"
)


def build(given: Given) -> list[dict[str, Any]]:
    """The objects of the kustomization, or the reasons why there are none."""
    kustomize = given.app.kustomize
    assert kustomize  # noqa: S101 - this source is chosen by it
    folder, walk, before = posixpath.normpath(given.folder / kustomize.folder), Walk(given), len(given.problems)
    if walk.find(folder):
        walk.go()
    else:
        wanted = str(given.folder / kustomize.folder)
        if any(path.startswith(f"{wanted}/") for path in given.files):
            given.report(_WAY, f"there is no {NAMES[0]} in '{kustomize.folder}'")
        else:
            given.report_missing(_WAY, kustomize.folder)
    if len(given.problems) > before:
        return []
    asked = _build_metadata(given.files[walk.folders[folder]], walk.folders[folder])
    try:
        text = given.tool(_invocation(given, folder, asked))
    except ToolError as error:
        _blame(str(error), walk, given, folder)
        return []
    found = [item for _, item in read_parts(_parts(text, given, walk.folders[folder]), given, _WAY)]
    if _ORIGINS not in asked:
        found = [_without_origin(item) for item in found]
    refuse_doubles(found, given)
    if not found and len(given.problems) == before:
        given.report(_WAY, "the kustomization makes no objects")
    return found


def _build_metadata(data: bytes, path: str) -> list[str]:
    """What the kustomization itself asks for: only that of the outermost one counts, and ours is around it."""
    (document, *_) = read_documents(data, path)
    listed = document.entries.get("buildMetadata") if isinstance(document, Mapping) else None
    found: list[str] = value_of(listed, path, []) if isinstance(listed, Sequence) else []
    return found


def _invocation(given: Given, folder: str, wanted: list[str]) -> Invocation:
    """The definition's folder below a kustomization of ours, which has each object say what file it is from.

    Where the user's own one asks for that, it is built as it is: what it says is then for the user.
    """
    home = str(given.folder)
    files = {f"app/{posixpath.relpath(path, home)}": data for path, data in given.files.items()}
    below = posixpath.normpath(posixpath.join("app", posixpath.relpath(folder, home)))
    if _ORIGINS in wanted:
        return Invocation("kustomize", ("build", "--", below), files)
    ours = {"resources": [below], "buildMetadata": [*dict.fromkeys([*wanted, _ORIGINS])]}
    files[NAMES[0]] = write(ours).encode()
    return Invocation("kustomize", ("build", "--", "."), files)


def _parts(text: str, given: Given, outermost: str) -> list[Part]:
    sources: dict[str, Source] = {}
    found = []
    for piece in _BETWEEN.split(text):
        origin = _FROM.search(piece)
        path = str(given.folder / origin["path"].removeprefix("app/")) if origin else outermost
        path = path if path in given.files else outermost
        if path not in sources:
            sources[path] = Source(path, given.files[path].decode(errors="replace"))
        found.append(Part(piece, sources[path]))
    return found


def _without_origin(item: dict[str, Any]) -> dict[str, Any]:
    notes = {key: value for key, value in (item["metadata"].get("annotations") or {}).items() if key != _ORIGIN}
    rest = {key: value for key, value in item["metadata"].items() if key != "annotations"}
    return {**item, "metadata": {**rest, "annotations": notes} if notes else rest}


def _blame(said: str, walk: Walk, given: Given, folder: str) -> None:
    """The kustomization that kustomize was in last is where it went wrong."""
    home = str(given.folder)
    passed = list(_PATH.finditer(said))
    inside = passed[-1]["folder"] if passed else ""
    path = walk.folders.get(posixpath.normpath(posixpath.join(home, inside.partition("/")[2])), walk.folders[folder])
    reason = _WRAPPED.sub("", said[passed[-1].end() :] if passed else said)
    text = re.sub(r"\bapp/", "", " ".join(reason.split()))
    given.problems.append(Problem(path, 1, 1, f"kustomize refuses it: {text}"))
