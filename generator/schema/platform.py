"""The Platform, field by field."""

from __future__ import annotations

import re
from typing import Any

from generator.model.names import LABEL, MAX_REPOSITORY, MAX_TARGET
from generator.model.platform import Kinds, Limits, Platform, Repository, Routes, Target
from generator.schema import patterns, rules
from generator.schema.application import API_VERSION
from generator.schema.collections import ListOf
from generator.schema.object import Field, Object
from generator.schema.report import Place
from generator.schema.types import Choice, Integer, Text

# The language knows the names of the forges, not the plug-ins: the contract tests hold the two together.
FORGES = ("github", "gitea")

# 1 to 65535
_PORT = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_URL = Text(
    re.compile(rf"https?://[A-Za-z0-9.-]*[A-Za-z0-9](:{_PORT})?(/(?!\.\.?(/|$))[A-Za-z0-9._~-]+){{2}}"),
    "https://HOST/OWNER/REPOSITORY, without a user",
    word="URL",
)
_BRANCH = Text(
    re.compile(r"(?!.*(\.\.|//|/$|\.lock$|^/|^-))[A-Za-z0-9._/-]{1,200}"), "the name of a branch", word="branch"
)
_PATH = Text(
    re.compile(r"(?!-)(?!.*(^|/)(\.\.|\.git)(/|$))(\.|[A-Za-z0-9._@+-]+(/[A-Za-z0-9._@+-]+)*)"),
    "a folder of the repository, or '.'",
    word="path",
)
_IMAGE = Text(
    re.compile(r"[A-Za-z0-9./:_-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})"),
    "an image with a tag or digest",
    word="image",
)
_SECRET = patterns.DOTTED_NAME
_OF_KUBERNETES = ("kube-system", "kube-public", "kube-node-lease")


def _name(most: int) -> Text:
    grammar = re.compile(rf"(?=.{{1,{most}}}$){LABEL.pattern}")
    return Text(grammar, f"at most {most} lower-case letters, digits and hyphens", word="name")


def _repository(name: str, url: str, **rest: Any) -> Repository:
    credential = rest.pop("credential", f"{name}-git")
    also = {"webhook_secret": f"{name}-webhook", "status_credential": credential, "write_credential": credential}
    return Repository(name=name, url=url.removesuffix(".git"), credential=credential, **(also | rest))


_REPOSITORY = Object(
    _repository,
    (
        Field(
            "name",
            _name(MAX_REPOSITORY),
            f"At most {MAX_REPOSITORY} lower-case letters, digits and hyphens; the name in "
            "`tkn pipeline start deliver -p repository=NAME`.",
            required=True,
            example="shop",
        ),
        Field(
            "url",
            _URL,
            "Where it is, over http or https, without user, query or fragment: `HOST/OWNER/REPOSITORY`. A `.git` at "
            "the end is dropped. The rest of the path must be what the Git host calls the repository, so a host below "
            "a sub-path is not supported. Redirects are not followed.",
            required=True,
            example="https://git.example.com/team/shop",
        ),
        Field(
            "forge",
            Choice(FORGES),
            "The Git host: `gitea` (Forgejo too) or `github` (Enterprise Server too).",
            required=True,
            example="gitea",
        ),
        Field(
            "branch",
            _BRANCH,
            "The branch that is delivered. Pushes to others start nothing.",
            example="production",
        ),
        Field(
            "path",
            _PATH,
            "The folder that holds the definitions; `.` is the whole repository.",
            example="deploy/apps",
        ),
        Field(
            "targets",
            ListOf(patterns.OBJECT_NAME, unique="self"),
            "The targets it may deliver to, the first being its default.",
            default="all targets",
            example="[default]",
        ),
        Field(
            "webhookSecret",
            _SECRET,
            "The Secret whose key `secret` signs the webhook.",
            default="`NAME-webhook`",
            example="shop-webhook",
        ),
        Field(
            "credential",
            _SECRET,
            "The Secret whose key `token` reads the repository.",
            default="`NAME-git`",
            example="shop-read",
        ),
        Field(
            "statusCredential",
            _SECRET,
            "The Secret whose key `token` writes commit statuses.",
            default="`credential`",
            example="shop-status",
        ),
        Field(
            "writeCredential",
            _SECRET,
            "The Secret whose key `token` may push, to remove definitions.",
            default="`credential`",
            example="shop-write",
        ),
    ),
)
_KINDS = Object(
    Kinds,
    (
        Field(
            "group",
            Text(re.compile(r"[a-z0-9.-]*"), "an API group", word="API group"),
            "The API group; empty for the core group.",
            example="cert-manager.io",
        ),
        Field(
            "resources",
            ListOf(
                Text(re.compile(r"(?!secrets$)[a-z]+"), "a plural resource name, other than secrets", word="name"),
                least=1,
            ),
            "Plural resource names. A Secret does not belong in Git.",
            required=True,
            example="[certificates]",
        ),
    ),
)
_ROUTES = Object(
    Routes,
    (
        Field("gateway", Text(rules.GATEWAY, "NAMESPACE/NAME of a Gateway"), "A Gateway.", example="edge/public"),
        Field("ingressClass", patterns.DOTTED_NAME, "Or the class of Ingresses.", example="nginx"),
    ),
    one_of=(("gateway", "ingressClass"),),
)
_TARGET = Object(
    Target,
    (
        Field(
            "name",
            _name(MAX_TARGET),
            f"At most {MAX_TARGET} lower-case letters, digits and hyphens.",
            required=True,
            example="default",
        ),
        Field(
            "namespace",
            patterns.OBJECT_NAME,
            "The namespace of its apps. It must exist, and must not be the bundle's own. One target per namespace.",
            required=True,
            example="shop",
        ),
        Field(
            "kinds",
            ListOf(_KINDS),
            "Kinds that apps may have here besides those that every target takes.",
            example="[{group: cert-manager.io, resources: [certificates]}]",
        ),
        Field(
            "routes",
            _ROUTES,
            "How a component's `route` is made here unless it says so itself.",
            example="{gateway: edge/public}",
        ),
        Field(
            "serviceAccounts",
            ListOf(patterns.OBJECT_NAME, unique="self"),
            "The service accounts that pods may name, besides those that an app makes itself.",
            example="[orders]",
        ),
        Field(
            "podSecurity",
            Choice(("baseline", "privileged")),
            "What pods of manifests, charts and kustomizations are held to: Kubernetes' Pod Security Standard "
            "`baseline`, or nothing. Components are `restricted` always.",
        ),
    ),
)
_LIMITS = Object(
    Limits,
    (
        Field(
            "pods",
            Integer(5, 10000),
            "How many pods the bundle's namespace may have at once, the listener's included; a ResourceQuota. Runs "
            "over it wait.",
            example="100",
        ),
    ),
)


