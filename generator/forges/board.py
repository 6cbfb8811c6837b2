"""The statuses of one repository's commits, through its forge."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.core.summarise import closing_summary
from generator.forges import FORGES
from generator.model.errors import PushboatError, UserError
from generator.threads import each
from generator.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.platform import Repository
    from generator.model.status import CommitStatus

_SUMMARIES = 5


class Board:
    """Posts and reads statuses. Telling people must never break a delivery, so failures are reported and swallowed."""

    def __init__(
        self, repository: Repository, token: str, complain: Callable[[str], None], *, patience: float = 10.0
    ) -> None:
        parts = urlsplit(repository.url)
        self._forge = FORGES[repository.forge]
        self._project = parts.path.strip("/")
        self._complain = complain
        host = f"{parts.scheme}://{parts.netloc}"
        self._transport = Transport(self._forge.api_url(host), lambda: self._forge.headers(token), patience=patience)

    def post(self, commit: str, *statuses: CommitStatus) -> None:
        """Post the statuses, several at once."""

        def one(status: CommitStatus) -> None:
            self._try(
                lambda: self._transport.request(
                    "POST", self._forge.status_path(self._project, commit), self._forge.status_body(status)
                )
            )

        each(one, statuses)

    def read(self, commit: str) -> list[CommitStatus]:
        """The newest status of every context on a commit. Raises a PushboatError where the host does not tell."""
        found: list[CommitStatus] = []
        page = 1
        while True:
            statuses = self._page(commit, page)
            found += statuses
            if len(statuses) < 50:
                return found
            page += 1

    def _page(self, commit: str, page: int) -> list[CommitStatus]:
        path = self._forge.statuses_path(self._project, commit, page)
        answer = self._transport.request("GET", path)
        try:
            return self._forge.read_statuses(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(f"GET {path.partition('?')[0]}: the answer is no list of statuses ({error})") from error

    def close(self, commit: str, status: CommitStatus) -> None:
        """Post an app's last status, then the summary as the commit's statuses now give it."""
        self.post(commit, status)
        self._try(lambda: self._summarise(commit))

    def _summarise(self, commit: str) -> None:
        """The statuses on the commit are the record. They are read again after the summary is posted: of two apps that
        end at once, one may have posted its summary over that of the other, who had seen more.
        """
        posted = None
        for _ in range(_SUMMARIES):
            wanted = closing_summary(self.read(commit))
            if wanted == posted:
                return
            self.post(commit, wanted)
            posted = wanted

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except PushboatError as error:
            self._complain(f"the commit status could not be posted: {error}")
