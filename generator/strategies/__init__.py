"""How an app gets from one release to the next: one file each. A strategy turns a change into the phases of its run."""

from typing import Protocol

from generator.model.change import Change
from generator.model.plan import Phase
from generator.strategies import removal, rolling


class Strategy(Protocol):
    """A strategy is a module with this one function; its docstring is its manual."""

    def phases(self, change: Change) -> list[Phase]:
        """The phases of the change's run, in order."""


STRATEGIES: dict[str, Strategy] = {
    "rolling": rolling,
    "removal": removal,
}
