"""Parts (b) and (c) of `hack/dev bench read`: parse definitions and render runs, beside what one would do otherwise."""

from __future__ import annotations

import base64
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import jsonschema
import yaml
from jinja2 import Environment, StrictUndefined

from generator.core.define import define
from generator.core.parse_app import parse_app
from generator.core.render import render
from generator.model.change import Action, Change, Push, Version
from generator.model.platform import Platform, Repository, Target
from generator.schema.json_schema import json_schema
from generator.sources import build
from generator.sources.given import Given
from generator.yamlio.write import write
from tests.bench.read_page import Claim, Table

MEMORY = 150  # MiB
IN_C = "Jinja2 and PyYAML in C"
REPOSITORY = Repository("shop", "https://git.example.com/team/shop", "gitea", "a", "b", "b", "b")
PLATFORM = Platform("pushboat", "step:1", (REPOSITORY,), (Target("default", "shop"),))
PUSH = Push("shop", "a" * 40, "b" * 40, 7, "")
DEFINITION = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata:
  name: app-{number}
  labels: {{team: team-{team}}}
spec:
  version: "1.{number}.0"
  components:
    - name: api
      kind: Deployment
      image: registry.example/team/api:1.{number}.0
      replicas: {replicas}
      ports: [{{name: http, port: 8080}}]
      env:
        - {{name: LOG_LEVEL, value: info}}
        - name: DATABASE_PASSWORD
          secret: {{name: database-{number}, key: password}}
      resources:
        requests: {{cpu: 100m, memory: 128Mi}}
        limits: {{memory: 256Mi}}
      files:
        - path: /etc/api/settings.toml
          text: |
            currency = "EUR"
            number = {number}
    - name: worker
      kind: Deployment
      image: registry.example/team/worker:1.{number}.0
      args: [--queue, queue-{number}]
  timeouts: {{health: 10m}}
