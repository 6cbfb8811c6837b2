from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.yamlio.node import Mapping, Scalar, Sequence
from generator.yamlio.problem import LONGEST, Mark, Problem, YamlProblemError
from generator.yamlio.read import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_documents
from generator.yamlio.text import MAX_PROBLEMS


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


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_told_as_empty(data: bytes) -> None:
    assert refusal(data) == "a.yaml:1:1: error: the file is empty"


@pytest.mark.parametrize("data", [b"# only a comment\n", b"---\n", b"---\n---\n# a\n...\n"])
def test_a_file_of_comments_and_marks_is_told_as_empty(data: bytes) -> None:
    assert refusal(data) == "a.yaml:1:1: error: the file is empty but for comments"


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
        (b"a: !!python/object:os.system x\n", "a.yaml:1:4: error: the tag !!python/object:os.system is not"),
        (b"a: !secret x\n", "a.yaml:1:4: error: the tag !secret is not allowed (remove the tag)"),
        (b"a: ! x\n", "a.yaml:1:4: error: the tag ! is not allowed"),
        (b"%YAML 1.1\n---\na: 1\n", "a.yaml:1:1: error: directives (%YAML, %TAG) are not allowed (remove the line)"),
        (b"a: 1\n---\n%TAG ! x:\n---\na: 1\n", "a.yaml:3:1: error: directives (%YAML, %TAG) are not"),
        (b"%HIDE x\n---\na: 1\n", "a.yaml:1:1: error: not valid YAML: directives (%...) are not allowed"),
        (b"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: error: the key 'a' stands twice (first in line 1) (keep one)"),
        (b"a:\n  b: 1\n  'b': 2\n", "a.yaml:3:3: error: the key 'b' stands twice (first in line 2)"),
        (b"? [a]\n: 1\n", "a.yaml:1:3: error: a key must be text, not a list"),
        (b"{a: 1}: 1\n", "a.yaml:1:1: error: a key must be text, not a mapping"),
        (b"{? : 1}\n", "a.yaml:1:4: error: a key is missing before ':'"),
        (b"<<: {a: 1}\n", "a.yaml:1:1: error: merge keys (<<) are not allowed (write the values out)"),
        (b"a: 1\nb: \xff\n", "a.yaml:2:4: error: the byte 0xff is not UTF-8 (save the file as UTF-8)"),
        (b"a: \xed\xa0\x80\n", "a.yaml:1:4: error: the byte 0xed is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "a.yaml:1:1: error: the file is UTF-16 (save it as UTF-8)"),
        ("\ufeffa: 1\n".encode("utf-32-be"), "a.yaml:1:1: error: the file is UTF-32 (save it as UTF-8)"),
        ("a: 1\n".encode("utf-16-le"), "a.yaml:1:2: error: the file holds NUL bytes"),
        ("é: 1\nü: \0\n".encode(), "a.yaml:2:4: error: the file holds NUL bytes (\\x00)"),
        (b'a: "x\\0y"\n', "a.yaml:1:4: error: a NUL character (\\0) is not allowed"),
        (b"a: 1\n b: 2\n", "a.yaml:2:3: error: not valid YAML: a 'key: value' cannot stand here (check the indent"),
        (b"a: [1\n", "a.yaml:2:1: error: not valid YAML: neither ',' nor ']' in what opens in line 1"),
        (b"b: 1\na: 'x\n\n", "a.yaml:2:4: error: not valid YAML: the quote that opens here is never closed"),
        (b"\ta: 1\n", "a.yaml:1:1: error: not valid YAML: a tab in the indentation (indent with spaces)"),
        (b"a:\n  b: 1\n\tc: 1\n", "a.yaml:3:1: error: not valid YAML: a tab in the indentation"),
        (b"a: |\n\tx\n", "a.yaml:2:1: error: not valid YAML: a tab in the indentation"),
        (b"a: 1\n<<<<<<< HEAD\nb: 1\n", "a.yaml:2:1: error: a merge conflict is not resolved (keep one side"),
        (b"a: {{ b }}\n", "a.yaml:1:5: error: a key must be text, not a mapping (text with [ or { takes quotes)"),
        (b"a: !" + b"t" * 200 + b" x\n", f"a.yaml:1:4: error: the tag !{'t' * 79} is not allowed"),
        (b"%%%\n", "a.yaml:1:1: error: not valid YAML: directives (%...) are not allowed (remove the line)"),
        (b"a: !<x y\n", "a.yaml:1:4: error: not valid YAML: tags (!name) are not allowed (remove the tag)"),
        (b"a: |x\n  b\n", "a.yaml:1:5: error: not valid YAML: text right after | or >"),
        (b"a: 'x\n---\n'\n", "a.yaml:2:1: error: not valid YAML: a --- or ... inside quotes"),
        (b'a: "\\x"\n', "a.yaml:1:7: error: not valid YAML: no such escape in double quotes (give all digits"),
        (b"a: ? b\n", "a.yaml:1:4: error: not valid YAML: a '? key' cannot stand here (put the text in quotes)"),
        (b"a: *.log\n", "a.yaml:1:5: error: not valid YAML: text cannot start with * (put the text in quotes)"),
        (b"a: @b\n", "a.yaml:1:4: error: not valid YAML: text cannot start with @"),
    ],
)
def test_what_is_refused_and_where(data: bytes, said: str) -> None:
    assert said in refusal(data)


