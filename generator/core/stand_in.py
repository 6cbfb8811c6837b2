"""A platform where there is none, so that a definition can be checked and built in any checkout.

It takes whatever a platform might: the targets that definitions name, a namespace that manifests name, kinds of API
groups that are not Kubernetes' own, service accounts. What is wrong on every platform is still told.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.core.define import define
from generator.model.app import App
from generator.model.change import Definition, Version
from generator.model.kinds import KINDS
from generator.model.platform import Kinds, Platform, Repository, Routes, Target
from generator.sources.given import Invocation, Tool, no_tool
from generator.yamlio.node import Mapping, Node, Scalar
from generator.yamlio.problem import YamlProblemError
from generator.yamlio.read import read_documents

TARGET = "default"
NAMESPACE = "default"
_REPOSITORY = Repository(
    name="repository",
    url="https://git.invalid/team/repository",
    forge="gitea",
    webhook_secret="",
    credential="",
    status_credential="",
    write_credential="",
)


def stand_in(versions: Iterable[Version], root: str) -> Platform:
    """A platform of one repository, with its definitions below `root`, and every target that these name."""
    named = {target for version in versions for app in _app(version, b"targets") for target in app.targets}
    targets = tuple(_target(name) for name in (TARGET, *sorted(named - {TARGET})))
    return Platform("pushboat", "", (replace(_REPOSITORY, path=root),), targets)


def _target(name: str) -> Target:
    return Target(name, NAMESPACE, routes=Routes(ingress_class="default"))  # for routes that leave it to the target


def define_anywhere(version: Version, platform: Platform, repository: Repository, tool: Tool = no_tool) -> Definition:
    """`define` for a stand-in, which is made to suit the definition's manifests, or what is rendered to manifests."""
    rendered: list[str] = []

    def remember(invocation: Invocation) -> str:
        rendered.append(tool(invocation))
        return rendered[-1]

    files = {path: base64.b64decode(text) for path, text in version.files.items() if path != version.path}
    manifests = [data for path, data in files.items() if path.endswith((".yaml", ".yml", ".json"))]
    first = define(version, _suited(platform, version, manifests), repository, remember)
    if not rendered or not first.problems:
        return first
    return define(version, _suited(platform, version, [text.encode() for text in rendered]), repository, tool)


def _suited(platform: Platform, version: Version, manifests: list[bytes]) -> Platform:
    """The platform with the targets that the definition names and no others: there may be thousands."""
    documents = [document for data in manifests for document in _documents(data)]
    namespace = next((found for one in documents if (found := _text(one, "metadata", "namespace"))), NAMESPACE)
    groups = sorted({_text(one, "apiVersion").rpartition("/")[0] for one in documents} - KINDS.keys())
    kinds = tuple(Kinds((), group) for group in groups)
    apps = list(_app(version, b"targets", b"serviceAccount"))
    accounts = tuple(one.service_account for app in apps for one in app.components)
    named = [name for app in apps for name in app.targets] or [TARGET]
    targets = (_target(name) for name in named)
    suited = (replace(one, namespace=namespace, kinds=kinds, service_accounts=accounts) for one in targets)
    return replace(platform, targets=tuple(suited))


def _app(version: Version, *words: bytes) -> Iterator[App]:
    """The app, if its definition has one of the words: most have not, and reading all twice takes twice as long."""
    data = base64.b64decode(version.files.get(version.path, ""))
    if any(word in data for word in words):
        nowhere = Platform("", "", (_REPOSITORY,), ())
        app = define(version, nowhere, _REPOSITORY, old=True).app
        if app:
            yield app


def _documents(data: bytes) -> list[Node]:
    try:
        return read_documents(data, "")
    except YamlProblemError:
        return []  # told where the file is read in earnest, if it is


def _text(node: Node, *way: str) -> str:
    found: Node | None = node
    for step in way:
        found = found.entries.get(step) if isinstance(found, Mapping) else None
    return found.text if isinstance(found, Scalar) else ""
