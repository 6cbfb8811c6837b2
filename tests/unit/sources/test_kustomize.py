from __future__ import annotations

from pathlib import Path

import pytest

from generator.sources.given import Invocation, ToolError
from tests.conftest import Golden
from tests.unit.sources.rendering import EXPECTED, folders, outcome, rendered
from tests.unit.tools import programs

APP = b"spec:\n  version: '1'\n  kustomize:\n    folder: '-k'\n"
FILES = {
    "apps/web/app.yaml": APP,
    "apps/web/-k/kustomization.yaml": b"resources: [-x.yaml]\n",
    "apps/web/-k/-x.yaml": b"",
}


@programs.needed
@pytest.mark.parametrize("folder", folders("kustomize"), ids=lambda folder: folder.name)
def test_case(folder: Path, golden: Golden) -> None:
    golden(folder / EXPECTED, outcome(folder))


def test_the_words_are_ours_and_what_people_wrote_is_in_files() -> None:
    seen: list[Invocation] = []

    def tool(invocation: Invocation) -> str:
        seen.append(invocation)
        return ""

    rendered(FILES, tool)
    (one,) = seen
    assert (one.program, one.words) == ("kustomize", ("build", "--", "."))
    ours = b"resources:\n  - app/-k\nbuildMetadata:\n  - originAnnotations\n"
    assert one.files == {
        "kustomization.yaml": ours,
        **{path.replace("apps/web", "app"): data for path, data in FILES.items()},
    }


def test_what_kustomize_says_stands_at_the_kustomization() -> None:
    def tool(_: Invocation) -> str:
        raise ToolError("couldn't make target for path 'app/-k': no good")

    assert rendered(FILES, tool)[1] == ["apps/web/-k/kustomization.yaml:1:1: error: kustomize refuses it: no good"]


def test_a_long_chain_of_bases_does_not_end_the_step() -> None:
    files = {f"apps/web/k{n}/kustomization.yaml": f"resources: [../k{n + 1}]\n".encode() for n in range(3000)}
    problems = rendered({"apps/web/app.yaml": APP.replace(b"'-k'", b"k0"), **files}, lambda _: "")[1]
    assert problems == ["apps/web/k2999/kustomization.yaml:1:13: error: resources: '../k3000' is not there"]


def test_a_definition_may_stand_anywhere_on_a_disk() -> None:
    files = {path.replace("apps/", "/home/ada/apps/"): data for path, data in FILES.items()}
    assert rendered(files, lambda _: "")[1] == [
        "/home/ada/apps/web/app.yaml:4:13: error: the kustomization makes no objects"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            b"resources: [-x.yaml]\nResources: [evil.yaml]\n",
            "2:1: error: Resources is not spelt as the field resources is",
        ),
        (
            "\u017fecretGenerator: []\n".encode(),
            "1:1: error: \\u017fecretGenerator is not spelt as the field secretGen",
        ),
        (b"configMapGenerator:\n- name: g\n  Files: [../x]\n", "3:3: error: Files is not spelt as the field files is"),
        (b"patches:\n- PATH: ../x\n", "2:3: error: PATH is not spelt as the field path is"),
        (b"openapi: {Path: ../x}\n", "1:11: error: Path is not spelt as the field path is"),
    ],
)
def test_fields_are_spelt_as_kustomize_spells_them(text: bytes, said: str) -> None:
    problems = rendered({**FILES, "apps/web/-k/kustomization.yaml": text}, lambda _: "")[1]
    assert any(said in line for line in problems), problems


def test_labels_may_be_called_like_fields() -> None:
    text = b"resources: [-x.yaml]\ncommonLabels: {Path: a, Files: b}\n"
    problems = rendered({**FILES, "apps/web/-k/kustomization.yaml": text}, lambda _: "")[1]
    assert not [line for line in problems if "spelt" in line]
