"""Parse an Application: from a document with positions to an App, or to all its problems at once."""

from __future__ import annotations

import re

from generator.core.fields import Fields
from generator.model.app import App, Component, ConfigFile, EnvVar, Kind, Port, Storage, Timeouts
from generator.model.names import LABEL, MAX_APP
from generator.yamlio.node import Mapping, Node, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents

API_VERSION = "pushboat.dev/v1alpha1"

_NAME = re.compile(rf"(?={LABEL.pattern}$)(?=.{{1,{MAX_APP}}}$)[a-z].*")
_NAME_WHAT = f"at most {MAX_APP} lower-case letters, digits and hyphens, starting with a letter"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}")
# Reference grammar of the OCI distribution specification, without upper-case repository names.
_IMAGE = re.compile(
    r"([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?"
)
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
_ABSOLUTE = re.compile(r"/[A-Za-z0-9._/@+-]*[A-Za-z0-9._@+-]")
_RELATIVE = re.compile(r"(?!.*(^|/)\.\.(/|$))[A-Za-z0-9._@+-]+(/[A-Za-z0-9._@+-]+)*")
_LABEL_KEY = re.compile(
    r"(?!([a-z0-9.-]*\.)?(pushboat\.dev|kubernetes\.io)/)([a-z0-9.-]{1,200}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
)
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")


def parse_app(data: bytes, path: str) -> tuple[App | None, str, tuple[Problem, ...]]:
    """An App, its name as far as it could be told, and the problems; there is an App exactly when there are none."""
    try:
        documents = read_documents(data, path)
    except YamlProblemError as error:
        return None, "", (error.problem,)
    if len(documents) != 1:
        mark = documents[1].mark if documents else None
        message = f"a definition is one document; this file has {len(documents)}"
        return None, "", (Problem(path, mark.line if mark else 1, 1, message, "put each Application in its own file"),)
    stray = _stray(documents[0], path)
    if stray:
        return None, "", (stray,)
    problems: list[Problem] = []
    app = _application(Fields(documents[0], path, problems))
    return (None if problems else app), _peek_name(documents[0]), tuple(sorted(set(problems)))


def _stray(document: Node, path: str) -> Problem | None:
    """One sentence for a file that was never meant to be a definition, instead of one for each field it lacks."""
    fields = document.entries if isinstance(document, Mapping) else {}
    kind = fields.get("kind")
    if isinstance(kind, Scalar) and (kind.text == "Application" or "apiVersion" not in fields):
        return None
    found = f"kind {kind.text}" if isinstance(kind, Scalar) else "no kind"
    hint = "every YAML file here is taken for a definition, except those of a folder with an app.yaml"
    return Problem(path, document.mark.line, document.mark.column, f"not an Application: it has {found}", hint)


def _peek_name(document: Node) -> str:
    metadata = document.entries.get("metadata") if isinstance(document, Mapping) else None
    name = metadata.entries.get("name") if isinstance(metadata, Mapping) else None
    return name.text if isinstance(name, Scalar) and _NAME.fullmatch(name.text) else ""


def _application(top: Fields) -> App:
    top.choice("apiVersion", [API_VERSION])
    top.choice("kind", ["Application"])
    metadata, spec = top.child("metadata"), top.child("spec")
    name = metadata.text("name", like=_NAME, what=_NAME_WHAT)
    labels = metadata.mapping(
        "labels", keys=_LABEL_KEY, like=_LABEL_VALUE, what="a label value of at most 63 characters"
    )
    deletion, timeouts = spec.child("deletion"), spec.child("timeouts")
    app = App(
        name=name,
        version=spec.text("version", like=_VERSION, what="at most 63 letters, digits and . _ + -"),
        deleted=spec.flag("deleted", default=False),
        targets=spec.texts("targets", like=LABEL, what="a name of lower-case letters, digits and hyphens"),
        labels=labels,
        components=tuple(_component(child) for child in spec.children("components")),
        manifests=spec.texts("manifests", like=_RELATIVE, what="a file or folder beside app.yaml"),
        delete_data=deletion.choice("data", ["retain", "delete"], "retain") == "delete",
        timeouts=Timeouts(health=timeouts.seconds("health", 300), delete=timeouts.seconds("delete", 300)),
    )
    for fields in (top, metadata, spec, deletion, timeouts):
        fields.close()
    _check_sources(app, spec)
    return app


def _check_sources(app: App, spec: Fields) -> None:
    if bool(app.components) == bool(app.manifests):
        which = "both components and manifests" if app.components else "neither components nor manifests"
        spec.report(spec.mark, f"spec has {which}", "give exactly one of them")
    seen: set[str] = set()
    for component, node in zip(app.components, spec.items("components"), strict=True):
        if component.name in seen:
            spec.report(node.mark, f"two components are called '{component.name}'")
        seen.add(component.name)


