from __future__ import annotations

import pytest

from generator.yamlio.node import Mapping, Scalar, Sequence
from generator.yamlio.problem import Mark, YamlProblemError
from generator.yamlio.read import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_documents


def refusal(data: bytes) -> str:
    with pytest.raises(YamlProblemError) as error:
        read_documents(data, "a.yaml")
    return str(error.value)


def test_positions_and_plainness_are_kept() -> None:
    (document,) = read_documents(b"# a comment\na: 1\nb:\n  - 'x'\n", "a.yaml")
    assert document == Mapping(
        {"a": Scalar("1", True, Mark(2, 4)), "b": Sequence((Scalar("x", False, Mark(4, 5)),), Mark(4, 3))},
        {"a": Mark(2, 1), "b": Mark(3, 1)},
        Mark(2, 1),
    )


def test_all_documents_are_read() -> None:
    assert [type(one) for one in read_documents(b"a: 1\n---\n---\n- b\n", "a.yaml")] == [Mapping, Scalar, Sequence]


def test_an_empty_file_has_no_document() -> None:
    assert read_documents(b"", "a.yaml") == []
    assert read_documents(b"# only a comment\n", "a.yaml") == []


def test_a_byte_order_mark_is_skipped() -> None:
    (document,) = read_documents(b"\xef\xbb\xbfa: 1\n", "a.yaml")
    assert isinstance(document, Mapping)
    assert list(document.entries) == ["a"]
    assert document.key_marks["a"] == Mark(1, 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: &x 1\n", "a.yaml:1:4: error: anchors (&name) are not allowed"),
        (b"a: &x [1]\n", "a.yaml:1:4: error: anchors (&name) are not allowed"),
        (b"a: 1\nb: *x\n", "a.yaml:2:4: error: aliases (*name) are not allowed"),
        (b"a: !!python/object:os.system x\n", "a.yaml:1:4: error: the tag tag:yaml.org,2002:python/object:os.system"),
        (b"a: !secret x\n", "a.yaml:1:4: error: the tag !secret is not allowed (remove the tag)"),
        (b"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: error: the key 'a' stands twice (first in line 1) (keep one)"),
        (b"a:\n  b: 1\n  'b': 2\n", "a.yaml:3:3: error: the key 'b' stands twice (first in line 2)"),
        (b"? [a]\n: 1\n", "a.yaml:1:3: error: a key must be text"),
        (b"a: 1\nb: \xff\n", "a.yaml:2:1: error: the file is not UTF-8 (save it as UTF-8)"),
        ("a: 1\n".encode("utf-16"), "a.yaml:1:1: error: the file is not UTF-8"),
        (b"a: 1\n b: 2\n", "a.yaml:2:3: error: not valid YAML: mapping values are not allowed in this context"),
        (b"a: [1\n", "a.yaml:2:1: error: not valid YAML: did not find expected ',' or ']'"),
        (b"a: 'x\n", "error: not valid YAML: found unexpected end of stream"),
        (b"a: \x00\n", "a.yaml:1:1: error: not valid YAML: control characters are not allowed"),
        (b"\ta: 1\n", "error: not valid YAML: found character that cannot start any token"),
    ],
)
def test_what_is_refused_and_where(data: bytes, said: str) -> None:
    assert said in refusal(data)


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- "])
def test_forty_thousand_nested_collections_are_refused(opening: bytes) -> None:
    assert f"nested deeper than {MAX_DEPTH} levels" in refusal(opening * 40_000)


def test_the_deepest_legal_nesting_is_read() -> None:
    depth = MAX_DEPTH - 1
    (document,) = read_documents(b"[" * depth + b"x" + b"]" * depth, "a.yaml")
    for _ in range(depth):
        assert isinstance(document, Sequence)
        (document,) = document.items
    assert isinstance(document, Scalar)


def test_too_many_values_are_refused() -> None:
    assert f"more than {MAX_NODES} values" in refusal(b"[" + b"1," * MAX_NODES + b"1]")


def test_a_file_over_the_limit_is_refused_before_it_is_parsed() -> None:
    assert f"the file has {MAX_BYTES + 1} bytes" in refusal(b"[" + b" " * MAX_BYTES)


def test_an_alias_bomb_is_refused() -> None:
    bomb = b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c + 1, c + 1, c, c) for c in range(97, 120))
    assert "anchors (&name) are not allowed" in refusal(bomb)
