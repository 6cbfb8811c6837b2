from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.classify import classify
from generator.core.world import Pair, World
from generator.model.app import App
from generator.model.change import Action, Change, Definition
from generator.model.inventory import Inventory, State
from generator.model.platform import Platform, Repository, Target
from generator.yamlio.problem import Problem

SHOP = Repository("shop", "https://git.example.com/team/shop", "gitea", "w", "c", "c", "c")
PLATFORM = Platform("pushboat", "step:1", (SHOP,), (Target("one", "ns-one"), Target("two", "ns-two")))


def definition(
    app: str = "web",
    *,
    path: str = "apps/web.yaml",
    version: str = "1",
    digest: str = "new",
    deleted: bool = False,
    targets: tuple[str, ...] = (),
    bad: bool = False,
) -> Definition:
    if bad:
        return Definition(path, digest, app, None, (Problem(path, 3, 7, "is wrong"),))
    objects = {target: [{"kind": "X"}] for target in ("one", "two")}
    return Definition(path, digest, app, App(app, version, deleted=deleted, targets=targets), (), objects)


def inventory(
    app: str = "web",
    *,
    target: str = "one",
    state: State = State.HEALTHY,
    digest: str = "old",
    path: str = "apps/web.yaml",
    repository: str = "shop",
) -> Inventory:
    return Inventory(app, target, f"ns-{target}", repository, path, state, version="0", definition=digest)


def changes(
    pairs: list[Pair], *inventories: Inventory, paths: set[str] | None = None, whole: bool = False
) -> list[Change]:
    present = paths if paths is not None else {pair.path for pair in pairs if pair.after}
    return classify(pairs, World(PLATFORM, SHOP, inventories, frozenset(present), whole=whole))


def told(found: list[Change]) -> list[tuple[Action, str, str, str]]:
    return [(one.action, one.app, one.target, one.reason) for one in found]


DELIVERED, CHANGED = "new", "old"


@pytest.mark.parametrize(
    ("deleted", "state", "digest", "action", "reason"),
    [
        (False, None, "", Action.CREATE, "not there yet"),
        (True, None, "", Action.DELETE, "marked deleted and not there: only its YAML is removed"),
        *((True, state, DELIVERED, Action.DELETE, "marked deleted") for state in State),
        *((True, state, CHANGED, Action.DELETE, "marked deleted") for state in State),
        (False, State.HEALTHY, DELIVERED, Action.NONE, "delivered already"),
        (False, State.APPLYING, DELIVERED, Action.UPGRADE, "its last run has not ended"),
        (False, State.FAILED, DELIVERED, Action.UPGRADE, "its last run ended as failed"),
        (False, State.DELETING, DELIVERED, Action.UPGRADE, "the delete mark was taken back"),
        (False, State.DELETE_BLOCKED, DELIVERED, Action.UPGRADE, "the delete mark was taken back"),
        (False, State.HEALTHY, CHANGED, Action.UPGRADE, "version 0 to 1"),
        (False, State.FAILED, CHANGED, Action.UPGRADE, "version 0 to 1"),
        (False, State.DELETING, CHANGED, Action.UPGRADE, "the delete mark was taken back"),
        (False, State.DAMAGED, "", Action.UPGRADE, "its record is damaged"),
    ],
)
def test_what_is_there_decides(deleted: bool, state: State | None, digest: str, action: Action, reason: str) -> None:
    there = [inventory(state=state, digest=digest)] if state else []
    for before in (None, definition(digest="before"), definition(bad=True)):
        found = changes([Pair("apps/web.yaml", before, definition(deleted=deleted))], *there)
        assert told(found) == [(action, "web", "one", reason)]
        assert found[0].exists is bool(there)
        assert bool(found[0].objects) is (action is not Action.DELETE)


def test_the_same_version_with_another_definition() -> None:
    found = changes([Pair("apps/web.yaml", None, definition(version="0"))], inventory())
    assert told(found) == [(Action.UPGRADE, "web", "one", "its definition changed")]


def test_a_bad_definition_is_invalid_whatever_is_there() -> None:
    for there in ([], [inventory()]):
        (found,) = changes([Pair("apps/web.yaml", definition(), definition(bad=True))], *there)
        assert (found.action, found.app, found.target) == (Action.INVALID, "web", "")
        assert found.reason == "apps/web.yaml:3:7: error: is wrong"


@pytest.mark.parametrize(
    ("path", "name"), [("apps/web.yaml", "web"), ("apps/x/app.yaml", "x"), ("apps/y.yml", "y"), ("app.yaml", "app")]
)
def test_a_definition_without_a_readable_name_goes_by_its_path(path: str, name: str) -> None:
    (found,) = changes([Pair(path, None, definition("", path=path, bad=True))])
    assert found.app == name


def test_gone_without_a_mark_is_orphaned_on_every_target_it_is_on() -> None:
    found = changes([Pair("apps/web.yaml", definition(), None)], inventory(target="two"), inventory())
    reason = "apps/web.yaml is gone without a delete mark: web keeps running"
    assert told(found) == [(Action.ORPHANED, "web", "one", reason), (Action.ORPHANED, "web", "two", reason)]


