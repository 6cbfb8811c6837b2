"""Parse one image-based component of an Application."""

from __future__ import annotations

import re

from generator.core.fields import Fields
from generator.model.app import Component, ConfigFile, EnvVar, Kind, Port, Storage
from generator.model.names import LABEL, LABEL_WHAT, MAX_APP

NAME = re.compile(rf"(?={LABEL.pattern}$)(?=.{{1,{MAX_APP}}}$)[a-z].*")
NAME_WHAT = f"at most {MAX_APP} lower-case letters, digits and hyphens, starting with a letter"
# Reference grammar of the OCI distribution specification, without upper-case repository names.
_IMAGE = re.compile(
    r"([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?"
)
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
_ABSOLUTE = re.compile(r"/[A-Za-z0-9._/@+-]*[A-Za-z0-9._@+-]")
RELATIVE = re.compile(r"(?!.*(^|/)\.\.(/|$))[A-Za-z0-9._@+-]+(/[A-Za-z0-9._@+-]+)*")


def parse_component(fields: Fields) -> Component:
    """A Component; what is wrong is reported through `fields`, and a default stands in for it."""
    resources = fields.child("resources")
    kind = Kind(fields.choice("kind", [kind.value for kind in Kind]) or Kind.DEPLOYMENT.value)
    component = Component(
        name=fields.text("name", like=NAME, what=NAME_WHAT),
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
    _refuse_doubles(fields, "env", [one.name for one in component.env])
    _refuse_doubles(fields, "ports", [one.name for one in component.ports])
    _refuse_doubles(fields, "files", [one.path for one in component.files])
    _refuse_doubles(fields, "storage", [one.name for one in component.storage])


def _refuse_doubles(fields: Fields, items: str, found: list[str]) -> None:
    for double in sorted({name for name in found if name and found.count(name) > 1}):
        fields.report(fields.mark_of(items), f"{fields.full(items)} names '{double}' twice")


def _port(fields: Fields) -> Port:
    name = fields.text(
        "name",
        like=re.compile(r"[a-z]([-a-z0-9]{0,13}[a-z0-9])?"),
        what="at most 15 lower-case letters, digits and hyphens",
    )
    if not fields.given("port"):
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
        source=fields.text("from", "", like=RELATIVE, what="a file beside app.yaml"),
    )
    fields.close()
    return file


def _storage(fields: Fields) -> Storage:
    storage = Storage(
        name=fields.text("name", like=LABEL, what=LABEL_WHAT),
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
