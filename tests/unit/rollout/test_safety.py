"""What a roll-out and a deletion must leave alone, and what they must not leave behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.model.change import Action
from generator.model.errors import SupersededError, UserError, VanishedError
from generator.model.inventory import Inventory, ObjectRef, State
from generator.model.plan import Plan
from generator.rollout.claim import claim
from generator.rollout.volumes import template_claims
from tests.unit.fakes.api_server import Object, available
from tests.unit.fakes.stage import NAMESPACE, Stage, definition

WEB = "apps/web.yaml"
EXTRA = "    - {name: %s, kind: %s, image: x:1, ports: [{name: http, port: 1}]%s}\n"
STORAGE = EXTRA % ("db", "StatefulSet", ", storage: [{name: data, path: /data, size: 1Gi}]")


def pushed(stage: Stage, text: str) -> bool:
    stage.push({WEB: text})
    (run,) = stage.deliver()
    return stage.carry_out(run)


def foreign(kind: str, name: str, **spec: Any) -> Object:
    metadata = {"name": name, "namespace": "shop", "labels": {"pushboat.dev/app": "other"}}
    version = "apps/v1" if kind == "StatefulSet" else "v1"
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def releases(stage: Stage) -> list[str]:
    return [name for name in stage.api.names("ConfigMap") if name.startswith("release-")]


@pytest.mark.parametrize("more", ["", "  deleted: true\n"])
def test_what_was_claimed_but_is_of_another_app_is_never_deleted(stage: Stage, more: str) -> None:
    assert pushed(stage, definition())
    stage.api.put(foreign("Service", "web-api", ports=[]))
    assert not pushed(stage, definition(component=EXTRA % ("api", "Deployment", "")))
    assert pushed(stage, definition(version="2", more=more))
    assert "web-api" in stage.api.names("Service")


def test_a_stateful_set_of_another_uid_leads_to_no_claims(stage: Stage) -> None:
    item = stage.api.put(foreign("StatefulSet", "db", volumeClaimTemplates=[{"metadata": {"name": "data"}}]))
    stage.api.put(foreign("PersistentVolumeClaim", "data-db-0"))
    ref = ObjectRef("apps/v1", "StatefulSet", "shop", "db", item["metadata"]["uid"])
    assert [one.name for one in template_claims(in_cluster(), [ref])] == ["data-db-0"]
    assert template_claims(in_cluster(), [replace(ref, uid="another")]) == []


def plan(run: str, commit: str, sequence: int, repository: str = "shop") -> Plan:
    return Plan(run, "web", "default", "shop", Action.CREATE, repository, WEB, commit * 40, sequence)


@pytest.mark.parametrize(
    ("late", "error"),
    [
        (plan("b", "c", 2), None),
        (plan("b", "a", 1), None),
        (plan("a", "c", 1), None),
        (plan("b", "c", 1), SupersededError),
        (plan("b", "c", 0), SupersededError),
        (plan("b", "c", 2, "tools"), UserError),
    ],
)
def test_who_may_claim(stage: Stage, late: Plan, error: type[Exception] | None) -> None:  # noqa: ARG001
    records = Records(in_cluster(), NAMESPACE)
    claim(records, plan("a", "a", 1), State.APPLYING, ())
    if error is None:
        claim(records, late, State.APPLYING, ())
        return
    with pytest.raises(error, match="superseded by a" if error is SupersededError else "delivered by repository shop"):
        claim(records, late, State.APPLYING, ())
    found = records.inventory("web", "default")
    assert found
    assert (found.run, found.repository) == ("a", "shop")


def test_data_is_kept_when_its_stateful_set_leaves_and_goes_with_the_app(stage: Stage) -> None:
    data = "  deletion: {data: delete}\n"
    assert pushed(stage, definition(more=data, component=STORAGE))
    stage.api.put(foreign("PersistentVolumeClaim", "data-web-db-0"))
    assert pushed(stage, definition(more=data, version="2"))
    assert stage.api.names("StatefulSet") == []
    assert stage.api.names("PersistentVolumeClaim") == ["data-web-db-0"]
    assert "data-web-db-0" in {ref["name"] for ref in stage.inventory("web")["objects"]}
    assert pushed(stage, definition(more=f"{data}  deleted: true\n"))
    assert stage.api.names("PersistentVolumeClaim") == []


def test_all_attempts_share_one_deadline(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def wait(*_: object, deadline: float) -> None:
        seen.append(deadline)
        if len(seen) == 1:
            raise VanishedError("gone")

    monkeypatch.setattr("generator.rollout.release.until_healthy", wait)
    assert pushed(stage, definition())
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_success_leaves_no_older_release(stage: Stage) -> None:
    stage.push({WEB: definition(version="0")})
    (never,) = stage.deliver()
    stage.api.controllers["Deployment"] = lambda item: {**available(item), "availableReplicas": 0}
    assert not pushed(stage, definition(more="  onNewCommit: cancel\n"))
    stage.end(never)
    assert not pushed(stage, definition(version="2"))
    stage.api.controllers["Deployment"] = available
    assert pushed(stage, definition(version="3"))
    assert releases(stage) == [stage.inventory("web")["current"]]
    assert stage.carry_out(never)  # a pod that hung all the while
    stage.push({WEB: definition(version="4")})
    stage.deliver()
    assert len(releases(stage)) == 2


@pytest.mark.parametrize("step", ["remove", "confirm-gone"])
def test_a_superseded_deletion_ends_quietly_and_keeps_the_yaml(stage: Stage, step: str) -> None:
    assert pushed(stage, definition())
    commit = stage.push({WEB: definition(more="  deleted: true\n")})
    (run,) = stage.deliver()

    def overtake(name: str) -> None:
        if name == step:
            later = replace(_inventory(stage), run="later", sequence=9)
            Records(in_cluster(), NAMESPACE).update("web", "default", lambda _: later)

    stage.between_steps = overtake
    assert stage.carry_out(run)
    assert list(stage.tasks) == ["remove"]
    assert stage.tasks["remove"].results["remaining"] != "0"
    assert stage.statuses(commit)["pushboat/web"] == ("error", "superseded by later")
    assert stage.upstream.files() == [WEB]


def _inventory(stage: Stage) -> Inventory:  # noqa: ARG001 - the stage is where it is kept
    found = Records(in_cluster(), NAMESPACE).inventory("web", "default")
    assert found
    return found


ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: %s}\n"
MANIFESTS = "apiVersion: pushboat.dev/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
MANIFESTS += "  version: '%s'\n  manifests: [sa.yaml]\n"


def test_a_service_account_that_was_there_before_is_not_taken_over(stage: Stage) -> None:
    metadata = {"name": "deployer", "namespace": "shop"}
    stage.api.put({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
    stage.push({"apps/web/app.yaml": MANIFESTS % 1, "apps/web/sa.yaml": ACCOUNT % "deployer"})
    (run,) = stage.deliver()
    assert not stage.carry_out(run)
    log = "".join(one.log for one in stage.tasks.values())
    assert "ServiceAccount/deployer was there before; only the platform may let apps use it" in log
    assert "labels" not in stage.api.find("ServiceAccount", "deployer")["metadata"]


def test_a_service_account_of_the_app_is_applied_again(stage: Stage) -> None:
    for version in (1, 2):
        stage.push({"apps/web/app.yaml": MANIFESTS % version, "apps/web/sa.yaml": ACCOUNT % "own"})
        (run,) = stage.deliver()
        assert stage.carry_out(run), [one.log for one in stage.tasks.values()]
