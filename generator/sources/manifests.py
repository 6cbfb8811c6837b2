"""Plain Kubernetes manifests: files, or folders of them, beside the definition's app.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.sources import envelope, privileges
from generator.yamlio.node import Node, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of

if TYPE_CHECKING:
    from generator.model.platform import Target
    from generator.sources.given import Given


def build(given: Given) -> list[dict[str, Any]]:
    """Every document of the named files, checked to be an object that the target takes."""
    found: list[dict[str, Any]] = []
    for index, name in enumerate(given.app.manifests):
        wanted = str(given.folder / name)
        matching = [file for file in sorted(given.files) if file == wanted or _is_in(file, wanted)]
        matching = [file for file in matching if file != given.path]  # the definition is no manifest
        if not matching:
            given.report_missing(("spec", "manifests", index), name)
        for file in matching:
            found += read_objects(given.files[file], file, given.target, given.problems)
    refuse_doubles(found, given)
    return found


def _is_in(file: str, folder: str) -> bool:
    return file.startswith(f"{folder}/") and file.endswith((".yaml", ".yml", ".json"))


def read_objects(data: bytes, file: str, target: Target, problems: list[Problem]) -> list[dict[str, Any]]:
    """The objects in a file of manifests. What is none, or what the target does not take, is reported and left out."""
    return objects_in(parse(data, file, problems), file, target, problems)


def parse(data: bytes, file: str, problems: list[Problem]) -> list[Node]:
    """The documents of a file that hold something; none where it cannot be read."""
    try:
        documents = read_documents(data, file)
    except YamlProblemError as error:
        problems.extend(error.problems)
        return []
    # an empty document stands between two `---`
    return [document for document in documents if not (isinstance(document, Scalar) and document.is_null)]


def objects_in(documents: list[Node], file: str, target: Target, problems: list[Problem]) -> list[dict[str, Any]]:
    """The documents that are objects which the target takes, as values."""
    return [value_of(one, file, problems) for one in documents if _is_object(one, file, target, problems)]


def _is_object(document: Node, file: str, target: Target, problems: list[Problem]) -> bool:
    def report(node: Node, message: str, hint: str = "") -> None:
        problems.append(Problem(file, node.mark.line, node.mark.column, message, hint))

    if not envelope.check(document, target, report):
        return False
    privileged = [] if target.pod_security == "privileged" else list(privileges.forbidden(document))
    for node, message in privileged:
        report(node, message, privileges.HINT)
    return not privileged


def refuse_doubles(found: list[dict[str, Any]], given: Given) -> None:
    """One object may stand in an app once."""
    seen: set[tuple[str, str, str]] = set()
    for item in found:
        key = (item["apiVersion"].rpartition("/")[0], item["kind"], item["metadata"]["name"])
        if key in seen:
            given.report(("spec",), f"{key[1]}/{key[2]} stands in the manifests twice", "keep one")
        seen.add(key)