"""


def definition(number: int) -> bytes:
    """One of many definitions that are alike and not the same, about 850 bytes."""
    return DEFINITION.format(number=number, team=number % 40, replicas=2 + number % 5).encode()


def parsing(count: int) -> dict[str, float]:
    """Seconds for guard, parse and validate of `count` definitions, ours and with pure PyYAML and jsonschema."""
    texts = [definition(number) for number in range(count)]
    validator = jsonschema.Draft202012Validator(json_schema("Application"))

    def ours(text: bytes) -> None:
        assert not parse_app(text, "apps/a.yaml").problems

    def theirs(text: bytes) -> None:
        assert validator.is_valid(yaml.safe_load(text))

    return {"ours": _seconds(ours, texts), "PyYAML and jsonschema": _seconds(theirs, texts)}


def rendering(count: int) -> dict[str, float]:
    """Seconds for objects and PipelineRun of `count` apps as JSON: ours, and by a Jinja2 template that is read again.

    The template gets the hashes and names of each app handed in, so that its work is the lighter one.
    """
    apps = [parse_app(definition(number), "apps/a.yaml").app for number in range(count)]
    values = [_values(app) for app in apps]
    template, fast = _template(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def theirs(one: dict[str, Any], reader: Any) -> Any:
        return yaml.load(template.render(**one), Loader=reader)  # noqa: S506 - SafeLoaders

    for app, one in zip(apps, values, strict=True):
        assert theirs(one, fast) == json.loads(_ours(app)), "both render the same"
    return {
        "ours": _seconds(_ours, apps),
        "Jinja2 and PyYAML": _seconds(lambda one: json.dumps(theirs(one, yaml.SafeLoader)), values),
        IN_C: _seconds(lambda one: json.dumps(theirs(one, fast)), values),
    }


def _ours(app: Any) -> str:
    objects = build(Given(app, "apps/a.yaml", {}, PLATFORM.targets[0], []))
    change = Change(app.name, "apps/a.yaml", Action.CREATE, "not there yet", "default", app.version, objects=objects)
    one = render(change, PUSH, PLATFORM)
    return f'{{"run":{json.dumps(one.run)},"release":{one.content}}}'


def _values(app: Any) -> dict[str, Any]:
    """What differs from app to app."""
    found = json.loads(_ours(app))
    run, objects = found["run"], found["release"]
    return {
        "number": app.name.removeprefix("app-"),
        "team": app.labels["team"],
        "replicas": app.components[0].replicas,
        "run": run["metadata"]["name"],
        "release": json.loads(run["spec"]["params"][0]["value"])[0]["release"],
        "config": next(one["metadata"]["name"] for one in objects if one["kind"] == "ConfigMap"),
    }


def _template() -> Any:
    """The text of one rendered app with its particulars as expressions, as people write such templates."""
    sample = parse_app(definition(987654), "apps/a.yaml").app
    assert sample
    values = _values(sample)
    text = write(json.loads(_ours(sample)))
    for name in ("run", "release", "config", "team", "number"):  # longer ones first: they hold the number
        text = text.replace(str(values[name]), f"{{{{ {name} }}}}")
    text = text.replace(f"replicas: {values['replicas']}", "replicas: {{ replicas }}", 1)
    return Environment(undefined=StrictUndefined, autoescape=False).from_string(text)  # noqa: S701 - YAML, not HTML


def _seconds(work: Callable[[Any], Any], items: list[Any]) -> float:
    started = time.perf_counter()
    for item in items:
        work(item)
    return time.perf_counter() - started


def memory(count: int) -> float:
    """MiB that a fresh process has used at most after it has parsed `count` definitions and built their objects."""
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.bench.read_definitions import work; work({count})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout) / 1024


def work(count: int) -> None:
    """What `memory` measures: each definition is read, parsed and built, and its objects are let go of again."""
    for number in range(count):
        path = "apps/a.yaml"
        files = {path: base64.b64encode(definition(number)).decode()}
        assert not define(Version(path, str(number), files), PLATFORM, REPOSITORY).problems
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


_PARSING = """\
A thousand definitions of about 800 bytes. "PyYAML and jsonschema" is `yaml.safe_load` and a validator of the published
JSON Schema, made once; it guards against nothing and keeps no positions.
"""
_RENDERING = """\
The objects and the PipelineRun of 500 apps as JSON. The template is the text of one app's, with what differs as
expressions; hashes and names are handed in. PyYAML's reader in C is what one takes who knows of it.
"""


def measure(folder: Path, rounds: int, say: Callable[[str], None]) -> list[Table]:  # noqa: ARG001 - one shape for all
    """The tables of (b) and (c)."""
    parsed: dict[str, list[float]] = {}
    rendered: dict[str, list[float]] = {}
    for number in range(rounds):
        say(f"definitions, round {number + 1} of {rounds}")
        for rows, found in ((parsed, parsing(1000)), (rendered, rendering(500))):
            for name, seconds in found.items():
                rows.setdefault(name, []).append(seconds)
    most = memory(10_000)
    theirs, template = parsed["PyYAML and jsonschema"], rendered["Jinja2 and PyYAML"]
    return [
        Table(
            "Guard, parse and validate 1,000 definitions",
            parsed,
            [Claim("time beside PyYAML and jsonschema", parsed["ours"], 1 / 5, theirs)],
            f"{_PARSING}A process that has parsed 10,000 and built their objects has used {most:.0f} MiB at most; the "
            f"target of 150 MiB is {'met' if most <= MEMORY else 'missed'}.\n",
        ),
        Table(
            "Render 500 apps",
            rendered,
            [Claim("time beside a Jinja2 template that is read again", rendered["ours"], 1 / 10, template)],
            _RENDERING
            + f"Beside that one we take {median(rendered['ours']) / median(rendered[IN_C]):.2f} of the time.\n",
        ),
    ]
