"""Plain Kubernetes manifests: files, or folders of them, beside the definition's app.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.sources.kinds import refusal
from generator.yamlio.node import Mapping, Node, Scalar, kind_of
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
        matching = [
            file
            for file in sorted(given.files)
            if file == wanted or (file.startswith(f"{wanted}/") and file.endswith((".yaml", ".yml")))
        ]
        if not matching:
            given.report_missing(("spec", "manifests", index), name)
        for file in matching:
            found += read_objects(given.files[file], file, given.target, given.problems)
    refuse_doubles(found, given)
    return found


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
    def report(node: Node, message: str, hint: str = "") -> bool:
        problems.append(Problem(file, node.mark.line, node.mark.column, message, hint))
        return False

    if not isinstance(document, Mapping):
        return report(document, f"a manifest must be a mapping, not {kind_of(document)}")
    metadata = document.entries.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else Mapping({}, {}, document.mark)
    words = [document.entries.get("apiVersion"), document.entries.get("kind"), metadata.entries.get("name")]
    api_version, kind, name = (one if isinstance(one, Scalar) and one.text else None for one in words)
    if api_version is None or kind is None or name is None:
        return report(document, "a manifest needs apiVersion, kind and metadata.name")
    for one in (api_version, kind, name):
        if not isinstance(value_of(one, file, []), str):
            return report(one, f"{one.text} must be text", f'write "{one.text}"')
    for key in ("labels", "annotations"):
        found = metadata.entries.get(key)
        if not (found is None or isinstance(found, Mapping) or (isinstance(found, Scalar) and found.is_null)):
            return report(found, f"metadata.{key} must be a mapping, not {kind_of(found)}")
    namespace = metadata.entries.get("namespace")
    if isinstance(namespace, Scalar) and namespace.text != target.namespace:
        return report(namespace, f"namespace '{namespace.text}' is not that of target {target.name}", "leave it out")
    refused = refusal(api_version.text.rpartition("/")[0], kind.text, target)
    return report(kind, *refused) if refused else True


def refuse_doubles(found: list[dict[str, Any]], given: Given) -> None:
    """One object may stand in an app once."""
    seen: set[tuple[str, str, str]] = set()
    for item in found:
        key = (item["apiVersion"].rpartition("/")[0], item["kind"], item["metadata"]["name"])
        if key in seen:
            given.report(("spec",), f"{key[1]}/{key[2]} stands in the manifests twice", "keep one")
        seen.add(key)
