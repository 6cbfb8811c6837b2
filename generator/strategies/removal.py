"""Remove an app's objects in reverse order, confirm that each is gone, and only then remove its YAML from Git."""

from generator.model.change import Change
from generator.model.plan import Phase

REMOVE_SECONDS = 60
FORGET_SECONDS = 300


def phases(change: Change) -> list[Phase]:
    """Two phases with two identities: the one that may delete objects cannot push, and the other way round."""
    waits = 2 if change.awaits else 1  # for what depends on it, and for its own objects
    remove = Phase(
        name="remove",
        task="remove-app",
        identity="rollout",
        credentials=("status",),
        seconds=waits * change.deletion.timeout + REMOVE_SECONDS,
        description="Delete the objects in reverse order and confirm that each is gone.",
    )
    forget = Phase(
        name="forget",
        task="forget-app",
        identity="git-writer",
        credentials=("status", "write"),
        seconds=FORGET_SECONDS,
        description="Remove the YAML from Git, if the delete mark still stands there.",
        only_if=("$(tasks.remove.results.remaining)", "0") if change.exists else (),
    )
    return [remove, forget] if change.exists else [forget]
