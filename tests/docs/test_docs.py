"""The documentation is tried: its definitions and platforms parse, its verbs exist, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.cli import VERBS
from generator.core.parse_app import parse_app
from generator.core.parse_platform import parse_platform

ROOT = Path(__file__).parents[2]
CATALOG = sorted(ROOT.glob("tasks/*/README.md")) + sorted(ROOT.glob("pipelines/*/README.md"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("docs/**/*.md")),
    ROOT / "examples" / "README.md",
    *CATALOG,
    *sorted(ROOT.glob("triggers/*/README.md")),
]
_BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
_KIND = re.compile(r"^kind: (Application|Platform)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks() -> list[tuple[str, str, str]]:
    """Page and line, kind, and text of every YAML block with a definition or a platform."""
    found = []
    for page in PAGES:
        text = page.read_text()
        for match in _BLOCK.finditer(text):
            kind = _KIND.search(match.group(1))
            if kind:
                line = text.count("\n", 0, match.start()) + 2
                found.append((f"{name_of(page)}:{line}", kind.group(1), match.group(1)))
    return found


@pytest.mark.parametrize(("where", "kind", "text"), blocks(), ids=lambda value: value if ".md:" in value else "")
def test_every_definition_and_platform_in_the_docs_parses(where: str, kind: str, text: str) -> None:
    data = text.encode()
    problems = parse_app(data, where).problems if kind == "Application" else parse_platform(data, where)[1]
    assert not problems, "\n".join(map(str, problems))


def test_there_are_examples_of_both_kinds() -> None:
    assert {kind for _, kind, _ in blocks()} == {"Application", "Platform"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented(verb: str) -> None:
    assert f"`pushboat {verb}" in (ROOT / "README.md").read_text(), f"README.md has no line for pushboat {verb}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text()):
        place, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), f"{name_of(page)}: {link} does not exist"
        if anchor:
            assert anchor in anchors(target), f"{name_of(page)}: {link}: there is no such heading"


def anchors(page: Path) -> set[str]:
    """The headings of a page as Git hosts name them in links."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", CATALOG, ids=name_of)
def test_the_usage_of_a_catalog_page_is_its_sample(page: Path) -> None:
    sample = page.parent / "samples" / f"{page.parent.name}.yaml"
    assert sample.read_text() in _BLOCK.findall(page.read_text())
