"""What we write and read is what others read: our writer against our reader, and our reader against Go's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.yamlio.characters import UNSEEN
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of
from generator.yamlio.write import write
from tests.unit.yamlio.kubectl import kubectl_reads, needs_kubectl, same
from tests.unit.yamlio.test_write import TEXTS

ROOT = Path(__file__).parents[3]
HEAD: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}

# NUL is refused by the reader: nothing takes it.
NASTY = st.text(
    alphabet=" \n\t:#-?[]{}'\"\\|>&*!%@`~=<,\r\x85\u2028\u202e\u200d\ufeff\x1b0189._+exEXoOaZyNnté😀", max_size=12
)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
TEXT = TEXT | NASTY | st.sampled_from(TEXTS)
# The reader takes no unseen characters in keys, however they are written.
KEYS = (TEXT | st.text(max_size=140)).map(
    lambda key: "".join(letter for letter in key if letter.isprintable() and not UNSEEN.search(letter))
)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
LEAVES = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXT
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def reads(text: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    (document,) = read_documents(text.encode(), "a.yaml")
    return value_of(document, "a.yaml", problems), problems


@settings(max_examples=300)
@given(TREES)
@example(["a\u200db", "é\u200dé", "\u202e\n", {"k" * 200: "x", "": "", "a: b": "\\"}])
@example({"a": "x\n  y\n\tz\n", "b": " \n", "c": "#\n#", "d": "\n\n", "e": "a\r\nb\r\n", "f": "---\n...\n"})
def test_the_reader_is_the_inverse_of_the_writer(tree: Any) -> None:
    text = write({"a": tree})
    found, problems = reads(text)
    assert problems == []
    assert same(found, _as_go({"a": tree})), text


def _as_go(value: Any) -> Any:
    """A whole float below 1e21 is an integer in Go's JSON."""
    if isinstance(value, dict):
        return {key: _as_go(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_go(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e21 else value


@needs_kubectl
@settings(max_examples=25)
@given(st.lists(TREES, max_size=40))
def test_go_reads_what_we_write(trees: list[Any]) -> None:
    text = write(HEAD | {"data": {f"k{number}": tree for number, tree in enumerate(trees)}})
    (theirs,) = kubectl_reads(text)
    ours, problems = reads(text)
    assert problems == []
    assert [text for key in ours["data"] if not same(ours["data"][key], theirs["data"][key])] == []


PLAIN = st.text(alphabet="0123456789+-._:eExXoObB~=<yYnNfFtTrualsi", min_size=1, max_size=8)
STYLES = st.fixed_dictionaries(
    {
        "default_style": st.sampled_from([None, '"', "'", "|", ">"]),
        "default_flow_style": st.sampled_from([None, True, False]),
        "indent": st.integers(2, 6),
        "width": st.sampled_from([12, 40, 200]),
        "allow_unicode": st.booleans(),
    }
)


@needs_kubectl
@settings(max_examples=30)
@given(st.lists(st.tuples(TREES, STYLES), max_size=30), st.lists(PLAIN, min_size=100, max_size=300))
def test_go_reads_what_people_write_as_we_do(styled: list[tuple[Any, dict[str, Any]]], plain: list[str]) -> None:
    """Whatever we accept without a problem has the same value for Go: in every style, and unquoted."""
    texts = [yaml.dump(HEAD | {"data": {"x": tree}}, Dumper=_NoAliases, **style) for tree, style in styled]
    texts += [write(HEAD) + f"data:\n  x: {text}\n" for text in plain]
    accepted = [(text, value) for text in texts if (value := _accepted(text)) is not None]
    theirs = kubectl_reads("".join(f"---\n{text}" for text, _ in accepted) or write(HEAD))
    different = [text for (text, ours), read in zip(accepted, theirs, strict=False) if not same(ours, read)]
    assert different == []


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _accepted(text: str) -> Any:
    try:
        value, problems = reads(text)
    except YamlProblemError:
        return None
    return None if problems else value


def _generated() -> list[Path]:
    """The bundle, and the runs of every case."""
    files = [*ROOT.glob("tests/golden/bundle/folder/*.yaml"), *ROOT.glob("tests/cases/*/expected/*.yaml")]
    return sorted(file for file in files if "metadata:" in file.read_text())


@needs_kubectl
def test_go_reads_every_generated_file_as_we_do() -> None:
    ours = []
    problems: list[Problem] = []
    for file in _generated():
        ours += [value_of(document, file.name, problems) for document in read_documents(file.read_bytes(), file.name)]
    assert problems == []
    assert len(ours) > 40
    theirs = kubectl_reads("".join(f"---\n{file.read_text()}" for file in _generated()))
    different = [one["metadata"]["name"] for one, read in zip(ours, theirs, strict=True) if not same(one, read)]
    assert different == []
