"""What people are told about a push: one status per app and one summary."""

from __future__ import annotations

from collections import Counter

from generator.model.change import STARTS, Action, Change
from generator.model.status import SUMMARY, CommitStatus, Mood, one_line

_WORDS = {
    Action.CREATE: "create",
    Action.UPGRADE: "upgrade",
    Action.DELETE: "delete",
    Action.NONE: "unchanged",
    Action.INVALID: "invalid",
    Action.ORPHANED: "orphaned",
}


def opening(change: Change) -> CommitStatus | None:
    """The first status of a change; a change that is nothing new has none."""
    if change.action is Action.NONE:
        return None
    if change.action is Action.INVALID:
        more = f" (and {len(change.problems) - 1} more)" if len(change.problems) > 1 else ""
        text = change.reason.replace(": error: ", ": ", 1)
        return CommitStatus(change.context, Mood.FAILURE, one_line(text, 140 - len(more)) + more)
    if change.action is Action.ORPHANED:
        return CommitStatus(change.context, Mood.FAILURE, one_line(f"orphaned: {change.reason}"))
    return CommitStatus(
        change.context, Mood.PENDING, one_line(f"{_WORDS[change.action]} {change.version}: {change.reason}")
    )


def counts(changes: list[Change]) -> str:
    """Such as `1 create, 2 upgrade, 1 invalid`."""
    counter: Counter[Action] = Counter(change.action for change in changes if change.action is not Action.NONE)
    words = [f"{counter[action]} {_WORDS[action]}" for action in Action if counter[action]]
    return ", ".join(words) or "no definition changed"


def first_summary(changes: list[Change]) -> CommitStatus:
    """The summary as a push begins; it is final at once when nothing was started."""
    text = one_line(counts(changes))
    if any(change.action in STARTS for change in changes):
        return CommitStatus(SUMMARY, Mood.PENDING, text)
    bad = any(change.action in (Action.INVALID, Action.ORPHANED) for change in changes)
    return CommitStatus(SUMMARY, Mood.FAILURE if bad else Mood.SUCCESS, text)


def closing_summary(statuses: list[CommitStatus]) -> CommitStatus:
    """The summary out of the statuses that stand on the commit: pending until every app has ended."""
    apps = [status for status in statuses if status.context.startswith(f"{SUMMARY}/")]
    names = {mood: [s.context.removeprefix(f"{SUMMARY}/") for s in apps if s.mood is mood] for mood in Mood}
    failed = names[Mood.FAILURE] + names[Mood.ERROR]
    if names[Mood.PENDING]:
        done = len(apps) - len(names[Mood.PENDING])
        return CommitStatus(
            SUMMARY, Mood.PENDING, one_line(f"{done} of {len(apps)} done; waiting for {', '.join(names[Mood.PENDING])}")
        )
    if failed:
        good = len(names[Mood.SUCCESS])
        return CommitStatus(SUMMARY, Mood.FAILURE, one_line(f"failed: {', '.join(sorted(failed))}; {good} delivered"))
    return CommitStatus(
        SUMMARY, Mood.SUCCESS, one_line(f"delivered: {', '.join(sorted(names[Mood.SUCCESS])) or 'nothing to do'}")
    )
