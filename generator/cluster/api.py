"""Objects of a cluster as trees: get, list, create, apply, replace, delete, logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from generator.model.errors import PushboatError
from generator.model.inventory import ObjectRef
from generator.model.kinds import KINDS
from generator.model.names import FIELD_MANAGER
from generator.transport import HttpError, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Object = dict[str, Any]
JsonPatch = list[Object]

_LOG_SECONDS = 10.0

# Resources that the steps read or write besides those an app may consist of.
_RESOURCES: dict[tuple[str, str], str] = {
    ("", "Pod"): "pods",
    ("", "Secret"): "secrets",
    ("tekton.dev", "PipelineRun"): "pipelineruns",
    ("tekton.dev", "TaskRun"): "taskruns",
}
_RESOURCES |= {(group, kind): plural for group, kinds in KINDS.items() for kind, plural in kinds.items()}


class Api:
    """One API server."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._resources = dict(_RESOURCES)

    def get(self, ref: ObjectRef) -> Object | None:
        """The live object, or None where there is none (404); anything else unexpected raises."""
        return self._or_none(self._path(ref))

    def _or_none(self, path: str) -> Object | None:
        try:
            found: Object = self.transport.request("GET", path)
        except HttpError as error:
            if error.status == 404:
                return None
            raise
        return found

    def list(
        self, api_version: str, kind: str, namespace: str, labels: Mapping[str, str | tuple[str, ...]] | None = None
    ) -> list[Object]:
        """All objects of a kind in a namespace that carry the labels; an empty value asks for the key alone."""
        path = self._path(ObjectRef(api_version, kind, namespace, ""))
        selector = ",".join(_term(key, value) for key, value in (labels or {}).items())
        found: list[Object] = []
        query = {"limit": "500"} | ({"labelSelector": selector} if selector else {})
        while True:
            page = self.transport.request("GET", f"{path}?{urlencode(query)}")
            found += page["items"]
            token = page["metadata"].get("continue")
            if not token:
                return [{"apiVersion": api_version, "kind": kind, **item} for item in found]
            query["continue"] = token

    def create(self, item: Object) -> Object | None:
        """The created object, or None where one of that name exists already."""
        ref = ref_of(item)
        path = self._path(ObjectRef(ref.api_version, ref.kind, ref.namespace, ""))
        try:
            found: Object = self.transport.request("POST", f"{path}?fieldManager={FIELD_MANAGER}", item)
        except HttpError as error:
            if error.status == 409 and error.body.get("reason") == "AlreadyExists":
                return None
            raise
        return found

    def apply(self, item: Object, *, force: bool, manager: str = FIELD_MANAGER, dry_run: bool = False) -> Object:
        """Server-side apply. Without `force` a field that another manager owns raises HttpError 409.

        With `dry_run` the object comes back defaulted, validated and admitted, but is not stored.
        """
        query = {"fieldManager": manager, "force": str(force).lower(), **({"dryRun": "All"} if dry_run else {})}
        path = f"{self._path(ref_of(item))}?{urlencode(query)}"
        found: Object = self.transport.request("PATCH", path, item, content_type="application/apply-patch+yaml")
        return found

    def replace(self, item: Object) -> Object | None:
        """The stored object, or None where its resourceVersion is no longer the current one (compare and swap)."""
        try:
            found: Object = self.transport.request(
                "PUT", f"{self._path(ref_of(item))}?fieldManager={FIELD_MANAGER}", item
            )
        except HttpError as error:
            if error.status == 409:
                return None
            raise
        return found

    def patch(self, ref: ObjectRef, change: Object | JsonPatch) -> Object | None:
        """The object after a merge patch (a mapping) or a JSON patch (a list).

        None where it is gone, or where a test of a JSON patch does not hold.
        """
        is_json = not isinstance(change, dict)
        kind = "application/json-patch+json" if is_json else "application/merge-patch+json"
        try:
            found: Object = self.transport.request(
                "PATCH", f"{self._path(ref)}?fieldManager={FIELD_MANAGER}", change, content_type=kind
            )
        except HttpError as error:
            if error.status == 404 or (is_json and error.status == 422):
                return None
            raise
        return found

    def delete(self, ref: ObjectRef, *, propagation: str = "Foreground", version: str = "") -> bool:
        """Ask for the deletion of exactly this object; False where it is gone, or another (version) by now.

        In the foreground an object stays until all that it owns, such as its pods, is gone.
        """
        options: Object = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation}
        conditions = {key: value for key, value in (("uid", ref.uid), ("resourceVersion", version)) if value}
        if conditions:
            options["preconditions"] = conditions
        try:
            self.transport.request("DELETE", self._path(ref), options)
        except HttpError as error:
            if error.status in (404, 409):
                return False
            raise
        return True

    def log(self, namespace: str, pod: str, container: str, *, tail: int | None = None, previous: bool = False) -> str:
        """The end of a container's log; empty where there is none, or none to be had."""
        query = urlencode(
            {"container": container, "previous": str(previous).lower()} | ({"tailLines": tail} if tail else {})
        )
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/log?{query}"
        try:
            return "\n".join(self.transport.lines(path, timeout=_LOG_SECONDS))
        except PushboatError:
            return ""

    def follow(self, namespace: str, pod: str, container: str) -> Iterator[str]:
        """A container's log from its start, until the container ends."""
        query = urlencode({"container": container, "follow": "true"})
        return self.transport.lines(f"/api/v1/namespaces/{namespace}/pods/{pod}/log?{query}")

    def _path(self, ref: ObjectRef) -> str:
        group = ref.api_version.rpartition("/")[0]
        root = _root(ref.api_version)
        place = f"/namespaces/{quote(ref.namespace, safe='')}" if ref.namespace else ""
        name = f"/{quote(ref.name, safe='')}" if ref.name else ""
        return f"{root}{place}/{quote(self._plural(group, ref), safe='')}{name}"

    def _plural(self, group: str, ref: ObjectRef) -> str:
        if (group, ref.kind) not in self._resources:
            root = _root(ref.api_version)
            for one in (self._or_none(root) or {}).get("resources", []):
                if "/" not in one["name"]:
                    self._resources[(group, one["kind"])] = one["name"]
        if (group, ref.kind) not in self._resources:
            raise HttpError(404, f"the cluster has no kind {ref.kind} in {ref.api_version}", {})
        return self._resources[(group, ref.kind)]


def _root(api_version: str) -> str:
    return f"/{'apis' if '/' in api_version else 'api'}/{quote(api_version, safe='/')}"


def _term(key: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"{key} in ({','.join(value)})"
    return f"{key}={value}" if value else key


def ref_of(item: Object) -> ObjectRef:
    """The reference of an object; its uid where it has one."""
    metadata = item["metadata"]
    return ObjectRef(
        item["apiVersion"],
        item["kind"],
        metadata.get("namespace", ""),
        metadata.get("name", ""),
        metadata.get("uid", ""),
    )
