"""The Application, field by field."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

from generator.model.app import App, Deletion, Helm, Kustomize, Metadata, OnNewCommit, Timeouts
from generator.schema import patterns
from generator.schema.collections import ListOf, MapOf, Values
from generator.schema.component import COMPONENT
from generator.schema.object import Field, Object
from generator.schema.report import Place
from generator.schema.types import Choice, Duration, Flag, Text

API_VERSION = "pushboat.dev/v1alpha1"

_VERSION = Text(re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}"), "at most 63 letters, digits and . _ + -")


def _deletion_order(app: App, place: Place) -> None:
    known = [component.name for component in app.components]
    for name in app.deletion.order:
        if name not in known:
            place.add(f"{place.full('deletion.order')} names '{name}', which is no component", at="deletion")


HEADER = (
    Field("apiVersion", Choice((API_VERSION,)), "The version of this language.", required=True),
    Field("kind", Choice(("Application",)), "What this document is.", required=True),
)
METADATA = Object(
    Metadata,
    (
        Field(
            "name",
            patterns.APP_NAME,
            f"The app's name, one of a kind in the whole platform: {patterns.NAME_WHAT}.",
            required=True,
            example="orders",
        ),
        Field(
            "labels",
            MapOf(patterns.LABEL_VALUE, patterns.LABEL_KEY),
            "Labels for every object of the app. Keys below `pushboat.dev/` and `kubernetes.io/` are refused.",
            example="{team: checkout}",
        ),
    ),
)
_HELM = Object(
    Helm,
    (
        Field(
            "chart",
            patterns.BESIDE_FOLDER,
            "The chart beside `app.yaml`: a folder with a Chart.yaml, or a vendored archive.",
            required=True,
            example="chart",
        ),
        Field("values", Values(), "Values that win over all files.", example="{replicaCount: 2}"),
        Field(
            "valueFiles",
            ListOf(patterns.BESIDE, unique="self"),
            "Files of values beside `app.yaml`, later ones winning.",
            example="[values/production.yaml]",
        ),
    ),
)
_KUSTOMIZE = Object(
    Kustomize,
    (
        Field(
            "folder",
            patterns.BESIDE_FOLDER,
            "The folder beside `app.yaml` with the kustomization.",
            required=True,
            example="overlays/production",
        ),
    ),
)
_DELETION = Object(
    Deletion,
    (
        Field(
            "data",
            Choice(("retain", "delete")),
            "What becomes of claims (PersistentVolumeClaims).",
            example="delete",
        ),
        Field(
            "order",
            ListOf(patterns.APP_NAME, unique="self"),
            "Components whose workloads are removed first, one after the other, each gone before the next.",
            default="all at once",
            example="[api, database]",
        ),
        Field("timeout", Duration(), "How long until everything must be confirmed gone.", example="30m"),
    ),
)
_TIMEOUTS = Object(
    Timeouts,
    (Field("health", Duration(), "How long a release may take until all of it is healthy.", example="10m"),),
)
SPEC = Object(
    partial(App, name=""),
    (
        Field(
            "version",
            _VERSION,
            "What people call this release: at most 63 letters, digits and `. _ + -`. It is shown everywhere, and "
            "compared nowhere.",
            required=True,
            example='"1.4.2"',
        ),
        Field(
            "deleted",
            Flag(),
            "The delete mark: the app is removed, and then this definition leaves Git. Leave the rest of it as it is.",
            example="true",
        ),
        Field(
            "targets",
            ListOf(patterns.OBJECT_NAME, unique="self"),
            "Where the app runs. Each must be one that the repository may deliver to.",
            default="the repository's first target",
            example="[eu, us]",
        ),
        Field(
            "components",
            ListOf(COMPONENT, unique="name", least=1, most=100),
            "Workloads by image.",
            example="[{name: api, kind: Deployment, image: registry.example/api:1.0}]",
        ),
        Field(
            "manifests",
            ListOf(patterns.BESIDE_FOLDER, unique="self", least=1),
            "Kubernetes manifests: files, or folders with YAML files, beside `app.yaml`.",
            example="[k8s]",
        ),
        Field("helm", _HELM, "A Helm chart, rendered by helm itself.", example="{chart: chart}"),
        Field(
            "kustomize",
            _KUSTOMIZE,
            "A kustomization, built by kustomize itself.",
            example="{folder: overlays/production}",
        ),
        Field(
            "dependsOn",
            ListOf(patterns.APP_NAME, unique="self"),
            "Apps that must be healthy on the same target before this one is rolled out, and that are not removed "
            "before it.",
            example="[database]",
        ),
        Field("deletion", _DELETION, "How the app is removed.", example="{data: delete, timeout: 30m}"),
        Field("timeouts", _TIMEOUTS, "How long phases may take.", example="{health: 10m}"),
        Field(
            "onNewCommit",
            Choice(tuple(one.value for one in OnNewCommit), OnNewCommit),
            "What a new push of the app does to its other runs. `supersede`: those that still wait are cancelled, and "
            "the one at work ends before the new one begins. `queue`: every push is delivered, in order. `cancel`: the "
            "one at work stops where it safely can, and the new one begins at once.",
            example="queue",
        ),
    ),
    one_of=(("components", "manifests", "helm", "kustomize"),),
    check=_deletion_order,
)


def _app(metadata: Metadata, spec: App, **_: Any) -> App:
    return replace(spec, name=metadata.name, labels=metadata.labels)


APPLICATION = Object(
    _app,
    (
        *HEADER,
        Field("metadata", METADATA, "What the app is called.", required=True, example="{name: orders}"),
        Field("spec", SPEC, "What the app is.", required=True),
    ),
)
