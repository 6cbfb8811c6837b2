"""The bundle's values and its form as files."""

from __future__ import annotations

from typing import Any

import pytest

from generator.bundle.catalog import Document
from generator.bundle.output import as_folder
from generator.bundle.values import values
from generator.model.platform import Platform, Repository, Target


def ports(*urls: str, more: tuple[int, ...] = ()) -> list[int]:
    repositories = tuple(Repository("shop", url, "gitea", "w", "c", "c", "c") for url in urls)
    platform = Platform("pushboat", "step:1", repositories, (Target("default", "shop"),), egress_ports=more)
    rules = values(platform)["egress_ports"]
    assert all(rule["protocol"] == "TCP" for rule in rules)
    return [rule["port"] for rule in rules]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://git.example.com/a/b", [443, 6443, 8443]),
        ("http://git.example.com/a/b", [80, 443, 6443, 8443]),
        ("https://git.example.com:3000/a/b", [443, 3000, 6443, 8443]),
        ("http://git.example.com:3000/a/b", [443, 3000, 6443, 8443]),
    ],
)
def test_the_port_of_a_repository_is_let_through(url: str, wanted: list[int]) -> None:
    assert ports(url) == wanted


def test_each_port_is_let_through_once() -> None:
    found = ports("http://a.example.com:3000/a/b", "https://b.example.com:3000/a/b", more=(3000, 16443))
    assert found == [443, 3000, 6443, 8443, 16443]


@pytest.mark.parametrize(("count", "first", "last"), [(9, "01", "09"), (99, "01", "99"), (100, "001", "100")])
def test_the_files_of_a_folder_sort_in_the_order_of_the_bundle(count: int, first: str, last: str) -> None:
    trees: list[dict[str, Any]] = [{"kind": "Task", "metadata": {"name": f"t{number}"}} for number in range(count)]
    names = list(as_folder([Document("tasks/x.yaml", tree) for tree in trees], "pushboat generate"))
    assert names[0] == "kustomization.yaml"
    assert names[1:] == sorted(names[1:])
    assert (names[1], names[-1]) == (f"{first}-task-t0.yaml", f"{last}-task-t{count - 1}.yaml")
