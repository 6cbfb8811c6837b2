from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model import names
from generator.model.app import App
from generator.model.change import Change, Delta
from generator.model.inventory import Inventory, Ledger, ObjectRef
from generator.model.plan import Plan
from generator.model.platform import Platform
from generator.model.serial import from_plain, to_plain
from generator.model.status import MAX_DESCRIPTION, one_line, redact

TREES = st.lists(
    st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=3), max_size=2
)
KINDS: list[tuple[type, dict[str, Any]]] = [
    (App, {}), (Change, {"objects": TREES}), (Delta, {}), (Inventory, {}), (Plan, {}), (Platform, {}),
]  # fmt: skip


@given(st.one_of(*(st.builds(kind, **more) for kind, more in KINDS)))
def test_what_travels_arrives(value: Any) -> None:
    travelled = json.loads(json.dumps(to_plain(value)))
    assert from_plain(type(value), travelled) == value
    assert hash(type(value))


@given(st.builds(Plan))
def test_a_newer_writer_and_an_older_one_are_understood(plan: Plan) -> None:
    data = to_plain(plan)
    assert from_plain(Plan, {**data, "invented-later": 1}) == plan
    del data["version"]
    assert from_plain(Plan, data).version == ""


@pytest.mark.parametrize(
    "wrong",
    [5, [], "x", {"commit": 5}, {"sequence": "1"}, {"branch": None}, {"branch": ["main"]}],
)
def test_a_value_of_another_type_is_refused(wrong: Any) -> None:
    data = {**to_plain(Ledger("shop", "main", "c", 1)), **wrong} if isinstance(wrong, dict) else wrong
    with pytest.raises(TypeError):
        from_plain(Ledger, data)


def test_the_name_of_an_inventory_tells_whose_it_is() -> None:
    assert names.app_and_target(names.inventory_name("web", "default")) == ("web", "default")


LABELS = st.from_regex(names.LABEL, fullmatch=True)


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_digests_tell_lists_apart(one: list[str], two: list[str]) -> None:
    assert (names.digest(*one, length=32) == names.digest(*two, length=32)) is (one == two)


@given(LABELS, st.integers(20, 70))
def test_short_names_fit_and_stay_names(name: str, limit: int) -> None:
    found = names.short(name, limit)
    assert len(found) <= limit
    assert names.LABEL.fullmatch(found)
    assert (found == name) is (len(name) <= limit)


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert names.short("a" * 70) != names.short("a" * 71)


@given(st.text(), st.integers(10, 200))
def test_one_line(text: str, limit: int) -> None:
    found = one_line(text, limit)
    assert len(found) <= limit
    assert found.isprintable()
    assert one_line(found, limit) == found
    assert MAX_DESCRIPTION == 140


def test_an_object_is_the_same_in_another_version_of_its_group() -> None:
    one = ObjectRef("apps/v1", "Deployment", "x", "a")
    assert one.key == ObjectRef("apps/v1beta1", "Deployment", "x", "a", "uid").key
    assert one.key != ObjectRef("extensions/v1beta1", "Deployment", "x", "a").key
    assert ObjectRef("v1", "Service", "x", "a").key[0] == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("cannot reach postgres://shop:hunter2@db:5432/shop", "cannot reach postgres://***@db:5432/shop"),
        ("login failed, password=hunter2 for shop", "login failed, password=*** for shop"),
        ('{"token": "abc.def"}', '{"token": ***'),
        ("sent Authorization: Bearer abcdefghijkl", "sent Authorization: Bearer ***"),
        ("no database at db:5432", "no database at db:5432"),
        ("the secret is missing", "the secret is missing"),
    ],
)
def test_what_looks_like_a_credential_is_not_told(said: str, told: str) -> None:
    assert redact(said) == told
