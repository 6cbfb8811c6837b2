"""Names of objects: short, readable, and the same for the same input."""

import hashlib
import re

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL_WHAT = "a name of at most 63 lower-case letters, digits and hyphens"
MAX_APP = 40
MAX_REPOSITORY = 24
MAX_TARGET = 24

DOMAIN = "pushboat.dev"
APP = f"{DOMAIN}/app"
TARGET = f"{DOMAIN}/target"
REPOSITORY = f"{DOMAIN}/repository"
ACTION = f"{DOMAIN}/action"
COMMIT = f"{DOMAIN}/commit"
STATE = f"{DOMAIN}/state"
RECORD = f"{DOMAIN}/record"
QUEUED = f"{DOMAIN}/queued"  # a run that had to wait
DONE = f"{DOMAIN}/done"  # a run that touches its app no more, or never did
SUPERSEDED_BY = f"{DOMAIN}/superseded-by"
FIELD_MANAGER = "pushboat"


def digest(*parts: str, length: int = 12) -> str:
    """A short content hash of `parts`; unlike joining, ("a", "bc") and ("ab", "c") differ."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:length]


def short(name: str, limit: int = 63) -> str:
    """`name`, or its beginning and a hash of the whole where it is longer than `limit` characters."""
    return name if len(name) <= limit else f"{name[: limit - 9].rstrip('-.')}-{digest(name, length=8)}"


def run_name(app: str, action: str, commit: str, *, repository: str, target: str, sequence: int) -> str:
    """The PipelineRun of one change: at most 63 characters, so that a second start meets AlreadyExists."""
    return f"{app}-{action}-{commit[:7]}-{digest(repository, app, target, commit, str(sequence), length=5)}"


def commit_label(commit: str) -> str:
    """A commit as a label's value: at most 63 characters fit, and a repository may have SHA-256 ids of 64."""
    return commit[:40]


def inventory_name(app: str, target: str) -> str:
    """The ConfigMap that records one app on one target."""
    return f"inventory-{app}.{target}"


def app_and_target(inventory: str) -> tuple[str, str]:
    """What `inventory_name` made a name of."""
    app, _, target = inventory.removeprefix("inventory-").partition(".")
    return app, target


def object_name(app: str, component: str) -> str:
    """`APP-COMPONENT`, or just the app's name for a component called like it."""
    return app if component == app else short(f"{app}-{component}", 52)


def needs(app: str) -> str:
    """The label of the inventories of all apps that depend on `app`."""
    return f"{DOMAIN}/needs-{app}"


def ledger_name(repository: str) -> str:
    """The ConfigMap that records the last processed commit of one repository's branch."""
    return f"ledger-{repository}"
