from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError

from generator.yamlio.fill import fill
from generator.yamlio.write import write


def test_a_lone_expression_keeps_its_type() -> None:
    values = {"ports": [1, 2], "on": True, "n": 3, "target": {"namespace": "shop"}, "none": None}
    tree = {"a": "{{ ports }}", "b": "{{on}}", "c": ["{{ n }}"], "d": "{{ target.namespace }}", "e": "{{ none }}"}
    assert fill(tree, values) == {"a": [1, 2], "b": True, "c": [3], "d": "shop", "e": None}


def test_an_expression_within_text_becomes_text() -> None:
    assert fill("{{ a }}-{{ a }}", {"a": 1}) == "1-1"


def test_text_without_an_expression_and_other_scalars_stay() -> None:
    tree: dict[str, Any] = {"a": "$(params.x)", "b": 1, "c": None, "d": True, "e": {"f": []}}
    assert fill(tree, {}) == tree


def test_keys_are_not_filled() -> None:
    assert fill({"{{ a }}": "x"}, {"a": "b"}) == {"{{ a }}": "x"}


@pytest.mark.parametrize(
    "text",
    ["{{ missing }}", "x {{ missing }}", "{{ known.missing }}", "x {{ known.missing }}", "{{ known.a.b }}"],
)
def test_a_missing_value_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(KeyError, match=r"missing|\bb\b"):
        fill({"a": [text]}, {"known": {"a": 1}})


@given(st.text())
def test_a_value_never_becomes_structure(value: str) -> None:
    tree = {"lone": "{{ value }}", "within": "x {{ value }} y", "list": ["{{ value }}"]}
    filled = fill(tree, {"value": value})
    assert filled == {"lone": value, "within": f"x {value} y", "list": [value]}
    assert yaml.safe_load(write(filled)) == filled


@pytest.mark.parametrize("value", ["{{ secret }}", "a\nb: c", "{% for a in b %}", "*x", "'", "[1, 2]", "${x}"])
def test_a_value_is_not_filled_again(value: str) -> None:
    assert fill({"a": "{{ value }}", "b": "<{{ value }}>"}, {"value": value, "secret": "s"}) == {
        "a": value,
        "b": f"<{value}>",
    }


def test_the_sandbox_refuses_to_reach_into_python() -> None:
    with pytest.raises(SecurityError):
        fill("x {{ value.__class__.__mro__ }}", {"value": "a"})
