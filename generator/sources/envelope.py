"""What every manifest has to have around its spec, and what it must leave to the cluster and to Pushboat."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.model.names import DOMAIN
from generator.model.platform import Target
from generator.sources.kinds import refusal
from generator.yamlio.node import Mapping, Node, Scalar, kind_of
from generator.yamlio.value import value_of

Report = Callable[[Node, str, str], None]  # where, what, and what to do

# Roles may hold a colon; nothing that a path of the API would take for more than one name.
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?")
_API_VERSION = re.compile(r"([a-z0-9.-]+/)?v[0-9]+((alpha|beta)[0-9]+)?")
_OF_THE_CLUSTER = (
    "uid",
    "resourceVersion",
    "generation",
    "managedFields",
    "ownerReferences",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)


def check(document: Node, target: Target, report: Report) -> bool:
    """Whether the document is an object that the target takes; what is wrong is reported."""
    if not isinstance(document, Mapping):
        report(document, f"a manifest must be a mapping, not {kind_of(document)}", "")
        return False
    found = document.entries.get("metadata")
    metadata = found if isinstance(found, Mapping) else Mapping({}, {}, document.mark)
    words = [document.entries.get("apiVersion"), document.entries.get("kind"), metadata.entries.get("name")]
    texts = [one for one in words if isinstance(one, Scalar) and one.text]
    if len(texts) < len(words):
        report(document, "a manifest needs apiVersion, kind and metadata.name", "")
        return False
    problems = [*_words(texts), *_metadata(metadata, target)]
    refused = refusal(texts[0].text.rpartition("/")[0], texts[1].text, target)
    for node, message, hint in problems or ([(texts[1], *refused)] if refused else []):
        report(node, message, hint)
    return not problems and not refused


Found = tuple[Node, str, str]


def _words(texts: list[Scalar]) -> list[Found]:
    found: list[Found] = [
        (one, f"{one.text} must be text", f'write "{one.text}"')
        for one in texts
        if not isinstance(value_of(one, "", []), str)
    ]
    version, _, name = texts
    if not found and not _API_VERSION.fullmatch(version.text):
        found.append((version, f"apiVersion is {kind_of(version)}; it must be like v1 or apps/v1", ""))
    if not found and not _NAME.fullmatch(name.text):
        message = f"metadata.name is {kind_of(name)}; it must be at most 253 letters, digits, '-', '.' and ':'"
        found.append((name, message, ""))
    return found


def _metadata(metadata: Mapping, target: Target) -> list[Found]:
    found: list[Found] = []
    for field, node in metadata.entries.items():
        is_null = isinstance(node, Scalar) and node.is_null
        if field in _OF_THE_CLUSTER and not is_null:
            found.append((node, f"metadata.{field} is the cluster's to write", "leave it out"))
        elif field in ("labels", "annotations") and not is_null:
            found += _keys(field, node)
        elif field == "namespace" and not (isinstance(node, Scalar) and node.text == target.namespace):
            found.append((node, f"namespace {kind_of(node)} is not that of target {target.name}", "leave it out"))
    return found


def _keys(field: str, node: Node) -> list[Found]:
    if not isinstance(node, Mapping):
        return [(node, f"metadata.{field} must be a mapping, not {kind_of(node)}", "")]
    ours = [
        key for key in node.entries if key.partition("/")[0] == DOMAIN or key.partition("/")[0].endswith(f".{DOMAIN}")
    ]
    found = [(node.entries[key], f"metadata.{field}.{key} is Pushboat's own", "leave it out") for key in ours]
    return found + [_no_text(f"metadata.{field}.{key}", one) for key, one in node.entries.items() if not _is_text(one)]


def _is_text(node: Node) -> bool:
    """Null counts: the API server reads it as an empty text."""
    return isinstance(node, Scalar) and (node.is_null or isinstance(value_of(node, "", []), str))


def _no_text(field: str, node: Node) -> Found:
    hint = f'write "{node.text}"' if isinstance(node, Scalar) else ""
    return node, f"{field} must be text, not {kind_of(node)}", hint
