"""Who needs whom: what is refused because of it, and who waits for whom."""

from __future__ import annotations

import pytest

from generator.core.classify import classify
from generator.core.dependencies import concerned
from generator.core.world import Pair, World
from generator.model.app import App
from generator.model.change import Action, Change, Definition
from generator.model.inventory import Inventory, State
from generator.model.platform import Platform, Repository, Target
from generator.yamlio.problem import Problem

SHOP = Repository("shop", "https://git.example.com/team/shop", "gitea", "w", "c", "c", "c")
PLATFORM = Platform("pushboat", "step:1", (SHOP,), (Target("one", "ns-one"), Target("two", "ns-two")))


def pushed(name: str, *needs: str, deleted: bool = False, bad: bool = False, targets: tuple[str, ...] = ()) -> Pair:
    path = f"apps/{name}.yaml"
    app = App(name, "2", deleted=deleted, targets=targets, depends_on=needs)
    problems = (Problem(path, 3, 7, "is wrong"),) if bad else ()
    return Pair(path, None, Definition(path, "new", name, None if bad else app, problems))


def there(name: str, *needs: str, target: str = "one") -> Inventory:
    return Inventory(name, target, "ns", "shop", f"apps/{name}.yaml", State.HEALTHY, "1", depends_on=needs)


def changes(pairs: list[Pair], *inventories: Inventory, sure: bool = True) -> dict[str, Change]:
    paths = frozenset(one.path for one in pairs)
    found = classify(pairs, World(PLATFORM, SHOP, inventories, paths, sure=sure))
    return {f"{one.app}@{one.target}" if one.several_targets else one.app: one for one in found}


def problem(change: Change) -> str:
    assert change.action is Action.INVALID
    (one,) = change.problems
    return one.message


def test_apps_of_one_push_wait_for_those_that_change_too() -> None:
    found = changes([pushed("web", "db", "cache"), pushed("db")], there("cache"))
    assert (found["web"].depends_on, found["web"].awaits) == (("db", "cache"), ("db",))
    assert found["db"].awaits == ()


@pytest.mark.parametrize(
    ("others", "inventories", "why"),
    [
        ([], [], "is neither in this push nor on target one"),
        ([], [there("db", target="two")], "is neither in this push nor on target one"),
        ([pushed("db", bad=True)], [], "is not on target one, and cannot be delivered: apps/db.yaml has problems"),
        ([pushed("db", deleted=True)], [], "is marked deleted, and not on target one"),
        ([pushed("db", targets=("two",))], [], "is not delivered to target one"),
    ],
)
def test_an_app_that_is_not_there_is_a_problem(others: list[Pair], inventories: list[Inventory], why: str) -> None:
    found = changes([pushed("web", "db"), *others], *inventories)
    assert problem(found["web"]) == f"web depends on db, which {why}"
    assert found["web"].problems[0].hint == "deliver it there first, or take it out of dependsOn"


def test_what_is_delivered_counts_however_its_definition_looks_now() -> None:
    for other in (pushed("db", bad=True), pushed("db", targets=("two",))):
        assert changes([pushed("web", "db"), other], there("db"))["web"].action is Action.CREATE


def test_a_refusal_takes_along_what_depends_on_it() -> None:
    found = changes([pushed("c", "b"), pushed("b", "a"), pushed("a", "nobody"), pushed("d")])
    assert {name: one.action for name, one in found.items()} == {
        "a": Action.INVALID, "b": Action.INVALID, "c": Action.INVALID, "d": Action.CREATE,
    }  # fmt: skip
    assert problem(found["c"]).endswith("cannot be delivered: apps/b.yaml has problems")


def test_a_circle_is_named_by_all_of_its_members() -> None:
    found = changes([pushed("a", "b"), pushed("b", "c"), pushed("c", "a"), pushed("d", "a")])
    assert problem(found["a"]) == "the dependencies go round in a circle: a -> b -> c -> a"
    assert problem(found["b"]) == "the dependencies go round in a circle: b -> c -> a -> b"
    assert problem(found["d"]).startswith("d depends on a, which is not on target one")
    assert problem(changes([pushed("a", "a")])["a"]) == "a depends on itself"


def test_a_circle_through_an_app_that_is_delivered() -> None:
    found = changes([pushed("a", "b")], there("b", "c"), there("c", "a"), there("a"))
    assert problem(found["a"]) == "the dependencies go round in a circle: a -> b -> c -> a"


def test_what_others_depend_on_is_not_removed() -> None:
    found = changes([pushed("db", deleted=True)], there("db"), there("web", "db"), there("api", "db"))
    assert problem(found["db"]) == "DeleteBlocked: needed on one by api, web; its YAML stays in Git"
    found = changes([pushed("db", deleted=True), pushed("new", "db")], there("db"))
    assert problem(found["db"]) == "DeleteBlocked: needed on one by new; its YAML stays in Git"
    assert found["new"].action is Action.CREATE


def test_what_goes_in_the_same_push_goes_first() -> None:
    pairs = [pushed("db", deleted=True), pushed("web", "db", deleted=True), pushed("api")]
    found = changes(pairs, there("db"), there("web", "db"), there("api", "db"))
    assert (found["db"].action, found["db"].awaits) == (Action.DELETE, ("api", "web"))
    assert found["web"].awaits == ()


def test_what_stays_keeps_all_that_it_needs() -> None:
    pairs = [pushed("db", deleted=True), pushed("web", "db", deleted=True)]
    found = changes(pairs, there("db"), there("web", "db"), there("shop", "web"))
    assert problem(found["web"]).startswith("DeleteBlocked: needed on one by shop;")
    assert problem(found["db"]).startswith("DeleteBlocked: needed on one by web;")


def test_targets_are_judged_one_by_one() -> None:
    pairs = [pushed("db", deleted=True), pushed("web", "db", deleted=True)]
    both = [there("db"), there("db", target="two"), there("web", "db", target="two")]
    found = changes(pairs, *both)
    assert (found["db@one"].awaits, found["db@two"].awaits) == ((), ("web",))


def test_a_laptop_does_not_know_what_runs_elsewhere() -> None:
    assert changes([pushed("web", "db")], sure=False)["web"].action is Action.CREATE


def test_the_inventories_a_push_has_to_do_with() -> None:
    chain = [there("a", "b"), there("b", "c"), there("c"), there("x", "web"), there("y", "x"), there("z")]
    found = concerned([pushed("web", "a")], [there("web"), *chain])
    assert [one.app for one in found] == ["web", "a", "b", "c", "x"]
