"""What all tests share: the same Git identity everywhere, and golden files that only people rewrite."""

from __future__ import annotations

import difflib
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("steady")

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; look at the diff")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is refused where CI is set: people look before golden files change")
    # A step keeps its connections until its process ends; here they end with a test's thread instead.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <s:ResourceWarning")


@pytest.fixture(autouse=True, scope="session")
def git_identity() -> Iterator[None]:
    """The same author everywhere, and nothing of the developer's own settings."""
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ada")
            patch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
            patch.setenv(f"GIT_{role}_DATE", "1700000000 +0000")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.delenv("GIT_DIR", raising=False)
        yield


@pytest.fixture(autouse=True, scope="session")
def last_connections() -> Iterator[None]:
    """Ends the last test's connections while the filter above still holds."""
    yield
    gc.collect()


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Golden:
    """Compares a text with a golden file, or rewrites the file where --update-golden is given."""

    def compare(file: Path, text: str) -> None:
        if pytestconfig.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            return
        there = file.read_text() if file.is_file() else ""
        if there != text:
            lines = difflib.unified_diff(
                there.splitlines(keepends=True), text.splitlines(keepends=True), file.name, "as it is generated now"
            )
            pytest.fail(f"{file.name} differs (hack/dev golden rewrites it):\n{''.join(lines)}", pytrace=False)

    return compare
