"""Apply the new release at once and let each workload's own controller roll it out; wait until all of it is healthy.

Objects that left the definition are removed afterwards, so that nothing the old release needs goes too early.
"""

from generator.model.change import Change
from generator.model.plan import Phase

APPLY_SECONDS = 120


def phases(change: Change) -> list[Phase]:
    """One phase: apply, wait, prune and record happen in one pod."""
    waits = 2 if change.depends_on else 1  # for what it depends on, and for its own health
    return [
        Phase(
            name="roll-out",
            task="roll-out",
            identity="rollout",
            credentials=("status",),
            seconds=waits * change.timeouts.health + change.deletion.timeout + APPLY_SECONDS,
            description="Apply the release, wait until it is healthy, remove what left the definition.",
        )
    ]
