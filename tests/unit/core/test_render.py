from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.define import define
from generator.core.render import render
from generator.core.summarise import closing_summary, counts, first_summary, opening
from generator.model.app import Deletion, Timeouts
from generator.model.change import Action, Change, Push, Version
from generator.model.names import MAX_APP, MAX_REPOSITORY, MAX_TARGET
from generator.model.plan import Plan
from generator.model.platform import Platform, Repository, Target
from generator.model.serial import from_plain
from generator.model.status import CommitStatus, Mood
from generator.yamlio.problem import Problem

ACTIONS = (Action.CREATE, Action.UPGRADE, Action.DELETE)
LONG_REPOSITORY, LONG_TARGET, LONG_APP = "r" * MAX_REPOSITORY, "t" * MAX_TARGET, "a" * MAX_APP


def platform(repository: str = "shop", target: str = "default") -> Platform:
    settings = Repository(repository, "https://git.example.com/a/b", "gitea", "hook", "read", "tell", "push")
    return Platform("pushboat", "step:1", (settings,), (Target(target, "ns"),))


def push(repository: str = "shop", commit: str = "c" * 40, sequence: int = 7) -> Push:
    return Push(repository, commit, "b" * 40, sequence, "5")


def change(action: Action = Action.CREATE, **more: Any) -> Change:
    base = Change("web", "apps/web.yaml", action, "because", "default", "1", digest="d", objects=[{"kind": "X"}])
    return replace(base, exists=action is not Action.CREATE, **more)


def seconds(text: str) -> int:
    assert text.endswith("s")
    return int(text[:-1])


