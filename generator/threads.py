"""A few calls at once.

`concurrent.futures` would do, but it imports `logging`, and each step of each push would pay 15 ms for that.
"""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")


class Call(Generic[R]):
    """A call that has been started in a thread of its own."""

    def __init__(self, act: Callable[[], R]) -> None:
        self._act = act
        self._result: R
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._act()
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error

    def wait(self) -> None:
        """Until the call has ended, however it ends."""
        self._thread.join()

    def result(self) -> R:
        """What the call gave, when it has ended; raises what it raised."""
        self.wait()
        if self._error:
            raise self._error
        return self._result


def each(act: Callable[[T], R], items: Iterable[T], *, at_once: int = 8) -> list[R]:
    """`act` of every item, in order; all have ended when the first error is raised."""
    waiting = list(enumerate(items))
    if len(waiting) == 1:
        return [act(waiting[0][1])]
    waiting.reverse()
    found: dict[int, R] = {}

    def work() -> None:
        while waiting:
            try:
                index, item = waiting.pop()
            except IndexError:  # another thread was faster
                return
            found[index] = act(item)

    workers = [Call(work) for _ in range(min(at_once, len(waiting)))]
    for worker in workers:
        worker.wait()
    for worker in workers:
        worker.result()
    return [found[index] for index in sorted(found)]
