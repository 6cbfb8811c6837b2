"""Apply the new release at once and let each workload's own controller roll it out; wait until all of it is healthy.

Objects that left the definition are removed afterwards, so that nothing the old release needs goes too early.
"""

from generator.model.change import Change
from generator.model.plan import Phase

APPLY_SECONDS = 120


def phases(change: Change) -> list[Phase]:
    """One phase: apply, wait, prune and record happen in one pod."""
    return [
        Phase(
            name="roll-out",
            task="roll-out",
            identity="rollout",
            credentials=("status",),
            seconds=change.timeouts.health + change.timeouts.delete + APPLY_SECONDS,
            description="Apply the release, wait until it is healthy, remove what left the definition.",
        )
    ]
