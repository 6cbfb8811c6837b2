"""Read a repository that a person works in, without running anything of it and without copying it.

A bare repository of ours looks into the object store of theirs. Their configuration, hooks, attributes and filters
belong to a folder that git never opens here, but for two questions that run none of them: where the store is, and
which commit a revision names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gitrepo.command import SHA, Git, GitError
from generator.gitrepo.objects import Objects
from generator.model.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


class Local(Objects):
    """The objects of the repository around `folder`, which may be bare, a work tree or a part of one."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        # No protocol is allowed: a partial clone would otherwise fetch what it lacks, the way its configuration says.
        super().__init__(Git(scratch, url=str(folder.resolve()), protocols="none"))
        self.git.remember("GIT_NO_LAZY_FETCH", "1")  # and newer gits do not even try
        self.folder = folder
        kind, _, store = self._about("--path-format=absolute", "--show-object-format", "--git-path", "objects")
        self.git.run("init", "--bare", "--quiet", "--template=", f"--object-format={kind}")
        # Quoted, because git takes a plain colon for the end of a path.
        self.git.remember("GIT_ALTERNATE_OBJECT_DIRECTORIES", f'"{_escaped(store)}"')

    def commit(self, revision: str) -> str:
        """The full id of the commit that a revision names. Raises UserError where there is none."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        try:
            found = self.git.ask(self.folder, *words).decode().strip() if revision.isprintable() else ""
        except GitError:
            found = ""
        if not SHA.fullmatch(found):
            raise UserError(f"{self.folder} has no commit '{revision[:80]}'")
        return found

    def _about(self, *words: str) -> tuple[str, str, str]:
        try:
            answer = self.git.ask(self.folder, "rev-parse", *words).decode(errors="surrogateescape")
            return answer.removesuffix("\n").partition("\n")
        except GitError as error:
            raise UserError(f"{self.folder} cannot be read as a Git repository: {error}") from error

    def _demand(self, oid: str, kind: str) -> None:
        if kind == "missing":
            mend = f"a partial clone lacks files; git -C {self.folder} fetch --refetch --no-filter brings them"
            raise UserError(f"{self.folder} has no object {oid}: {mend}")


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
