from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from generator.yamlio.characters import UNSEEN
from generator.yamlio.write import write
from tests.unit.yamlio.kubectl import kubectl_reads, needs_kubectl

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)
# Each looks like something else to one YAML reader or another, or breaks a careless writer.
TEXTS = ["y", "n", "no", "Yes", "on", "off", "true", "NULL", "~", "", "1", "1e3", "08", "0x1F", "12:30", "25921e05"]
TEXTS += [
    "1234e56",
    "1.10",
    "1_000",
    ".5",
    "-1",
    "+1",
    "=",
    "<<",
    "a ",
    " a",
    "a\t",
    "trailing\n",
    "a\n\n",
    "\n",
    "a\nb ",
]
TEXTS += ["a: b", "a #b", "#a", "- a", "? a", "*a", "&a", "!a", "@a", "`a", "%a", "{a}", "[a]", "'a'", '"a"', "a:"]
TEXTS += ["2001-01-01", "$(params.a)", "*/5 * * * *", "é", "\u2028", "a\u0085b\nc", "\ufeff", "\x07", "a\\b", "---"]
TEXTS += ["...", "null ", "0o17", "0b1", "inf", ".inf", "nan", "#!/bin/sh\n\techo\n", "a\r\nb", "😀", "x" * 500, "- "]


@given(TREES)
@example({"a\x85b\nc": "a\x85b\nc"})
@example(["a\u2028b\nc"])
def test_what_is_written_is_read_back(tree: Any) -> None:
    assert yaml.safe_load(write(tree)) == tree


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text_as_value_key_and_item(text: str) -> None:
    tree = {"value": text, text: "key", "list": [text, {text: [text]}]}
    assert yaml.safe_load(write(tree)) == tree


@needs_kubectl
def test_kubectl_reads_what_was_written() -> None:
    data: dict[str, Any] = {f"k{number}": text for number, text in enumerate(TEXTS)}
    data |= {text: f"key {number}" for number, text in enumerate(TEXTS)}
    data["tree"] = {"n": 1, "f": 0.5, "t": True, "z": None, "l": [[], {}, [1, ["x"]]], "big": 10**15}
    tree = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data}
    assert kubectl_reads(write(tree))[0]["data"] == data


def test_order_is_kept_and_lists_are_indented() -> None:
    assert write({"b": [1, {"c": "x"}], "a": "y"}) == 'b:\n  - 1\n  - c: x\na: "y"\n'


def test_text_of_many_lines_is_a_block() -> None:
    assert write({"a": "one\n\ntwo\n"}) == "a: |\n  one\n\n  two\n"


def test_the_same_object_twice_is_written_twice() -> None:
    shared = {"a": [1]}
    assert write([shared, shared]) == "- a:\n    - 1\n- a:\n    - 1\n"


def test_long_lines_are_not_folded() -> None:
    assert write({"a": "word " * 100 + "end"}).count("\n") == 1


@pytest.mark.parametrize("text", ["\u202ex", "a\nb\u200b\n", "é\u2066", "\U000e0041", "\u200d", "\x1b[1m", "😀\u202e"])
def test_what_nobody_sees_is_written_as_an_escape(text: str) -> None:
    written = write({"a": text})
    assert not UNSEEN.search(written)
    assert yaml.safe_load(written) == {"a": text}


def test_letters_and_emoji_are_written_as_themselves() -> None:
    assert write({"a": "größer"}) == 'a: "größer"\n'
