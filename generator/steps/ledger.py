"""The ledger of a push: what of it is still to do, and that it is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.cluster.records import Records
from generator.console import say
from generator.model.inventory import Ledger
from generator.steps.origin import open_repository, secret_token
from generator.steps.shell import platform

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.model.change import Push
    from generator.model.platform import Repository


def still_to_do(api: Api, settings: Repository, push: Push) -> Push | None:
    """The push, with its sequence after that of a run which was faster; None where nothing is left to do."""
    if push.commit == push.base:
        say("the ledger is at the head of the branch: nothing to do")
        return None
    ledger, version = Records(api, platform().namespace).ledger(settings.name)
    if version == push.ledger_version:
        return push
    head = open_repository(settings, secret_token(api, settings.credential)).head(settings.branch)
    if head != push.commit or (ledger and ledger.commit == push.commit):
        say("another run has processed this commit, or there is a later one: nothing to do")
        return None
    return replace(push, sequence=(ledger.sequence if ledger else push.sequence) + 1, ledger_version=version)


def advance(api: Api, settings: Repository, push: Push) -> None:
    """Move the ledger to the push, unless another run was faster."""
    ledger = Ledger(settings.name, settings.branch, push.commit, push.sequence)
    if not Records(api, platform().namespace).advance(ledger, push.ledger_version):
        say("another run has moved the ledger in the meantime; it has seen what this one saw, or more")
