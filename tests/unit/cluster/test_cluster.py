"""The API adapter and the records, against the fake API server over TLS."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from generator.cluster.api import Api, ref_of
from generator.cluster.connect import from_kubeconfig, in_cluster
from generator.cluster.records import Records
from generator.model.errors import RetryLaterError, UserError
from generator.model.inventory import Inventory, Ledger, ObjectRef, State
from generator.transport import HttpError, Transport
from tests.unit.fakes.api_server import TOKEN, ApiServer, Object
from tests.unit.fakes.stage import Stage


def config_map(name: str = "a", **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "x"}, "data": data}


REF = ObjectRef("v1", "ConfigMap", "x", "a")


@pytest.fixture
def api(stage: Stage) -> Api:  # noqa: ARG001 - it sets the environment of a pod
    return in_cluster()


@pytest.fixture
def records(api: Api) -> Records:
    return Records(api, "pushboat")


def test_create_get_replace_and_delete(api: Api, api_server: ApiServer) -> None:
    assert api.get(REF) is None
    created = api.create(config_map(k="1"))
    assert created
    assert api.create(config_map(k="2")) is None
    found = api.get(REF)
    assert found == created
    assert ref_of(found).uid == found["metadata"]["uid"]
    changed = api.replace({**found, "data": {"k": "2"}})
    assert changed
    assert changed["data"] == {"k": "2"}
    assert api.replace({**found, "data": {"k": "3"}}) is None
    assert api.delete(ref_of(found)) is True
    assert api.get(REF) is None
    assert api.delete(ref_of(found)) is False
    assert api_server.deletions == ["ConfigMap/a"]


def test_only_exactly_that_object_is_deleted(api: Api) -> None:
    api.create(config_map())
    assert api.delete(replace(REF, uid="another")) is False
    assert api.delete(REF, version="0") is False
    assert api.get(REF)


def test_patches(api: Api) -> None:
    api.create(config_map(k="1"))
    merged = api.patch(REF, {"data": {"k": None, "other": "2"}, "metadata": {"annotations": {"a/b": "c"}}})
    assert merged
    assert (merged["data"], merged["metadata"]["annotations"]) == ({"other": "2"}, {"a/b": "c"})
    test = {"op": "test", "path": "/metadata/annotations/a~1b", "value": "c"}
    change = [test, {"op": "add", "path": "/data/k", "value": "3"}, {"op": "remove", "path": "/data/other"}]
    changed = api.patch(REF, change)
    assert changed
    assert changed["data"] == {"k": "3"}
    assert api.patch(REF, [{**test, "value": "d"}, {"op": "remove", "path": "/data/k"}]) is None
    assert api.patch(replace(REF, name="b"), {"data": {}}) is None
    found = api.get(REF)
    assert found
    assert found["data"] == {"k": "3"}


def test_what_a_patch_may_not_change_is_an_error(api: Api, api_server: ApiServer) -> None:
    metadata = {"name": "run", "namespace": "x"}
    api_server.put({"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "metadata": metadata, "spec": {}})
    with pytest.raises(HttpError, match="the spec cannot be changed"):
        api.patch(ObjectRef("tekton.dev/v1", "PipelineRun", "x", "run"), {"spec": {"params": []}})


def test_a_list_of_several_values(api: Api, api_server: ApiServer) -> None:
    for name in ("a", "b", "c"):
        item = config_map(name)
        api_server.put({**item, "metadata": {**item["metadata"], "labels": {"is": name, "all": "yes"}}})
    found = api.list("v1", "ConfigMap", "x", {"is": ("a", "c", "d"), "all": "yes"})
    assert [one["metadata"]["name"] for one in found] == ["a", "c"]


def test_a_list_is_read_page_by_page_and_keeps_its_kind(api: Api, api_server: ApiServer) -> None:
    for number in range(501):
        item = config_map(f"a{number}")
        item["metadata"]["labels"] = {"all": "yes"} | ({"odd": "1"} if number % 2 else {})
        api_server.put(item)
    assert len(api.list("v1", "ConfigMap", "x", {"all": "yes"})) == 501
    assert len(api.list("v1", "ConfigMap", "x", {"odd": ""})) == 250
    assert api.list("v1", "ConfigMap", "y") == []
    assert api.list("v1", "ConfigMap", "x", {"odd": "2"}) == []
    assert api.list("v1", "ConfigMap", "x")[0]["kind"] == "ConfigMap"


def test_apply_owns_its_fields(api: Api, api_server: ApiServer) -> None:
    first = api.apply(config_map(a="1", b="2"), force=False)
    second = api.apply(config_map(a="1"), force=False)
    assert (first["metadata"]["uid"], second["data"]) == (second["metadata"]["uid"], {"a": "1"})
    api_server.put(config_map("b", a="theirs"), manager="kubectl")
    with pytest.raises(HttpError, match=r'conflict with "kubectl": \.data\.a') as error:
        api.apply(config_map("b", a="ours"), force=False)
    assert error.value.status == 409
    assert api.apply(config_map("b", a="ours"), force=True)["data"] == {"a": "ours"}


def test_a_kind_that_is_not_built_in_is_looked_up(api: Api, api_server: ApiServer) -> None:
    item = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a", "namespace": "x"}}
    api.apply(item, force=False)
    assert api_server.names("Widget") == ["a"]
    with pytest.raises(HttpError, match="the cluster has no kind Gadget"):
        api.get(ObjectRef("example.com/v1", "Gadget", "x", "a"))


def test_names_cannot_leave_their_place_in_the_path(api: Api) -> None:
    assert api.get(ObjectRef("v1", "ConfigMap", "x", "../../../secrets/y")) is None
    assert api.get(ObjectRef("v1", "ConfigMap", "x", "a?b#c")) is None


def test_logs(api: Api, api_server: ApiServer) -> None:
    api_server.logs[("p", "c", False)] = "one\ntwo\n"
    api_server.logs[("p", "c", True)] = "before\n"
    assert api.log("x", "p", "c") == "one\ntwo"
    assert api.log("x", "p", "c", tail=1) == "two"
    assert api.log("x", "p", "c", previous=True) == "before"
    assert api.log("x", "p", "other") == ""
    assert list(api.follow("x", "p", "c")) == ["one", "two"]


def test_outside_of_a_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(UserError, match="this is not a pod"):
        in_cluster()


def test_a_token_that_changes_is_read_again(api: Api, authority: Path) -> None:
    (authority / "token").write_text("old")
    with pytest.raises(HttpError, match="401"):
        api.get(REF)
    (authority / "token").write_text(TOKEN)
    assert api.get(REF) is None


def test_another_authority_is_not_trusted(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = Path("/etc/ssl/certs/ca-certificates.crt")
    if not others.exists():
        pytest.skip("this machine has no certificates of other authorities")
    (tmp_path / "ca.crt").write_text(others.read_text())
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("PUSHBOAT_ACCOUNT", str(tmp_path))
    api = in_cluster()
    api.transport._patience = 0.1
    with pytest.raises(RetryLaterError, match="CERTIFICATE_VERIFY_FAILED"):
        api.get(REF)
    assert stage.api.requests == []


def test_a_kubeconfig_is_used_as_it_is(api_server: ApiServer, authority: Path, tmp_path: Path) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [
            {"name": "k", "cluster": {"server": api_server.url, "certificate-authority": str(authority / "ca.crt")}}
        ],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
    }
    (tmp_path / "config").write_text(json.dumps(config))
    assert from_kubeconfig(str(tmp_path / "config")).get(REF) is None
    with pytest.raises(UserError, match="give --kubeconfig"):
        from_kubeconfig(str(tmp_path / "missing"))
    with pytest.raises(UserError, match="no cluster to ask"):
        from_kubeconfig(str(tmp_path / "config"), "other")


INVENTORY = Inventory(
    "web", "default", "shop", "shop", "apps/web.yaml", State.HEALTHY, current="r1", last_good="r2", run="me"
)


def test_the_ledger_moves_only_from_what_was_read(records: Records) -> None:
    assert records.ledger("shop") == (None, "")
    ledger = Ledger("shop", "main", "a" * 40, 1)
    assert records.advance(ledger, "")
    assert not records.advance(replace(ledger, sequence=9), "")
    found, version = records.ledger("shop")
    assert found == ledger
    assert records.advance(replace(ledger, sequence=2), version)
    assert not records.advance(replace(ledger, sequence=3), version)
    now = records.ledger("shop")[0]
    assert now
    assert now.sequence == 2


def test_an_inventory_is_stored_whole_and_found_by_label(records: Records) -> None:
    wanted = replace(INVENTORY, objects=(ObjectRef("apps/v1", "Deployment", "shop", "web", "uid"),), message="é")
    stored = records.update("web", "default", lambda _: wanted)
    assert replace(stored, updated="") == wanted
    assert records.inventory("web", "default") == stored
    assert records.inventory("web", "other") is None
    assert records.inventories({"pushboat.dev/app": "web"}) == [stored]
    assert records.inventories({"pushboat.dev/app": "other"}) == []


@pytest.mark.parametrize("data", [{}, {"inventory.json": "{"}, {"inventory.json": '{"app": 5}'}])
def test_a_damaged_inventory_is_what_its_name_and_labels_tell(
    records: Records, api_server: ApiServer, data: dict[str, str]
) -> None:
    records.update("web", "default", lambda _: INVENTORY)
    api_server.put({**api_server.find("ConfigMap", "inventory-web.default"), "data": data})
    damaged = Inventory("web", "default", "", "shop", "", State.DAMAGED)
    assert records.inventories() == [damaged]
    assert records.inventory("web", "default") == damaged


def test_no_update_is_lost_when_many_write_at_once(records: Records) -> None:
    records.update("web", "default", lambda _: INVENTORY)

    def add() -> None:
        def change(found: Inventory | None) -> Inventory:
            assert found
            return replace(found, sequence=found.sequence + 1)

        records.update("web", "default", change)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = records.inventory("web", "default")
    assert found
    assert found.sequence == 8


def test_an_inventory_is_dropped_by_its_own_run_only(records: Records, api_server: ApiServer) -> None:
    records.update("web", "default", lambda _: INVENTORY)
    for name, target, sequence in (("r1", "default", 0), ("r2", "default", 0), ("r3", "default", 9), ("r4", "b", 0)):
        records.store_release("web", name, "[]", target=target, sequence=sequence)
    assert records.drop_inventory("web", "default", "another") is False
    assert records.drop_inventory("web", "default", "me") is True
    assert records.drop_inventory("web", "default", "me") is True
    assert api_server.names("ConfigMap") == ["r3", "r4"]


def test_a_lost_answer_to_a_deletion_is_no_other_run(
    records: Records, api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.update("web", "default", lambda _: INVENTORY)

    def lost(api: Api, ref: ObjectRef, **_: str) -> bool:  # noqa: ARG001 - as Api.delete has it
        api_server.take_away("ConfigMap", ref.name)
        return False

    monkeypatch.setattr(Api, "delete", lost)
    assert records.drop_inventory("web", "default", "me") is True


def test_a_release_is_stored_once(records: Records) -> None:
    objects = [{"kind": "X", "spec": {"é": [1, None, True]}}]
    records.store_release("web", "r1", json.dumps(objects), target="default", sequence=1)
    records.store_release("web", "r1", json.dumps(objects), target="default", sequence=1)
    assert records.release("r1") == objects
    records.drop_releases("web", "default", 1, keep="r1")
    assert records.release("r1") == objects
    records.drop_releases("web", "default", 1)
    with pytest.raises(UserError, match="the release r1 is not stored any more"):
        records.release("r1")


def test_a_release_over_the_limit_is_refused(records: Records) -> None:
    with pytest.raises(UserError, match="at most 921600 fit: split the app"):
        records.store_release("web", "r1", os.urandom(1_000_000).hex())


def test_an_api_version_stays_in_the_path() -> None:
    seen: list[str] = []

    class Listening:
        def request(self, method: str, path: str, *_: object, **__: object) -> object:
            seen.append(f"{method} {path}")
            return {"resources": [{"name": "odd?", "kind": "Odd"}]}

    Api(cast(Transport, Listening())).get(ObjectRef("a.b/v1?dryRun=All#", "Odd", "shop", "a/b"))
    root = "/apis/a.b/v1%3FdryRun%3DAll%23"
    assert seen == [f"GET {root}", f"GET {root}/namespaces/shop/odd%3F/a%2Fb"]
