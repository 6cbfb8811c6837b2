"""A small but honest API server: what Pushboat relies on, as Kubernetes does it.

Create with AlreadyExists, replace by compare and swap, server-side apply with field owners and conflicts, merge and
JSON patches, deletion with uid preconditions and finalizers, lists with selectors and pages, pods' logs, names and
labels held to their rules. As Tekton's admission has it, of a PipelineRun's spec only `status` may change.
"""

from __future__ import annotations

import copy
import re
import ssl
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from tests.unit.fakes.web import Answer, Request, Web

Object = dict[str, Any]
Key = tuple[str, str, str, str]

# API group and version -> plural -> kind, all of them namespaced.
RESOURCES: dict[str, dict[str, str]] = {
    "v1": {
        "configmaps": "ConfigMap",
        "persistentvolumeclaims": "PersistentVolumeClaim",
        "pods": "Pod",
        "secrets": "Secret",
        "serviceaccounts": "ServiceAccount",
        "services": "Service",
    },
    "apps/v1": {
        "daemonsets": "DaemonSet",
        "deployments": "Deployment",
        "replicasets": "ReplicaSet",
        "statefulsets": "StatefulSet",
    },
    "batch/v1": {"cronjobs": "CronJob", "jobs": "Job"},
    "tekton.dev/v1": {"pipelineruns": "PipelineRun", "taskruns": "TaskRun"},
    "example.com/v1": {"widgets": "Widget"},
}
_PATH = re.compile(
    r"/(?:api/(?P<core>v1)|apis/(?P<group>[^/]+/[^/]+))"
    r"(?:/namespaces/(?P<namespace>[^/]+)/(?P<plural>[^/]+)(?:/(?P<name>[^/]+)(?P<log>/log)?)?)?"
)
_NAME = re.compile(r"[a-z0-9]([-.a-z0-9]*[a-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
TOKEN = "token-of-the-service-account"


class ApiServer(Web):
    """The server, and what tests may do to it from outside: `put`, `take_away`, `controllers`, `refuse`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.objects: dict[Key, Object] = {}
        self.owners: dict[Key, dict[tuple[str, ...], str]] = {}
        self.logs: dict[tuple[str, str, bool], str] = {}  # pod, container, previous
        self.controllers: dict[str, Callable[[Object], Object]] = {}  # kind -> the status it writes at once
        self.refuse: dict[tuple[str, str], Answer] = {}  # method and plural -> the answer instead
        self.deletions: list[str] = []  # KIND/NAME in the order they were asked for
        self.before: Callable[[Request], None] = lambda _: None  # is called ahead of every request
        self._version = 0

    # --- from outside

    def put(self, item: Object, *, manager: str = "somebody") -> Object:
        """Store an object as another client would."""
        with self.lock:
            key = self._key_of(item)
            stored = self._store(key, copy.deepcopy(item))
            self.owners[key] = dict.fromkeys(_leaves(item), manager)
            return stored

    def of_kind(self, kind: str) -> list[Object]:
        with self.lock:
            return [copy.deepcopy(item) for key, item in sorted(self.objects.items()) if item["kind"] == kind]

    def names(self, kind: str) -> list[str]:
        return [item["metadata"]["name"] for item in self.of_kind(kind)]

    def find(self, kind: str, name: str) -> Object:
        return next(item for item in self.of_kind(kind) if item["metadata"]["name"] == name)

    def take_away(self, kind: str, name: str) -> None:
        with self.lock:
            key = next(key for key in self.objects if self.objects[key]["kind"] == kind and key[3] == name)
            del self.objects[key]

    def release(self, kind: str, name: str) -> None:
        """Drop an object's finalizers, as the controller that set them would."""
        with self.lock:
            item = next(one for one in self.objects.values() if one["kind"] == kind and one["metadata"]["name"] == name)
            item["metadata"]["finalizers"] = []
            self._finish(self._key_of(item))

    # --- requests

    def answer(self, request: Request) -> Answer:
        self.before(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _status(401, "Unauthorized", "Unauthorized")
        match = _PATH.fullmatch(request.path)
        if not match:
            return _status(404, "NotFound", "the server could not find the requested resource")
        version = match["core"] or match["group"]
        if version not in RESOURCES:
            return _status(404, "NotFound", "the server could not find the requested resource")
        if not match["plural"]:
            resources = [{"name": plural, "kind": kind} for plural, kind in RESOURCES[version].items()]
            return Answer(data={"kind": "APIResourceList", "resources": resources})
        if match["plural"] not in RESOURCES[version]:
            return _status(404, "NotFound", "the server could not find the requested resource")
        refused = self.refuse.get((request.method, match["plural"]))
        if refused:
            return refused
        with self.lock:
            return self._act(request, (version, match["plural"], match["namespace"], match["name"] or ""), match["log"])

    def _act(self, request: Request, key: Key, log: str | None) -> Answer:
        if log:
            return self._log(key, request.query)
        if request.method == "GET":
            return self._get(key) if key[3] else self._list(key, request.query)
        act = {"POST": self._create, "PUT": self._replace, "PATCH": self._patch, "DELETE": self._delete}
        return act[request.method](key, request)

    def _log(self, key: Key, query: dict[str, str]) -> Answer:
        text = self.logs.get((key[3], query["container"], query.get("previous") == "true"))
        if text is None:
            return _status(400, "BadRequest", "previous terminated container not found")
        lines = text.splitlines(keepends=True)
        return Answer(body="".join(lines[-int(query.get("tailLines", "1000000")) :]).encode() or b"\n")

    def _get(self, key: Key) -> Answer:
        return Answer(data=self.objects[key]) if key in self.objects else _missing(key)

    def _list(self, key: Key, query: dict[str, str]) -> Answer:
        wanted = _terms(query.get("labelSelector", ""))
        found = [
            {field: value for field, value in item.items() if field not in ("apiVersion", "kind")}
            for place, item in sorted(self.objects.items())
            if place[:3] == key[:3] and _selected(item["metadata"].get("labels", {}), wanted)
        ]
        start, limit = int(query.get("continue", "0")), int(query["limit"])
        more = {"continue": str(start + limit)} if start + limit < len(found) else {}
        metadata = {"resourceVersion": str(self._version)} | more
        return Answer(data={"kind": "List", "metadata": metadata, "items": found[start : start + limit]})

    def _create(self, key: Key, request: Request) -> Answer:
        item = request.json
        metadata = item["metadata"]
        if not metadata.get("name"):
            metadata["name"] = f"{metadata['generateName'][:58]}{uuid.uuid4().hex[:5]}"
        key = (*key[:3], metadata["name"])
        invalid = _invalid(item, key)
        if invalid:
            return invalid
        if key in self.objects:
            return _status(409, "AlreadyExists", f'{key[1]} "{key[3]}" already exists')
        stored = self._store(key, item)
        self.owners[key] = dict.fromkeys(_leaves(item), request.query.get("fieldManager", "unknown"))
        return Answer(201, stored)

    def _replace(self, key: Key, request: Request) -> Answer:
        item, there = request.json, self.objects.get(key)
        if there is None:
            return _missing(key)
        invalid = _invalid(item, key)
        if invalid:
            return invalid
        wanted = item["metadata"].get("resourceVersion")
        if wanted and wanted != there["metadata"]["resourceVersion"]:
            return _status(409, "Conflict", f'"{key[3]}": the object has been modified; please apply your changes')
        if there.get("immutable"):
            return _status(422, "Invalid", f'ConfigMap "{key[3]}" is invalid: data: field is immutable')
        stored = self._store(key, item)
        self._finish(key)
        return Answer(data=stored)

    def _patch(self, key: Key, request: Request) -> Answer:
        kind = request.headers.get("content-type")
        if kind not in ("application/json-patch+json", "application/merge-patch+json"):
            return self._apply(key, request)
        there = self.objects.get(key)
        if there is None:
            return _missing(key)
        changed = copy.deepcopy(there)
        if kind == "application/merge-patch+json":
            _merge(changed, request.json)
        elif not all(_operate(changed, one) for one in request.json):
            return _status(422, "Invalid", "the server rejected our request due to an error in our request")
        specs = [{k: v for k, v in item.get("spec", {}).items() if k != "status"} for item in (there, changed)]
        if key[1] == "pipelineruns" and specs[0] != specs[1]:
            return _status(400, "BadRequest", "admission webhook denied the request: the spec cannot be changed")
        return _invalid(changed, key) or Answer(data=self._store(key, changed))

    def _apply(self, key: Key, request: Request) -> Answer:
        if request.headers.get("content-type") != "application/apply-patch+yaml":
            return _status(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
        item, manager = request.json, request.query["fieldManager"]
        invalid = _invalid(item, key)
        if invalid:
            return invalid
        owners, there = self.owners.get(key, {}), self.objects.get(key)
        wanted = _leaves(item)
        others = {
            path: owner
            for path, owner in owners.items()
            if owner != manager and path in wanted and _at(there or {}, path) != wanted[path]
        }
        if others and request.query.get("force") != "true":
            path, owner = sorted(others.items())[0]
            text = f'Apply failed with {len(others)} conflict: conflict with "{owner}": .{".".join(path)}'
            return _status(409, "Conflict", text)
        merged = copy.deepcopy(there or {})
        for path, owner in owners.items():
            if owner == manager and path not in wanted:
                _remove(merged, path)
        for path, value in wanted.items():
            _set(merged, path, value)
        self.owners[key] = {path: o for path, o in owners.items() if o != manager} | dict.fromkeys(wanted, manager)
        return Answer(200 if there else 201, self._store(key, merged))

    def _delete(self, key: Key, request: Request) -> Answer:
        there = self.objects.get(key)
        if there is None:
            return _missing(key)
        for field, wanted in (request.json if request.body else {}).get("preconditions", {}).items():
            if wanted != there["metadata"][field]:
                return _status(409, "Conflict", f"Precondition failed: {field} in precondition: {wanted}")
        self.deletions.append(f"{there['kind']}/{key[3]}")
        there["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        self._finish(key)
        return Answer(data=there)

    # --- storage

    def _key_of(self, item: Object) -> Key:
        plural = next(plural for plural, kind in RESOURCES[item["apiVersion"]].items() if kind == item["kind"])
        return (item["apiVersion"], plural, item["metadata"]["namespace"], item["metadata"]["name"])

    def _store(self, key: Key, item: Object) -> Object:
        there = self.objects.get(key)
        fresh: Object = {"uid": str(uuid.uuid4()), "creationTimestamp": "2026-01-01T00:00:00Z"}
        old: Object = there["metadata"] if there else fresh
        self._version += 1
        kept = {name: old[name] for name in ("uid", "creationTimestamp", "deletionTimestamp") if name in old}
        changed = there is None or there.get("spec") != item.get("spec")
        generation = old.get("generation", 0) + (1 if changed else 0)
        item["metadata"] |= kept | {"resourceVersion": str(self._version), "generation": generation}
        if item["kind"] in self.controllers:
            item["status"] = self.controllers[item["kind"]](item)
        self.objects[key] = item
        return copy.deepcopy(item)

    def _finish(self, key: Key) -> None:
        metadata = self.objects[key]["metadata"]
        if "deletionTimestamp" in metadata and not metadata.get("finalizers"):
            del self.objects[key]


def available(item: Object) -> Object:
    """The status of a Deployment, StatefulSet or DaemonSet whose pods are all there, as its controller writes it."""
    wanted = item["spec"].get("replicas", 1)
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), wanted)
    revisions = {"currentRevision": "one", "updateRevision": "one"}
    return counts | revisions | {"observedGeneration": item["metadata"]["generation"]}


def complete(item: Object) -> Object:  # noqa: ARG001 - one shape for all controllers
    """The status of a Job that has done its work."""
    return {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}


def _status(code: int, reason: str, message: str) -> Answer:
    return Answer(code, {"kind": "Status", "status": "Failure", "reason": reason, "message": message, "code": code})


def _missing(key: Key) -> Answer:
    return _status(404, "NotFound", f'{key[1]} "{key[3]}" not found')


def _invalid(item: Object, key: Key) -> Answer | None:
    metadata = item["metadata"]
    limit = 63 if key[0] == "tekton.dev/v1" or key[1] == "services" else 253
    if not _NAME.fullmatch(metadata["name"]) or len(metadata["name"]) > limit:
        return _status(422, "Invalid", f'metadata.name: Invalid value: "{metadata["name"]}"')
    for name, value in metadata.get("labels", {}).items():
        if not _LABEL_VALUE.fullmatch(value):
            return _status(422, "Invalid", f'metadata.labels: Invalid value: "{value}" of {name}')
    return None


def _terms(selector: str) -> list[tuple[str, set[str] | None]]:
    """`a=b`, `a in (b,c)` and `a`: each key with the values it may have, None where any will do."""
    found: list[tuple[str, set[str] | None]] = []
    for term in re.findall(r"[^,(]+(?:\([^)]*\))?", selector):
        key, several, values = term.partition(" in ")
        if several:
            found.append((key, set(values.strip("()").split(","))))
        else:
            key, equals, value = term.partition("=")
            found.append((key, {value} if equals else None))
    return found


def _selected(labels: dict[str, str], wanted: Iterable[tuple[str, set[str] | None]]) -> bool:
    return all(key in labels and (values is None or labels[key] in values) for key, values in wanted)


def _merge(tree: Object, change: Object) -> None:
    for key, value in change.items():
        if value is None:
            tree.pop(key, None)
        elif isinstance(value, dict) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        else:
            tree[key] = value


def _operate(tree: Object, operation: Object) -> bool:
    """One operation of a JSON patch on mappings; whether it could be carried out."""
    *way, last = (part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:])
    for key in way:
        if not isinstance(tree.get(key), dict):
            return False
        tree = tree[key]
    if operation["op"] == "add":
        tree[last] = operation["value"]
    elif last not in tree or (operation["op"] == "test" and tree[last] != operation["value"]):
        return False
    elif operation["op"] == "replace":
        tree[last] = operation["value"]
    elif operation["op"] == "remove":
        del tree[last]
    return True


def _leaves(tree: Object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Each field that an apply would own: what is no mapping, apart from what names the object itself."""
    found: dict[tuple[str, ...], Any] = {}
    for key, value in tree.items():
        here = (*path, key)
        if here in (("metadata", "uid"), ("metadata", "resourceVersion"), ("metadata", "generation"), ("status",)):
            continue
        if isinstance(value, dict) and value:
            found |= _leaves(value, here)
        else:
            found[here] = value
    return found


def _at(tree: Object, path: tuple[str, ...]) -> Any:
    found: Any = tree
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _set(tree: Object, path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = copy.deepcopy(value)


def _remove(tree: Object, path: tuple[str, ...]) -> None:
    for key in path[:-1]:
        tree = tree.get(key, {})
    tree.pop(path[-1], None)