def _check(platform: Platform, place: Place) -> None:
    if platform.image.endswith(":latest"):
        place.add("spec.image is :latest", "name a version, so that a bundle stays the same", at="image")
    for index, repository in enumerate(platform.repositories):
        for target in repository.targets:
            if target not in {one.name for one in platform.targets}:
                way = ("repositories", index, "targets")
                place.add_at(way, f"spec.repositories[{index}].targets: there is no target '{target}'")
    seen: set[str] = set()
    for index, one in enumerate(platform.targets):
        way = ("targets", index, "namespace")
        if one.namespace and one.namespace in seen:
            place.add_at(way, f"two targets have the namespace '{one.namespace}'", "give each its own")
        if one.namespace and one.namespace == platform.namespace:
            hint = "apps could change the bundle's own records there"
            place.add_at(way, f"target {one.name} is the bundle's own namespace", hint)
        if one.namespace in _OF_KUBERNETES:
            place.add_at(
                way, f"target {one.name} is Kubernetes' own namespace {one.namespace}", "give its apps another"
            )
        seen.add(one.namespace)


SPEC = Object(
    Platform,
    (
        Field(
            "namespace",
            patterns.OBJECT_NAME,
            "The namespace of the bundle, at most 63 characters. The bundle makes it; it enforces Pod Security "
            "`restricted`. Give it to nobody else: who may create pods or runs there can act as every identity of the "
            "bundle.",
            required=True,
            example="pushboat",
        ),
        Field(
            "image",
            _IMAGE,
            "The step image, with a tag or a digest; `:latest` is refused.",
            required=True,
            example="registry.example/pushboat-step:0.1.0",
        ),
        Field(
            "repositories",
            ListOf(_REPOSITORY, unique="name", least=1),
            "The repositories that deliver apps.",
            required=True,
        ),
        Field("targets", ListOf(_TARGET, unique="name", least=1), "Where apps run.", required=True),
        Field(
            "catchUp",
            Text(re.compile(r"[0-9*/,-]+( [0-9*/,A-Za-z-]+){4}"), "a cron schedule such as */5 * * * *", word="cron"),
            "How often the branches are compared with the ledgers, in case a webhook was lost. Each time costs one "
            "short pod.",
            example='"*/15 * * * *"',
        ),
        Field(
            "egressPorts",
            ListOf(Integer(1, 65535), unique="self"),
            "Ports that the bundle's pods may reach besides DNS, 443, 6443, 8443 and the ports of the repositories' "
            "URLs: an API server's, say.",
            example="[16443]",
        ),
        Field("limits", _LIMITS, "Bounds on what the bundle may use at once.", example="{pods: 100}"),
    ),
    check=_check,
)


PLATFORM = Object(
    lambda spec, **_: spec,
    (
        Field("apiVersion", Choice((API_VERSION,)), "The version of this language.", required=True),
        Field("kind", Choice(("Platform",)), "What this document is.", required=True),
        Field("spec", SPEC, "What the platform is.", required=True),
    ),
)