@pytest.mark.parametrize("other", [inventory(path="apps/elsewhere.yaml"), inventory(repository="tools")])
def test_gone_where_the_app_is_not_of_this_file_is_nothing(other: Inventory) -> None:
    (found,) = changes([Pair("apps/web.yaml", definition(), None)], other)
    assert (found.action, found.reason) == (Action.NONE, "apps/web.yaml is gone, and so is web")


def test_gone_takes_every_app_that_was_delivered_from_the_file() -> None:
    found = changes([Pair("apps/web.yaml", definition("", bad=True), None)], inventory("another"))
    reason = "apps/web.yaml is gone without a delete mark: another keeps running"
    assert told(found) == [(Action.ORPHANED, "another", "one", reason)]


def test_gone_that_was_never_understood_is_nothing() -> None:
    assert changes([Pair("apps/web.yaml", definition("", bad=True), None)]) == []


def test_moved_is_an_upgrade_at_the_new_path_only() -> None:
    pairs = [Pair("apps/web.yaml", definition(), None), Pair("apps/b.yaml", None, definition(path="apps/b.yaml"))]
    found = changes(pairs, inventory())
    assert [(one.action, one.path) for one in found] == [(Action.UPGRADE, "apps/b.yaml")]


def test_renamed_in_its_file_is_a_new_app_and_the_old_one_is_orphaned() -> None:
    found = changes([Pair("apps/web.yaml", definition(), definition("site"))], inventory())
    assert [(one.action, one.app) for one in found] == [(Action.CREATE, "site"), (Action.ORPHANED, "web")]


def test_a_rename_in_its_file_says_what_the_file_defines_now() -> None:
    for after in (definition("site"), definition("site", bad=True)):
        orphan = changes([Pair("apps/web.yaml", definition(), after)], inventory())[-1]
        reason = (
            "apps/web.yaml now defines site: web keeps running; give site its own file, and mark web deleted in this"
        )
        assert told([orphan]) == [(Action.ORPHANED, "web", "one", reason)]


def test_the_way_out_of_a_rename_works() -> None:
    pairs = [
        Pair("apps/web.yaml", definition("site"), definition(deleted=True)),
        Pair("apps/site.yaml", None, definition("site", path="apps/site.yaml")),
    ]
    found = changes(pairs, inventory(), inventory("site"))
    assert [(one.action, one.app) for one in found] == [(Action.UPGRADE, "site"), (Action.DELETE, "web")]


def test_two_files_that_swap_their_apps_leave_none_behind() -> None:
    pairs = [
        Pair("apps/a.yaml", definition(path="apps/a.yaml"), definition("shop", path="apps/a.yaml")),
        Pair("apps/b.yaml", definition("shop", path="apps/b.yaml"), definition(path="apps/b.yaml")),
    ]
    found = changes(pairs, inventory(path="apps/a.yaml"), inventory("shop", path="apps/b.yaml"))
    assert [(one.action, one.app) for one in found] == [(Action.UPGRADE, "shop"), (Action.UPGRADE, "web")]


@pytest.mark.parametrize(
    "after", [definition("", bad=True), definition("site"), definition(), None], ids=["bad", "other", "same", "none"]
)
def test_what_was_never_recorded_cannot_be_left_behind(after: Definition | None) -> None:
    found = changes([Pair("apps/web.yaml", definition(), after)], inventory(repository="tools"))
    assert Action.ORPHANED not in {one.action for one in found}


def test_without_a_base_what_stands_nowhere_is_orphaned() -> None:
    site = Pair("apps/site.yaml", None, definition("site", path="apps/site.yaml"))
    gone = "apps/web.yaml is gone without a delete mark: web keeps running"
    assert told(changes([site], inventory(), whole=True))[1:] == [(Action.ORPHANED, "web", "one", gone)]
    assert len(changes([site], inventory())) == 1
    assert len(changes([site], inventory(repository="tools"), whole=True)) == 1


def test_without_a_base_a_file_that_defines_another_app_leaves_one_behind() -> None:
    site = Pair("apps/web.yaml", None, definition("site"))
    (_, orphan) = changes([site], inventory(), whole=True)
    assert orphan.reason.startswith("apps/web.yaml now defines site: web keeps running")
    (bad,) = changes([Pair("apps/web.yaml", None, definition("", bad=True))], inventory(), whole=True)
    assert bad.action is Action.INVALID


def test_a_damaged_record_does_not_hide_that_its_app_is_left_behind() -> None:
    damaged = inventory(path="", state=State.DAMAGED)
    (found,) = changes([Pair("apps/web.yaml", definition(), None)], damaged)
    assert (found.action, found.path) == (Action.ORPHANED, "apps/web.yaml")
    (found,) = changes([], damaged, whole=True)
    assert found.reason == "its file is gone without a delete mark: web keeps running"


