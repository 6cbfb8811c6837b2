"""What Pushboat keeps in the bundle's namespace: ledgers, inventories and releases, each a ConfigMap.

Every write is a compare-and-swap on resourceVersion, so that of two writers one learns that it was late.
"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from generator.cluster.api import ref_of
from generator.model import names
from generator.model.errors import UserError
from generator.model.inventory import Inventory, Ledger, ObjectRef, State
from generator.model.serial import from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cluster.api import Api, Object

# An object of etcd holds 1.5 MiB; base64 adds a third.
MAX_RELEASE_BYTES = 900 * 1024
_ATTEMPTS = 20
_SEQUENCE = f"{names.DOMAIN}/sequence"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one bundle, kept in its namespace."""

    api: Api
    namespace: str

    def _get(self, name: str) -> Object | None:
        return self.api.get(ObjectRef("v1", "ConfigMap", self.namespace, name))

    def _item(self, name: str, kind: str, labels: dict[str, str], data: dict[str, str], version: str = "") -> Object:
        metadata: Object = {"name": name, "namespace": self.namespace, "labels": {names.RECORD: kind, **labels}}
        if version:
            metadata["resourceVersion"] = version
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}

    def _swap(self, item: Object) -> bool:
        has_version = "resourceVersion" in item["metadata"]
        return (self.api.replace(item) if has_version else self.api.create(item)) is not None

    # --- the ledger

    def ledger(self, repository: str) -> tuple[Ledger | None, str]:
        """The ledger and its resourceVersion; None where there is none yet (with "") or it cannot be read."""
        found = self._get(names.ledger_name(repository))
        if found is None:
            return None, ""
        version = found["metadata"]["resourceVersion"]
        try:
            return from_plain(Ledger, json.loads(found["data"]["ledger.json"])), version
        except (KeyError, TypeError, ValueError):
            return None, version  # damaged: it is rebuilt from the inventories, and nothing is deleted

    def advance(self, ledger: Ledger, version: str) -> bool:
        """Move the ledger, unless somebody else has moved it since `version` was read."""
        data = {"ledger.json": json.dumps(to_plain(ledger), indent=1)}
        labels = {names.REPOSITORY: ledger.repository}
        return self._swap(self._item(names.ledger_name(ledger.repository), "ledger", labels, data, version))

    # --- inventories

    def inventories(self, labels: dict[str, str] | None = None) -> list[Inventory]:
        """All inventories that carry the labels, those that cannot be read as damaged ones."""
        found = self.api.list("v1", "ConfigMap", self.namespace, {names.RECORD: "inventory", **(labels or {})})
        return [_inventory(item) for item in found]

    def inventory(self, app: str, target: str) -> Inventory | None:
        """The inventory of one app on one target."""
        found = self._get(names.inventory_name(app, target))
        return _inventory(found) if found else None

    def update(self, app: str, target: str, change: Callable[[Inventory | None], Inventory]) -> Inventory:
        """Store what `change` makes of the current inventory; it is asked again when another writer was faster."""
        for _ in range(_ATTEMPTS):
            found = self._get(names.inventory_name(app, target))
            wanted = replace(change(_inventory(found) if found else None), updated=_now())
            version = found["metadata"]["resourceVersion"] if found else ""
            if self._swap(self._inventory_item(wanted, version)):
                return wanted
        raise UserError(f"the inventory of {app} on {target} is being changed by others all the time")

    def _inventory_item(self, inventory: Inventory, version: str) -> Object:
        labels = {
            names.APP: inventory.app,
            names.TARGET: inventory.target,
            names.REPOSITORY: inventory.repository,
            names.STATE: inventory.state.value,
            **{names.needs(app): "" for app in inventory.depends_on},
        }
        data = {"inventory.json": json.dumps(to_plain(inventory), indent=1)}
        return self._item(names.inventory_name(inventory.app, inventory.target), "inventory", labels, data, version)

    def drop_inventory(self, app: str, target: str, run: str) -> bool:
        """Forget an app on a target whose objects are confirmed gone; False where another run has claimed it."""
        found = self._get(names.inventory_name(app, target))
        if found is None:
            return True
        inventory, metadata = _inventory(found), found["metadata"]
        ref = ObjectRef("v1", "ConfigMap", self.namespace, metadata["name"], metadata["uid"])
        if inventory.run != run or not self._gone(ref, metadata["resourceVersion"]):
            return False
        self.drop_releases(app, target, inventory.sequence)
        return True

    def _gone(self, ref: ObjectRef, version: str) -> bool:
        """Delete exactly this version. A repeated request finds nothing where the answer to the first one was lost."""
        return self.api.delete(ref, propagation="Background", version=version) or self._get(ref.name) is None

    # --- releases

    def store_release(self, app: str, name: str, content: str, *, target: str = "", sequence: int = 0) -> None:
        """Keep a release, its objects as JSON; one of that name is the same already. Raises UserError over 900 KiB."""
        packed = gzip.compress(content.encode(), mtime=0)
        if len(packed) > MAX_RELEASE_BYTES:
            size = f"{len(packed)} bytes compressed; at most {MAX_RELEASE_BYTES} fit"
            raise UserError(f"the manifests of {app} have {size}: split the app")
        labels = {names.APP: app, names.TARGET: target, _SEQUENCE: str(sequence)}
        item = self._item(name, "release", labels, {})
        self.api.create(
            {**item, "binaryData": {"objects.json.gz": base64.b64encode(packed).decode()}, "immutable": True}
        )

    def release(self, name: str) -> list[dict[str, Any]]:
        """The manifests of a stored release."""
        found = self._get(name)
        if found is None:
            raise UserError(f"the release {name} is not stored any more; push the definition again")
        objects: list[dict[str, Any]] = json.loads(
            gzip.decompress(base64.b64decode(found["binaryData"]["objects.json.gz"]))
        )
        return objects

    def drop_releases(self, app: str, target: str, sequence: int, *, keep: str = "") -> None:
        """Forget every release of an app on a target up to a push, those of failed and superseded runs included."""
        labels = {names.RECORD: "release", names.APP: app, names.TARGET: target}
        for item in self.api.list("v1", "ConfigMap", self.namespace, labels):
            metadata = item["metadata"]
            if metadata["name"] != keep and int(metadata["labels"].get(_SEQUENCE, "0")) <= sequence:
                self.api.delete(ref_of(item), propagation="Background")


def _inventory(item: Object) -> Inventory:
    """What is recorded; of a record that cannot be read only what its name and labels tell is left."""
    try:
        return from_plain(Inventory, json.loads(item["data"]["inventory.json"]))
    except (KeyError, TypeError, ValueError):
        app, target = names.app_and_target(item["metadata"]["name"])
        repository = item["metadata"].get("labels", {}).get(names.REPOSITORY, "")
        return Inventory(app, target, "", repository, "", State.DAMAGED)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
