"""The Git host of a repository, as the planner reaches it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from generator.forges import FORGES
from generator.gitrepo.command import Git
from generator.gitrepo.repository import Repository
from generator.model.errors import UserError
from generator.model.inventory import ObjectRef
from generator.steps.shell import platform, root

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.model.platform import Repository as Settings


def secret_token(api: Api, name: str) -> str:
    """The token in a Secret of the bundle's namespace. Raises UserError that says how to make it."""
    namespace = platform().namespace
    found = api.get(ObjectRef("v1", "Secret", namespace, name))
    data = (found or {}).get("data", {})
    if "token" not in data:
        missing = "has no key 'token'" if found else "is missing"
        mend = f"kubectl -n {namespace} create secret generic {name} --from-file=token=FILE"
        raise UserError(f"Secret {name} in namespace {namespace} {missing}: {mend}")
    return base64.b64decode(data["token"]).decode().strip()


def open_repository(settings: Settings, token: str) -> Repository:
    """A bare copy in the pod's own memory."""
    user = FORGES[settings.forge].GIT_USER
    return Repository(Git(root() / "work" / f"git-{settings.name}", url=settings.url, user=user, token=token))
