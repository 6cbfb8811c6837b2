"""Rules about how many pods a component has and what they are given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.component import Component

if TYPE_CHECKING:
    from generator.schema.report import Place

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
_UNITS = {
    "m": 1e-3,
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}


def check(one: Component, place: Place) -> None:
    """Requests within limits, and evictions that can happen."""
    for name, text in one.resources.requests.items():
        limit = one.resources.limits.get(name)
        if limit and _amount(text) > _amount(limit):
            message = f"{place.full('resources')} requests {text} of {name}, more than its limit of {limit}"
            place.add_at(("resources", "requests", name), message)
    _check_disruption(one, place)


def _amount(text: str) -> float:
    match = _QUANTITY.fullmatch(text)
    return float(match.group(1)) * _UNITS[match.group(2) or ""] if match else 0.0


def _check_disruption(one: Component, place: Place) -> None:
    text = one.disruption.min_available if one.disruption else ""
    if text == "100%" or (text.isdigit() and int(text) >= one.at_least > 0):
        message = f"{place.full('disruption')}.minAvailable is {text} of {one.at_least}: no node could ever be drained"
        place.add_at(("disruption", "minAvailable"), message, "keep fewer, or say disruption: none")
