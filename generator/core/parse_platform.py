"""Parse a Platform: what a platform team configures once per cluster."""

from __future__ import annotations

import re

from generator.core.fields import Fields
from generator.core.parse_app import API_VERSION
from generator.model.names import LABEL, LABEL_WHAT, MAX_REPOSITORY, MAX_TARGET
from generator.model.platform import Kinds, Limits, Platform, Repository, Target
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents

# The parsers know the names of the forges, not the plug-ins: the contract tests hold the two together.
FORGES = ("github", "gitea")

# 1 to 65535
_PORT = re.compile(r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]")
_URL = re.compile(rf"https?://[A-Za-z0-9.-]+(:({_PORT.pattern}))?/[A-Za-z0-9._~-]+/[A-Za-z0-9._~-]+")
_BRANCH = re.compile(r"(?!.*(\.\.|//|/$|\.lock$|^/|^-))[A-Za-z0-9._/-]{1,200}")
_PATH = re.compile(r"(?!.*(^|/)\.\.(/|$))(\.|[A-Za-z0-9._@+-]+(/[A-Za-z0-9._@+-]+)*)")
_SECRET = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_IMAGE = re.compile(r"[A-Za-z0-9./:_-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})")
_CRON = re.compile(r"[0-9*/,-]+( [0-9*/,A-Za-z-]+){4}")


def parse_platform(data: bytes, path: str) -> tuple[Platform | None, tuple[Problem, ...]]:
    """A Platform, or its problems, sorted by position."""
    try:
        documents = read_documents(data, path)
    except YamlProblemError as error:
        return None, (error.problem,)
    if len(documents) != 1:
        return None, (Problem(path, 1, 1, f"a platform is one document; this file has {len(documents)}"),)
    problems: list[Problem] = []
    platform = _platform(Fields(documents[0], path, problems))
    return (None if problems else platform), tuple(sorted(set(problems)))


def _platform(top: Fields) -> Platform:
    top.choice("apiVersion", [API_VERSION])
    top.choice("kind", ["Platform"])
    spec, limits = top.child("spec"), top.child("spec").child("limits")
    targets = tuple(_target(child) for child in spec.children("targets"))
    repositories = tuple(_repository(child, targets) for child in spec.children("repositories"))
    platform = Platform(
        namespace=spec.text("namespace", like=LABEL, what=LABEL_WHAT),
        image=spec.text("image", like=_IMAGE, what="an image with a tag or digest"),
        repositories=repositories,
        targets=targets,
        egress_ports=_ports(spec),
        catch_up=spec.text("catchUp", "*/5 * * * *", like=_CRON, what="a cron schedule such as */5 * * * *"),
        limits=Limits(pods=limits.integer("pods", 50, 5, 10000) or 50),
    )
    if platform.image.endswith(":latest"):
        spec.report(spec.mark_of("image"), "spec.image is :latest", "name a version, so that a bundle stays the same")
    for needed in ("repositories", "targets"):
        if not spec.items(needed):
            spec.report(spec.mark, f"spec.{needed} is empty", "name at least one")
        _refuse_doubles(spec, needed, "name")
    _refuse_doubles(spec, "targets", "namespace")
    _refuse_own_namespace(platform, spec)
    spec.asked.append("limits")
    for fields in (top, spec, limits):
        fields.close()
    return platform


def _refuse_doubles(spec: Fields, items: str, field: str) -> None:
    seen: set[str] = set()
    for child in spec.children(items):
        text = child.text(field, "")
        if text and text in seen:
            spec.report(child.mark_of(field), f"two {items} have the {field} '{text}'")
        seen.add(text)


def _refuse_own_namespace(platform: Platform, spec: Fields) -> None:
    for target, child in zip(platform.targets, spec.children("targets"), strict=True):
        if target.namespace == platform.namespace:
            hint = "apps could change the bundle's own records there"
            child.report(child.mark_of("namespace"), f"target {target.name} is the bundle's own namespace", hint)


def _repository(fields: Fields, targets: tuple[Target, ...]) -> Repository:
    name = fields.text(
        "name",
        like=re.compile(rf"(?=.{{1,{MAX_REPOSITORY}}}$){LABEL.pattern}"),
        what=f"at most {MAX_REPOSITORY} lower-case letters, digits and hyphens",
    )
    credential = _secret(fields, "credential", f"{name}-git")
    repository = Repository(
        name=name,
        url=fields.text("url", like=_URL, what="https://HOST/OWNER/REPOSITORY, without a user").removesuffix(".git"),
        forge=fields.choice("forge", FORGES),
        webhook_secret=_secret(fields, "webhookSecret", f"{name}-webhook"),
        credential=credential,
        status_credential=_secret(fields, "statusCredential", credential),
        write_credential=_secret(fields, "writeCredential", credential),
        branch=fields.text("branch", "main", like=_BRANCH, what="the name of a branch"),
        path=fields.text("path", "apps", like=_PATH, what="a folder of the repository, or '.'"),
        targets=fields.texts("targets", like=LABEL, what=LABEL_WHAT),
    )
    for target in repository.targets:
        if target not in {one.name for one in targets}:
            fields.report(fields.mark_of("targets"), f"{fields.full('targets')}: there is no target '{target}'")
    fields.close()
    return repository


def _ports(spec: Fields) -> tuple[int, ...]:
    texts = spec.texts("egressPorts", like=_PORT, what="a port number")
    return tuple(int(text) for text in texts)


def _secret(fields: Fields, name: str, default: str) -> str:
    return fields.text(name, default, like=_SECRET, what="a name of lower-case letters, digits, hyphens and dots")


def _target(fields: Fields) -> Target:
    name = fields.text(
        "name",
        like=re.compile(rf"(?=.{{1,{MAX_TARGET}}}$){LABEL.pattern}"),
        what=f"at most {MAX_TARGET} lower-case letters, digits and hyphens",
    )
    target = Target(
        name=name,
        namespace=fields.text("namespace", like=LABEL, what=LABEL_WHAT),
        kinds=tuple(_kinds(child) for child in fields.children("kinds")),
    )
    fields.close()
    return target


def _kinds(fields: Fields) -> Kinds:
    kinds = Kinds(
        group=fields.text("group", "", like=re.compile(r"[a-z0-9.-]*"), what="an API group"),
        resources=fields.texts("resources", like=re.compile(r"[a-z]+"), what="a plural resource name"),
    )
    fields.close()
    return kinds
