from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from generator.core.diff import Entry, Tree, changed, definitions

A, B = Entry("100644", "a" * 40), Entry("100644", "b" * 40)


def tree(*paths: str, entry: Entry = A) -> Tree:
    return dict.fromkeys(paths, entry)


def test_files_and_folders_are_definitions() -> None:
    found = definitions(tree("apps/a.yaml", "apps/b.yml", "apps/c/app.yaml", "apps/c/x.txt", "apps/README.md"), "apps")
    assert {path: sorted(one.files) for path, one in found.items()} == {
        "apps/a.yaml": ["apps/a.yaml"],
        "apps/b.yml": ["apps/b.yml"],
        "apps/c/app.yaml": ["apps/c/app.yaml", "apps/c/x.txt"],
    }


def test_the_outermost_folder_counts() -> None:
    found = definitions(tree("apps/a/app.yaml", "apps/a/b/app.yaml", "apps/a/b/c.yaml"), "apps")
    assert list(found) == ["apps/a/app.yaml"]


def test_what_lies_outside_the_root_is_ignored() -> None:
    assert definitions(tree("other/a.yaml", "apps.yaml", "apps2/a.yaml"), "apps") == {}


def test_the_whole_repository_may_be_the_root() -> None:
    found = definitions(tree("a.yaml", "b/app.yaml", "b/c.yaml", "app.yaml"), ".")
    assert sorted(found) == ["a.yaml", "app.yaml", "b/app.yaml"]


def test_an_app_yaml_of_the_root_is_a_file_of_its_own() -> None:
    assert sorted(definitions(tree("apps/app.yaml", "apps/a.yaml"), "apps")) == ["apps/a.yaml", "apps/app.yaml"]


def test_paths_that_differ_only_in_case_are_rivals() -> None:
    found = definitions(tree("apps/A.yaml", "apps/a.yaml", "apps/b/app.yaml", "apps/B/app.yaml", "apps/c.yaml"), "apps")
    assert {path: (one.rival, one.rivals) for path, one in found.items() if one.rivals} == {
        "apps/A.yaml": ("apps/a.yaml", 1),
        "apps/a.yaml": ("apps/A.yaml", 1),
        "apps/b/app.yaml": ("apps/B/app.yaml", 1),
        "apps/B/app.yaml": ("apps/b/app.yaml", 1),
    }


def variants(number: int) -> list[str]:
    """Names that differ only in case."""
    bits = (f"{index:016b}" for index in range(number))
    return ["".join("Aa"[int(bit)] for bit in one) for one in bits]


def test_thousands_of_rivals_are_counted_and_one_is_named() -> None:
    names = variants(20_000)
    begin = time.process_time()
    found = definitions(tree(*(f"apps/{name}.yaml" for name in names)), "apps")
    assert changed(found, found) == []
    assert time.process_time() - begin < 2
    assert found[f"apps/{names[0]}.yaml"].rival == f"apps/{names[1]}.yaml"
    assert {one.rival for path, one in found.items() if path != f"apps/{names[0]}.yaml"} == {f"apps/{names[0]}.yaml"}
    assert {one.rivals for one in found.values()} == {19_999}


def test_who_meets_or_loses_a_rival_has_changed() -> None:
    alone, together = definitions(tree("apps/a.yaml"), "apps"), definitions(tree("apps/a.yaml", "apps/A.yaml"), "apps")
    assert changed(alone, together) == changed(together, alone) == ["apps/A.yaml", "apps/a.yaml"]


def test_added_removed_and_edited_are_changed() -> None:
    before = definitions(tree("apps/a.yaml", "apps/b.yaml", "apps/c.yaml"), "apps")
    after = definitions(tree("apps/a.yaml", "apps/d.yaml") | tree("apps/b.yaml", entry=B), "apps")
    assert changed(before, after) == ["apps/b.yaml", "apps/c.yaml", "apps/d.yaml"]


def test_a_mode_a_rename_within_and_a_new_file_change_a_folder() -> None:
    base = tree("apps/a/app.yaml", "apps/a/x")
    for other in (
        base | {"apps/a/x": Entry("100755", A.oid)},
        tree("apps/a/app.yaml", "apps/a/y"),
        base | tree("apps/a/z"),
        tree("apps/a/app.yaml"),
    ):
        assert changed(definitions(base, "apps"), definitions(other, "apps")) == ["apps/a/app.yaml"]


PATHS = st.lists(st.sampled_from(["apps", "a", "b", "app.yaml", "c.yaml", "d.yml", "e.txt"]), min_size=1, max_size=4)
TREES = st.dictionaries(PATHS.map("/".join), st.sampled_from([A, B]), max_size=8)


@given(TREES, TREES)
def test_diff_is_symmetric_and_empty_for_equals(one: Tree, two: Tree) -> None:
    first, second = definitions(one, "apps"), definitions(two, "apps")
    assert changed(first, second) == changed(second, first)
    assert changed(first, first) == []


@given(TREES)
def test_every_yaml_file_belongs_to_exactly_one_definition(one: Tree) -> None:
    owned = [path for found in definitions(one, "apps").values() for path in found.files]
    assert len(owned) == len(set(owned))
    assert {path for path in one if path.startswith("apps/") and path.endswith((".yaml", ".yml"))} <= set(owned)


@given(TREES)
def test_a_definition_keeps_its_files_when_others_come(one: Tree) -> None:
    more = one | tree("apps/zz/app.yaml", "apps/zz/more.yaml", "other/a.yaml")
    assert definitions(more, "apps").items() >= definitions(one, "apps").items()


def test_ten_thousand_definitions_take_no_time() -> None:
    before = tree(*(f"apps/team-{number % 100}/app-{number}.yaml" for number in range(10_000)))
    after = before | tree("apps/team-7/app-7.yaml", entry=B)
    begin = time.process_time()
    assert changed(definitions(before, "apps"), definitions(after, "apps")) == ["apps/team-7/app-7.yaml"]
    assert time.process_time() - begin < 0.5  # a tenth of it where nothing else runs