def strings(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [found for pair in tree.items() for one in pair for found in strings(one)]
    if isinstance(tree, list):
        return [found for one in tree for found in strings(one)]
    return [tree] if isinstance(tree, str) else []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("commit", ["c" * 40, "c" * 64], ids=["sha1", "sha256"])
def test_names_and_labels_fit_for_the_longest_input(action: Action, commit: str) -> None:
    longest = change(action, app=LONG_APP, target=LONG_TARGET, version="1" * 63)
    one = render(longest, push(LONG_REPOSITORY, commit, 10**9), platform(LONG_REPOSITORY, LONG_TARGET))
    assert len(one.run["metadata"]["name"]) <= 63
    assert len(one.plan.release) <= 253
    assert re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", one.run["metadata"]["name"])
    too_long = {key: value for key, value in one.run["metadata"]["labels"].items() if len(value) > 63}
    assert too_long == {}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_same_push_renders_the_same(action: Action) -> None:
    assert render(change(action), push(), platform()) == render(change(action), push(), platform())


def test_another_push_app_target_or_try_is_another_run() -> None:
    several = platform()
    several = replace(several, targets=(*several.targets, Target("other", "ns2")))
    names = {
        render(one, by, several).plan.run
        for one in (change(), change(app="shop"), change(target="other"), change(Action.UPGRADE))
        for by in (push(), push(commit="d" * 40), push(sequence=8))
    }
    assert len(names) == 12


def _times(each: int) -> dict[str, Any]:
    return {"deletion": Deletion(timeout=each), "timeouts": Timeouts(each)}


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("seconds_each", [300, 1, 86400])
def test_timeouts_fit_into_each_other(action: Action, seconds_each: int, exists: bool) -> None:
    spec = render(replace(change(action, **_times(seconds_each)), exists=exists), push(), platform()).run["spec"]
    whole = {key: seconds(text) for key, text in spec["timeouts"].items()}
    tasks = [seconds(task["timeout"]) for task in spec["pipelineSpec"]["tasks"]]
    assert whole["tasks"] + whole["finally"] <= whole["pipeline"]
    # The clock of the tasks keeps counting during finally, so there must be room for that too.
    assert sum(tasks) + whole["finally"] <= whole["tasks"]
    assert all(seconds(task["timeout"]) <= whole["finally"] for task in spec["pipelineSpec"]["finally"])


def test_a_create_has_one_phase_and_a_release() -> None:
    one = render(change(), push(), platform())
    assert [task["name"] for task in one.run["spec"]["pipelineSpec"]["tasks"]] == ["roll-out"]
    assert one.release == [{"kind": "X"}]
    assert one.plan.release.startswith("release-web-7-")
    assert one.run["metadata"]["annotations"]["pushboat.dev/description"] == (
        "Create web 1 on default: because (shop@ccccccc apps/web.yaml)"
    )


@pytest.mark.parametrize(
    ("previous", "reason", "wanted"),
    [
        ("1", "version 1 to 2", "Upgrade web 1 to 2 on default (shop@ccccccc apps/web.yaml)"),
        ("1", "its last run ended", "Upgrade web 1 to 2 on default: its last run ended (shop@ccccccc apps/web.yaml)"),
        (
            "2",
            "its definition changed",
            "Upgrade web 2 on default: its definition changed (shop@ccccccc apps/web.yaml)",
        ),
        ("", "version unknown to 2", "Upgrade web 2 on default: version unknown to 2 (shop@ccccccc apps/web.yaml)"),
    ],
)
def test_a_description_says_nothing_twice(previous: str, reason: str, wanted: str) -> None:
    one = render(change(Action.UPGRADE, version="2", previous_version=previous, reason=reason), push(), platform())
    assert one.run["metadata"]["annotations"]["pushboat.dev/description"] == wanted


def test_a_deletion_removes_first_and_forgets_only_what_is_gone_everywhere() -> None:
    one = render(change(Action.DELETE), push(), platform())
    remove, forget = one.run["spec"]["pipelineSpec"]["tasks"]
    assert (remove["name"], forget["name"], forget["runAfter"]) == ("remove", "forget", ["remove"])
    assert forget["when"] == [{"input": "$(tasks.remove.results.remaining)", "operator": "in", "values": ["0"]}]
    assert (one.release, one.plan.release) == (None, "")


def test_a_deletion_of_what_is_not_there_only_forgets() -> None:
    one = render(replace(change(Action.DELETE), exists=False), push(), platform())
    (forget,) = one.run["spec"]["pipelineSpec"]["tasks"]
    assert forget["name"] == "forget"
    assert one.run["metadata"]["annotations"]["pushboat.dev/done"] == "true"
    assert "when" not in forget
    assert "runAfter" not in forget


def test_each_phase_has_its_identity_and_only_its_credentials() -> None:
    run = render(change(Action.DELETE), push(), platform()).run["spec"]
    accounts = {one["pipelineTaskName"]: one["serviceAccountName"] for one in run["taskRunSpecs"]}
    assert accounts == {"remove": "pushboat-rollout", "forget": "pushboat-git-writer"}
    secrets = {
        task["name"]: {one["name"]: one["value"] for one in task["params"] if "credential" in one["name"]}
        for task in run["pipelineSpec"]["tasks"]
    }
    assert secrets == {
        "remove": {"status-credential": "tell"},
        "forget": {"status-credential": "tell", "write-credential": "push"},
    }


@pytest.mark.parametrize("action", ACTIONS)
def test_the_plan_travels_whole(action: Action) -> None:
    deletion = Deletion("delete", ("api", "db"), timeout=2)
    others = {"depends_on": ("db",), "awaits": ("db",)}
    one = render(change(action, deletion=deletion, timeouts=Timeouts(1), **others), push(), platform())
    (parameter,) = one.run["spec"]["params"]
    assert [from_plain(Plan, item) for item in json.loads(parameter["value"])] == [one.plan]


def test_a_release_of_another_content_or_push_has_another_name() -> None:
    names = {
        render(one, by, platform()).plan.release
        for one in (change(), change(objects=[{"kind": "Y"}]))
        for by in (push(), push(sequence=8))
    }
    assert len(names) == 4


OURS = re.compile(r"\$\(params\.plans\)|\$\(tasks\.(status|remove\.results\.remaining)\)")
EVIL = ["$(params.plans)", "$(tasks.x.results.y)", "$(context.pipelineRun.name)", "$(date)", "$$(x)", '"}]', "a\n$(b)"]


@given(st.sampled_from(EVIL) | st.text(), st.sampled_from(EVIL) | st.text())
def test_text_of_people_reaches_no_variable_of_tekton(first: str, second: str) -> None:
    """Whatever stands in a definition, a run holds no `$(` but ours."""
    settings = platform()
    document: dict[str, Any] = {
        "apiVersion": "pushboat.dev/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "web", "labels": {"team": first}},
        "spec": {
            "version": second,
            "components": [{"name": "web", "kind": "Deployment", "image": "web:1", "args": [first], "env": []}],
        },
    }
    for version in (second, "1"):
        document["spec"]["version"] = version
        document["metadata"]["labels"] = {"team": first} if version != "1" else {}
        data = json.dumps(document).encode()
        side = Version("apps/web.yaml", "d", {"apps/web.yaml": _packed(data)})
        found = define(side, settings, settings.repositories[0])
        if found.app is None:
            continue
        one = render(change(version=found.app.version, objects=found.objects["default"]), push(), settings)
        assert [text for text in strings(one.run) if "$(" in OURS.sub("", text)] == []


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_statuses_say_what_happens() -> None:
    problems = (Problem("apps/web.yaml", 3, 7, "is wrong"), Problem("apps/web.yaml", 4, 7, "is wrong too"))
    assert opening(change(version="2")) == CommitStatus("pushboat/web", Mood.PENDING, "create 2: because")
    bad = Change("web", "apps/web.yaml", Action.INVALID, str(problems[0]), problems=problems)
    assert opening(bad) == CommitStatus("pushboat/web", Mood.FAILURE, "apps/web.yaml:3:7: is wrong (and 1 more)")
    lost = Change("web", "apps/web.yaml", Action.ORPHANED, "is gone", "default")
    assert opening(lost) == CommitStatus("pushboat/web", Mood.FAILURE, "orphaned: is gone")
    assert opening(Change("web", "apps/web.yaml", Action.NONE, "delivered already")) is None


def test_a_status_is_one_line_that_every_forge_takes() -> None:
    for action in (*ACTIONS, Action.INVALID, Action.ORPHANED):
        long = change(action, reason="x\n" * 500, problems=(Problem("a", 1, 1, "x" * 500),) * 12)
        told = opening(long)
        assert told
        assert len(told.description) <= 140
        assert told.description.isprintable()


def test_the_first_summary_counts() -> None:
    changes = [change(), change(Action.UPGRADE), change(Action.UPGRADE), change(Action.NONE)]
    assert counts(changes) == "1 create, 2 upgrade"
    assert first_summary(changes) == CommitStatus("pushboat", Mood.PENDING, "1 create, 2 upgrade")
    assert first_summary([]) == CommitStatus("pushboat", Mood.SUCCESS, "no definition changed")
    assert first_summary([change(Action.INVALID)]) == CommitStatus("pushboat", Mood.FAILURE, "1 invalid")
    assert first_summary([change(Action.ORPHANED)]).mood is Mood.FAILURE


def status(app: str, mood: Mood) -> CommitStatus:
    return CommitStatus(f"pushboat/{app}", mood, "")


def test_the_closing_summary_waits_for_all() -> None:
    good, bad, open_ = status("a", Mood.SUCCESS), status("b", Mood.FAILURE), status("c", Mood.PENDING)
    old = CommitStatus("pushboat", Mood.PENDING, "1 create")
    foreign = CommitStatus("ci/build", Mood.PENDING, "")
    assert closing_summary([old, foreign, good]) == CommitStatus("pushboat", Mood.SUCCESS, "delivered: a")
    assert closing_summary([good, bad, open_]).mood is Mood.PENDING
    assert closing_summary([good, bad, open_]).description == "2 of 3 done; waiting for c"
    assert closing_summary([good, bad]) == CommitStatus("pushboat", Mood.FAILURE, "failed: b; 1 delivered")
    assert closing_summary([status("a", Mood.ERROR)]).mood is Mood.FAILURE
    assert closing_summary([]) == CommitStatus("pushboat", Mood.SUCCESS, "delivered: nothing to do")