@pytest.mark.parametrize(
    "key",
    [
        *("1", "-1", "1.5", "0x1f", "010", "1e3", "1:30", "true", "False", "null", "~", "y", "No", "on", ".5", ".inf"),
        *("2026-01-01", "2026-01-01T10:00:00Z"),
    ],
)
def test_a_key_that_is_not_text_everywhere_is_refused_unless_quoted(key: str) -> None:
    said = f'a.yaml:1:1: error: the key {key} is not text to every YAML reader (write "{key}")'
    assert refusal(f"{key}: x\n".encode()) == said
    (document,) = read_documents(f'"{key}": x\n'.encode(), "a.yaml")
    assert isinstance(document, Mapping)
    assert list(document.entries) == [key]


@pytest.mark.parametrize("key", ["yes-sir", "1a", "nope", "1.2.3", "-a", "+", "true.", "2026-01", "no way", "<", "="])
def test_a_key_that_only_begins_like_something_else_is_text(key: str) -> None:
    (document,) = read_documents(f"{key}: x\n".encode(), "a.yaml")
    assert isinstance(document, Mapping)
    assert list(document.entries) == [key]


UNSEEN = [*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, 0x180E, 0xFEFF]
UNSEEN += [*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0x3164, 0xFFFE, 0xE0041]


@pytest.mark.parametrize("place", ["a: 'é x{}y'", "# é x{}y", "a: é x{}y", 'a: "x{}y"', "é{}: 1"])
def test_characters_that_nobody_sees_are_told_at_their_place(place: str) -> None:
    for code in UNSEEN:
        line = place.format(chr(code))
        spelt = chr(code).encode("unicode_escape").decode()
        said = refusal(f"a1: 1\n{line}\nb: 1\n".encode())
        assert said.startswith(f"a.yaml:2:{line.index(chr(code)) + 1}: error: the c"), said
        assert spelt in said
        assert said.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "a: 👩‍💻 ❤️‍🔥 🏳️‍🌈",
        "a: می‌خواهم",
        "a: क्‍ष",
        "a: 10\u00a0000 €",
        "a: \U0001f600 \ue0b0 \ufffd",
        "a: |\n  x\ty\n  \tz\n",
        "{\n\ta: 1\n}",
        "a: 1\r\nb:\r\n  - c\r\n",
    ],
)
def test_what_people_need_is_read(text: str) -> None:
    assert read_documents(text.encode(), "a.yaml")


@pytest.mark.parametrize("text", ["a\u200db: 1", "a: x\u200cy", "a: é\u200dy", "a: \u200dé", "a: é\u200d\u200dé"])
def test_a_joiner_that_joins_nothing_is_refused(text: str) -> None:
    assert "joiner) cannot be seen" in refusal(text.encode())