@pytest.mark.parametrize("deleted", [True, False])
def test_a_target_that_left_the_platform_is_orphaned(deleted: bool) -> None:
    after = definition(deleted=deleted, targets=("one",))
    found = changes([Pair("apps/web.yaml", None, after)], inventory(target="moon"), inventory())
    assert told(found)[0] == (
        Action.ORPHANED, "web", "moon", "the platform has no target moon any more: web keeps running there",
    )  # fmt: skip
    assert [one.action for one in found[1:]] == [Action.DELETE if deleted else Action.UPGRADE]


def test_two_files_of_one_push_that_claim_one_app_are_both_invalid() -> None:
    pairs = [Pair(f"apps/{name}.yaml", None, definition(path=f"apps/{name}.yaml")) for name in ("a", "b")]
    assert [(one.action, one.problems[0].message) for one in changes(pairs)] == [
        (Action.INVALID, "web is also defined in apps/b.yaml"),
        (Action.INVALID, "web is also defined in apps/a.yaml"),
    ]


def test_a_second_file_for_a_delivered_app_is_invalid_and_the_first_is_left_alone() -> None:
    pairs = [Pair("apps/b.yaml", None, definition(path="apps/b.yaml"))]
    (found,) = changes(pairs, inventory(), paths={"apps/web.yaml", "apps/b.yaml"})
    assert (found.action, found.problems[0].message) == (Action.INVALID, "web is also defined in apps/web.yaml")


def test_an_app_of_another_repository_is_not_taken_over() -> None:
    (found,) = changes([Pair("apps/web.yaml", None, definition())], inventory(repository="tools"))
    assert (found.action, found.problems[0].message) == (Action.INVALID, "web is delivered by repository tools")


def test_each_target_has_a_change_of_its_own() -> None:
    found = changes([Pair("apps/web.yaml", None, definition(targets=("two", "one")))], inventory())
    assert [(one.action, one.target, one.context) for one in found] == [
        (Action.UPGRADE, "one", "pushboat/web@one"),
        (Action.CREATE, "two", "pushboat/web@two"),
    ]


def test_a_target_that_left_is_orphaned() -> None:
    found = changes([Pair("apps/web.yaml", None, definition(targets=("two",)))], inventory())
    assert [(one.action, one.target) for one in found] == [(Action.ORPHANED, "one"), (Action.CREATE, "two")]


def test_a_deletion_goes_to_every_target_the_app_is_on() -> None:
    found = changes([Pair("apps/web.yaml", None, definition(deleted=True, targets=("one",)))], inventory(target="two"))
    assert [(one.action, one.target) for one in found] == [(Action.DELETE, "two")]


def test_a_target_that_is_not_allowed_is_invalid() -> None:
    (found,) = changes([Pair("apps/web.yaml", None, definition(targets=("moon",)))])
    assert found.problems[0].message == "repository shop may not deliver to 'moon'"
    assert found.problems[0].hint == "it can be one, two"


def _at(path: str, side: Definition | None) -> Definition | None:
    """The definition at that path; one whose name cannot be told is a bad one."""
    if side is None:
        return None
    return replace(side, path=path) if side.name else definition("", path=path, bad=True)


DEFINITIONS = st.none() | st.builds(
    definition,
    st.sampled_from(["web", "shop", ""]),
    version=st.sampled_from(["1", "2"]),
    digest=st.sampled_from(["old", "new"]),
    deleted=st.booleans(),
    targets=st.sampled_from([(), ("one",), ("two", "one"), ("moon",)]),
    bad=st.booleans(),
)
PATHS = ["apps/a.yaml", "apps/b.yaml", "apps/c/app.yaml"]
INVENTORIES = st.builds(
    inventory,
    st.sampled_from(["web", "shop"]),
    target=st.sampled_from(["one", "two", "gone"]),
    state=st.sampled_from(list(State)),
    digest=st.sampled_from(["old", "new"]),
    path=st.sampled_from(PATHS),
    repository=st.sampled_from(["shop", "tools"]),
)


@given(
    st.lists(st.tuples(DEFINITIONS, DEFINITIONS), min_size=3, max_size=3),
    st.lists(INVENTORIES, max_size=4, unique_by=lambda one: (one.app, one.target)),
)
def test_classify_is_total_and_independent_of_order(
    sides: list[tuple[Definition | None, Definition | None]], there: list[Inventory]
) -> None:
    pairs = [
        Pair(path, _at(path, before), _at(path, after)) for path, (before, after) in zip(PATHS, sides, strict=True)
    ]
    world = World(PLATFORM, SHOP, tuple(there), frozenset(PATHS))
    found = classify(pairs, world)
    assert all(one.reason and one.app for one in found)
    assert all((one.action is Action.INVALID) == bool(one.problems) for one in found)
    assert {pair.path for pair in pairs if pair.after} <= {one.path for one in found}
    for order in permutations(pairs):
        assert classify(list(order), world) == found
    assert classify(pairs, World(PLATFORM, SHOP, tuple(reversed(there)), frozenset(PATHS))) == found
