"""What apps may be made of: every kind of component, files, claims, plain manifests."""

from __future__ import annotations

from hack.stage import Checkout, Stage
from tests.e2e.definitions import BUSYBOX, application, web

DATABASE = f"""
- name: db
  kind: StatefulSet
  image: {BUSYBOX}
  command: [/bin/sh, -c, "trap 'exit 0' TERM; cat /etc/db/db.conf >/data/started; sleep 3600 & wait"]
  replicas: 2
  ports: [{{name: sql, port: 5432}}]
  probes: none
  storage: [{{name: data, path: /data, size: 1Mi}}]
  files:
    - path: /etc/db/db.conf
      text: |
        fsync = on
"""


def _claims(stage: Stage, app: str) -> list[str]:
    return sorted(
        one["metadata"]["name"] for one in stage.cluster.items("pvc", stage.target, f"app.kubernetes.io/instance={app}")
    )


def test_a_stateful_set_with_claims_keeps_its_data_unless_told_otherwise(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/keep.yaml", application("keep", "1", DATABASE))
    assert stage.status(repo.push("keep"), "pushboat/keep")["state"] == "success"
    found = stage.cluster.get("statefulset", "keep-db", stage.target)
    assert found is not None
    assert found["status"]["readyReplicas"] == 2
    assert _claims(stage, "keep") == ["data-keep-db-0", "data-keep-db-1"]

    repo.write("apps/keep.yaml", application("keep", "1", DATABASE, extra="deleted: true"))
    assert stage.status(repo.push("delete keep"), "pushboat/keep")["state"] == "success"
    assert stage.cluster.get("statefulset", "keep-db", stage.target) is None
    assert _claims(stage, "keep") == ["data-keep-db-0", "data-keep-db-1"], "data is retained by default"


def test_data_delete_removes_the_claims_too(stage: Stage, repo: Checkout) -> None:
    extra = "deletion: {data: delete}"
    repo.write("apps/drop.yaml", application("drop", "1", DATABASE, extra=extra))
    assert stage.status(repo.push("drop"), "pushboat/drop")["state"] == "success"
    assert _claims(stage, "drop") == ["data-drop-db-0", "data-drop-db-1"]
    repo.write("apps/drop.yaml", application("drop", "1", DATABASE, extra=extra + "\ndeleted: true"))
    assert stage.status(repo.push("delete drop"), "pushboat/drop")["state"] == "success"
    assert _claims(stage, "drop") == []


def test_a_job_is_run_to_its_end_and_again_when_it_changes(stage: Stage, repo: Checkout) -> None:
    job = """
    - name: migrate
      kind: Job
      image: {image}
      command: [/bin/sh, -c, "echo {text}"]
    """
    repo.write("apps/task.yaml", application("task", "1", job.format(image=BUSYBOX, text="one")))
    assert stage.status(repo.push("task"), "pushboat/task")["state"] == "success"
    (first,) = stage.cluster.items("job", stage.target, "pushboat.dev/app=task")
    assert first["status"]["succeeded"] == 1
    repo.write("apps/task.yaml", application("task", "2", job.format(image=BUSYBOX, text="two")))
    assert stage.status(repo.push("task 2"), "pushboat/task")["state"] == "success"
    (second,) = [
        one
        for one in stage.cluster.items("job", stage.target, "pushboat.dev/app=task")
        if "deletionTimestamp" not in one["metadata"]
    ]
    assert second["metadata"]["name"] != first["metadata"]["name"], (
        "a changed Job is another Job; the old one is pruned"
    )


def test_changed_files_roll_the_pods_and_the_old_config_map_is_pruned(stage: Stage, repo: Checkout) -> None:
    files = "files: [{{path: /www/motd.txt, text: {text}}}]"
    component = web("conf").partition("components:\n")[2].rstrip() + "\n      "
    head = web("conf").partition("components:\n")[0] + "components:\n"
    repo.write("apps/conf.yaml", head + component + files.format(text="one") + "\n")
    assert stage.status(repo.push("conf"), "pushboat/conf")["state"] == "success"
    (old,) = stage.cluster.items("configmap", stage.target, "pushboat.dev/app=conf")
    repo.write("apps/conf.yaml", head + component + files.format(text="two") + "\n")
    assert stage.status(repo.push("conf two"), "pushboat/conf")["state"] == "success"
    live = [
        one
        for one in stage.cluster.items("configmap", stage.target, "pushboat.dev/app=conf")
        if "deletionTimestamp" not in one["metadata"]
    ]
    assert [list(one["data"].values()) for one in live] == [["two"]]
    assert live[0]["metadata"]["name"] != old["metadata"]["name"]


MANIFEST = """
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}}}
data: {{colour: blue}}
"""

FOLDER_APP = """
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {name: plain}
spec:
  version: "1"
  manifests: [k8s]
"""


def test_a_folder_of_manifests_is_one_app_and_what_leaves_it_is_pruned(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/plain/app.yaml", FOLDER_APP)
    for name in ("one", "two"):
        repo.write(f"apps/plain/k8s/{name}.yaml", MANIFEST.format(name=f"plain-{name}"))
    assert stage.status(repo.push("plain"), "pushboat/plain")["state"] == "success"
    labels = "pushboat.dev/app=plain"
    assert sorted(one["metadata"]["name"] for one in stage.cluster.items("configmap", stage.target, labels)) == [
        "plain-one",
        "plain-two",
    ]

    (repo.folder / "apps/plain/k8s/two.yaml").unlink()
    commit = repo.push("plain without two")
    assert stage.status(commit, "pushboat/plain")["state"] == "success"
    (run_,) = stage.app_runs(commit)
    assert run_["metadata"]["labels"]["pushboat.dev/action"] == "upgrade"
    assert [one["metadata"]["name"] for one in stage.cluster.items("configmap", stage.target, labels)] == ["plain-one"]

    repo.write("apps/plain/app.yaml", FOLDER_APP.replace("spec:", "spec:\n  deleted: true"))
    assert stage.status(repo.push("delete plain"), "pushboat/plain")["state"] == "success"
    repo.update()
    assert not (repo.folder / "apps/plain").exists(), "a folder goes with all that is in it"


def test_a_stateful_set_is_upgraded_in_place(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/grow.yaml", application("grow", "1", DATABASE))
    assert stage.status(repo.push("grow"), "pushboat/grow")["state"] == "success"
    before = stage.cluster.get("statefulset", "grow-db", stage.target)
    repo.write("apps/grow.yaml", application("grow", "2", DATABASE.replace("fsync = on", "fsync = off")))
    assert stage.status(repo.push("grow 2"), "pushboat/grow")["state"] == "success"
    after = stage.cluster.get("statefulset", "grow-db", stage.target)
    assert before is not None
    assert after is not None
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert after["status"]["updatedReplicas"] == 2
    assert after["status"]["currentRevision"] != before["status"]["currentRevision"]


def test_a_new_version_runs_an_unchanged_job_again(stage: Stage, repo: Checkout) -> None:
    job = f"""
    - name: migrate
      kind: Job
      image: {BUSYBOX}
      command: [/bin/sh, -c, "echo same"]
    """
    repo.write("apps/same.yaml", application("same", "1", job))
    assert stage.status(repo.push("same"), "pushboat/same")["state"] == "success"
    repo.write("apps/same.yaml", application("same", "2", job))
    assert stage.status(repo.push("same 2"), "pushboat/same")["state"] == "success"


def test_an_autoscaler_takes_over_the_pods_that_are_there(stage: Stage, repo: Checkout) -> None:
    repo.write("apps/scaled.yaml", web("scaled", replicas=3))
    assert stage.status(repo.push("scaled"), "pushboat/scaled")["state"] == "success"
    handed = web("scaled", "1.1.0").replace("replicas: 1", "autoscaling: {min: 2, max: 5, cpu: 70}")
    repo.write("apps/scaled.yaml", handed)
    assert stage.status(repo.push("scaled by itself"), "pushboat/scaled")["state"] == "success"
    found = stage.cluster.get("deployment", "scaled-web", stage.target)
    assert found is not None
    assert found["spec"]["replicas"] == 3, "and not the one pod that a field without an owner falls back to"
    assert stage.cluster.get("hpa", "scaled-web", stage.target) is not None