def _component(fields: Fields) -> Component:
    resources = fields.child("resources")
    kind = Kind(fields.choice("kind", [kind.value for kind in Kind]) or Kind.DEPLOYMENT.value)
    component = Component(
        name=fields.text("name", like=_NAME, what=_NAME_WHAT),
        kind=kind,
        image=fields.text("image", like=_IMAGE, what="an image reference such as registry.example/team/app:1.0"),
        command=fields.texts("command"),
        args=fields.texts("args"),
        env=tuple(_env(child) for child in fields.children("env")),
        ports=tuple(_port(child) for child in fields.children("ports")),
        replicas=fields.integer("replicas", 1, 0, 1000) or 0,
        requests=resources.mapping("requests", like=_QUANTITY, what="a quantity such as 250m or 128Mi"),
        limits=resources.mapping("limits", like=_QUANTITY, what="a quantity such as 500m or 256Mi"),
        files=tuple(_file(child) for child in fields.children("files")),
        storage=tuple(_storage(child) for child in fields.children("storage")),
        run_as_user=fields.integer("runAsUser", None, 1, 2**31 - 1),
    )
    resources.close()
    fields.close()
    _check_component(component, fields)
    return component


def _check_component(component: Component, fields: Fields) -> None:
    if component.storage and component.kind is not Kind.STATEFUL_SET:
        fields.report(fields.mark_of("storage"), f"{fields.full('storage')} needs kind: StatefulSet")
    if component.kind is Kind.JOB and (component.ports or fields.has("replicas")):
        fields.report(fields.mark, f"{fields.where}: a Job has neither ports nor replicas")
    if component.image.endswith(":latest"):
        fields.report(
            fields.mark_of("image"),
            f"{fields.full('image')} is :latest",
            "name a version, so that a release stays the same",
        )
    for label, names in (("ports", [p.name for p in component.ports]), ("files", [f.path for f in component.files])):
        for double in sorted({name for name in names if names.count(name) > 1}):
            fields.report(fields.mark_of(label), f"{fields.full(label)} names '{double}' twice")


def _port(fields: Fields) -> Port:
    name = fields.text(
        "name",
        like=re.compile(r"[a-z]([-a-z0-9]{0,13}[a-z0-9])?"),
        what="at most 15 lower-case letters, digits and hyphens",
    )
    if not fields.has("port"):
        fields.report(fields.mark, f"{fields.full('port')} is missing")
    port = Port(name, fields.integer("port", 0, 1, 65535) or 0)
    fields.close()
    return port


def _env(fields: Fields) -> EnvVar:
    name = fields.text("name", like=_ENV, what="letters, digits, '_', '.' and '-'")
    sources = [key for key in ("value", "secret", "configMap") if fields.has(key)]
    if len(sources) != 1:
        fields.report(fields.mark, f"{fields.where} needs exactly one of value, secret and configMap")
    value = fields.text("value", "", most=32768)
    secret, config_map = fields.child("secret"), fields.child("configMap")
    named = secret if fields.has("secret") else config_map
    found = ("", "")
    if fields.has("secret") or fields.has("configMap"):
        found = (
            named.text(
                "name",
                like=re.compile(r"[a-z0-9.-]{1,253}"),
                what="a name of lower-case letters, digits, hyphens and dots",
            ),
            named.text("key"),
        )
        named.close()
    fields.close()
    by_secret = fields.has("secret")
    return EnvVar(name, value, found[0] if by_secret else "", "" if by_secret else found[0], found[1])


def _file(fields: Fields) -> ConfigFile:
    path = fields.text("path", like=_ABSOLUTE, what="an absolute path")
    if fields.has("text") == fields.has("from"):
        fields.report(fields.mark, f"{fields.where} needs exactly one of text and from")
    file = ConfigFile(
        path=path,
        text=fields.text("text", "", most=262144),
        source=fields.text("from", "", like=_RELATIVE, what="a file beside app.yaml"),
    )
    fields.close()
    return file


def _storage(fields: Fields) -> Storage:
    storage = Storage(
        name=fields.text("name", like=LABEL, what="lower-case letters, digits and hyphens"),
        path=fields.text("path", like=_ABSOLUTE, what="an absolute path"),
        size=fields.text("size", like=_QUANTITY, what="a size such as 10Gi"),
        storage_class=fields.text(
            "storageClass",
            "",
            like=re.compile(r"[a-z0-9.-]{1,253}"),
            what="a name of lower-case letters, digits, hyphens and dots",
        ),
    )
    fields.close()
    return storage
