from __future__ import annotations

from dataclasses import replace

import pytest

from generator.model.app import Deletion, Timeouts
from generator.model.change import Action, Change
from generator.strategies import STRATEGIES


def change(action: Action, *, exists: bool) -> Change:
    return Change(
        "web", "apps/web.yaml", action, "because", deletion=Deletion(timeout=200), timeouts=Timeouts(100), exists=exists
    )


def phases(name: str, action: Action, *, exists: bool) -> list[tuple[str, str, str, int]]:
    found = STRATEGIES[name].phases(change(action, exists=exists))
    return [(one.name, one.task, one.identity, one.seconds) for one in found]


@pytest.mark.parametrize(("action", "exists"), [(Action.CREATE, False), (Action.UPGRADE, True)])
def test_rolling_is_one_phase_with_time_for_the_health(action: Action, exists: bool) -> None:
    assert phases("rolling", action, exists=exists) == [("roll-out", "roll-out", "rollout", 420)]


def test_waiting_for_neighbours_has_time_of_its_own() -> None:
    (roll_out,) = STRATEGIES["rolling"].phases(replace(change(Action.CREATE, exists=False), depends_on=("db",)))
    assert roll_out.seconds == 520
    remove, _ = STRATEGIES["removal"].phases(replace(change(Action.DELETE, exists=True), awaits=("web",)))
    assert remove.seconds == 460


def test_removal_keeps_the_right_to_delete_and_the_right_to_push_apart() -> None:
    assert phases("removal", Action.DELETE, exists=True) == [
        ("remove", "remove-app", "rollout", 260),
        ("forget", "forget-app", "git-writer", 300),
    ]
    remove, forget = STRATEGIES["removal"].phases(change(Action.DELETE, exists=True))
    assert (remove.credentials, remove.only_if) == (("status",), ())
    assert (forget.credentials, forget.only_if) == (
        ("status", "write"),
        ("$(tasks.remove.results.remaining)", "0"),
    )


def test_removal_of_what_is_not_there_only_forgets() -> None:
    (forget,) = STRATEGIES["removal"].phases(change(Action.DELETE, exists=False))
    assert (forget.name, forget.only_if) == ("forget", ())


@pytest.mark.parametrize("name", sorted(STRATEGIES))
@pytest.mark.parametrize("exists", [True, False])
def test_the_phases_of_a_run_can_be_told_apart_and_are_described(name: str, exists: bool) -> None:
    found = STRATEGIES[name].phases(change(Action.DELETE if name == "removal" else Action.UPGRADE, exists=exists))
    assert found
    assert len({one.name for one in found}) == len(found)
    assert all(one.description.endswith(".") and one.seconds > 0 for one in found)
