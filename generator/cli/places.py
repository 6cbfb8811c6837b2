"""Where the definitions around a path begin: the folder of a repository that holds them, and the folder of one."""

from __future__ import annotations

import os
from pathlib import Path

_APP_FILE = "app.yaml"


def absolute(path: Path) -> Path:
    """The whole path without dots; no link is followed."""
    return Path(os.path.normpath(Path.cwd() / path))


def root_around(path: str, root: str) -> Path | None:
    """The folder `root` of the repository around a path, where there is one.

    A repository begins where Git says so, or else in the current folder, or above the path or at it.
    """
    place = absolute(Path(path))
    tops = (_git_top(place), Path.cwd(), place, *place.parents)
    roots = (absolute(top / root) for top in tops if top)
    return next((one for one in roots if _related(one, place) and one.is_dir()), None)


def home_of(file: Path, root: Path | None) -> Path | None:
    """The folder with an app.yaml that a file is part of, found upwards, as it was typed or from the current folder.

    The outermost counts, as far as the repository goes. Where nobody knows how far that is, one above the current
    folder counts only where there is none below it, and then the nearest.
    """
    place, here = absolute(file), Path.cwd()
    edge = _git_top(place)
    homes = [one for one in place.parents[:-1] if (one / _APP_FILE).is_file()]
    if root and root in place.parents:
        homes = [one for one in homes if root in one.parents]
    elif edge:
        homes = [one for one in homes if one.is_relative_to(edge)]
    else:
        homes = [one for one in homes if one.is_relative_to(here)] or homes[:1]
    return _typed(homes[-1], file) if homes else None


def _git_top(place: Path) -> Path | None:
    return next((one for one in (place, *place.parents) if (one / ".git").exists()), None)


def _related(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _typed(home: Path, file: Path) -> Path:
    return home if file.is_absolute() else Path(os.path.relpath(home))