def test_a_value_may_hold_what_is_written_as_an_escape_and_a_key_may_not() -> None:
    assert read_documents(rb'a: "\u0001 \e[1m \u202e \t \n"', "a.yaml")
    for key in (rb'"a\u202e"', rb'"a\n"', rb'"a\t"', rb'"\u3164"', "a\u00a0b".encode(), "é\u200dé".encode()):
        assert "holds characters that cannot be seen" in refusal(key + b": 1\n")


def test_a_lone_carriage_return_is_refused() -> None:
    assert refusal(b"# a\rdeleted: true\n").startswith("a.yaml:1:4: error: a carriage return (\\r) stands alone")


def test_all_problems_are_told_at_once_in_order() -> None:
    data = "a: &x 1\na: \u202e\nb: *x\n1: !t {c: 1, c: 2}\nb: 1\n".encode()
    assert [line.split(" error: ")[0] for line in refusal(data).splitlines()] == [
        "a.yaml:1:4:",
        "a.yaml:2:1:",
        "a.yaml:2:4:",
        "a.yaml:3:4:",
        "a.yaml:4:1:",
        "a.yaml:4:4:",
        "a.yaml:4:14:",
        "a.yaml:5:1:",
    ]


def test_what_was_found_before_a_syntax_error_is_told_with_it() -> None:
    said = refusal(b"a: &x 1\nb: [\n").splitlines()
    assert [line[:11] for line in said] == ["a.yaml:1:4:", "a.yaml:3:1:"]


def test_characters_that_adjoin_are_told_once() -> None:
    assert refusal("a: \u202e\u2066x\u2069\u202c\n".encode()).count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("d\u0435leted", "d\\u0435leted"),
        ("\u0410pplication", "\\u0410pplication"),
        ("\uff57eb \u212aafka \U0001d41a", "\\uff57eb \\u212aafka \\U0001d41a"),
        ("gr\u00f6\u00dfer", "gr\u00f6\u00dfer"),
        ("\u0437\u0430\u043a\u0430\u0437\u044b", "\u0437\u0430\u043a\u0430\u0437\u044b"),
        ("\u05e9\u05dc\u05d5\u05dd a", "\u05e9\u05dc\u05d5\u05dd a"),
        ("a\u3164b\u200d", "a\\u3164b\\u200d"),
    ],
)
def test_messages_spell_what_only_looks_like_ascii(text: str, said: str) -> None:
    assert Problem("a.yaml", 1, 1, text).message == said


def test_the_number_of_problems_is_bounded() -> None:
    assert len(refusal("a: \u202e\u202e\u202e\n".encode() * 100).splitlines()) <= MAX_PROBLEMS + 1
    assert len(refusal(b"a: &x 1\n" * 1000).splitlines()) == MAX_PROBLEMS
    with pytest.raises(YamlProblemError) as error:
        read_documents(b"a: &x 1\na: 2\n", "a.yaml")
    assert error.value.problem == error.value.problems[0]
    assert error.value.problem.line == 1


def test_a_problem_is_one_printable_line_of_bounded_length() -> None:
    problem = Problem("a\x1b.yaml", 1, 1, "x\n\u202e" + "\x07" * 10**6 + "end", "y" * 10**6)
    assert problem.path == "a\\x1b.yaml"
    assert problem.message.startswith("x\\n\\u202e\\x07")
    assert problem.message.endswith("\\x07end")
    assert str(problem).isprintable()
    assert len(str(problem)) < 2 * LONGEST + 100


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- "])
def test_forty_thousand_nested_collections_are_refused(opening: bytes) -> None:
    assert f"nested deeper than {MAX_DEPTH} levels" in refusal(opening * 40_000)


def test_the_deepest_legal_nesting_is_read() -> None:
    depth = MAX_DEPTH
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


NASTY = st.text(alphabet=" \n\t:#-?[]{}'\"\\|>&*!%@`~=<,\r\x85\u2028\u202e\u200d\ufeff\x1b\x000ayé😀", max_size=60)


@settings(max_examples=500)
@given(st.binary(max_size=80) | NASTY.map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert read_documents(data, "a.yaml")
    except YamlProblemError as error:
        for problem in error.problems:
            assert 1 <= problem.line <= data.count(b"\n") + 2
            assert 1 <= problem.column <= len(data) + 1
            assert str(problem).isprintable()
