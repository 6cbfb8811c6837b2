from __future__ import annotations

import time
from pathlib import Path

import pytest

from generator.sources.chart import WAY
from generator.sources.given import Invocation, ToolError
from generator.sources.repeat import another_day, uses
from tests.conftest import Golden
from tests.unit.sources.rendering import EXPECTED, folders, outcome, rendered
from tests.unit.sources.test_archive import packed
from tests.unit.tools import programs

APP = b"spec:\n  version: '1'\n  helm:\n    chart: chart.tgz\n"
CHART = b"apiVersion: v2\nname: %s\nversion: 0.1.0\n"
CONFIG = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\n"
SECRET = b"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n"


@programs.needed
@pytest.mark.parametrize("folder", folders("helm"), ids=lambda folder: folder.name)
def test_case(folder: Path, golden: Golden) -> None:
    golden(folder / EXPECTED, outcome(folder))


def chart(name: str, **templates: bytes) -> dict[str, bytes]:
    files = {f"{name}/templates/{key}.yaml": data for key, data in templates.items()}
    return {f"{name}/Chart.yaml": CHART % name.encode(), **files}


def archived(files: dict[str, bytes]) -> tuple[list[str], list[str]]:
    found, problems = rendered({"apps/web/app.yaml": APP, "apps/web/chart.tgz": packed(files)})
    return [item["metadata"]["name"] for item in found], problems


@programs.needed
def test_an_archive_is_a_chart() -> None:
    assert archived(chart("web", c=CONFIG)) == (["web"], [])


@programs.needed
def test_archives_in_an_archive() -> None:
    inner = packed({**chart("kid", c=CONFIG), "kid/charts/baby-1.tgz": packed(chart("baby", c=CONFIG))})
    assert archived({**chart("web", c=CONFIG), "web/charts/kid-0.1.0.tgz": inner}) == (["baby", "kid", "web"], [])


@programs.needed
def test_a_problem_in_an_archive_names_the_file_in_it() -> None:
    _, problems = archived({**chart("web"), "web/charts/kid-1.tgz": packed(chart("kid", s=SECRET))})
    where = "apps/web/chart.tgz:1:1: error: charts/kid/templates/s.yaml: a Secret does not belong in Git"
    assert [line.partition(", in")[0] for line in problems] == [where]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"web/charts/x.tgz": b"no archive"}, "chart.tgz:1:1: error: the archive is not gzipped tar"),
        ({"web/templates/x": b""}, "app.yaml:4:12: error: there is no Chart.yaml in 'apps/web/chart.tgz'"),
        ({"web/Chart.yaml": b"a: ["}, "chart.tgz:"),
        ({"web/Chart.yaml": b"- a"}, "chart.tgz:1:1: error: Chart.yaml: not one mapping"),
        (
            {"web/Chart.yaml": CHART % b"web" + b"dependencies: [{name: kid}]\n"},
            "chart.tgz:1:1: error: Chart.yaml: the chart needs kid",
        ),
        (
            {"web/charts/kid/Chart.yaml": b"", "web/charts/kid.tgz": packed({"kid/Chart.yaml": b""})},
            "charts/kid/Chart.yaml is in the chart twice",
        ),
    ],
)
def test_archives_that_are_refused(files: dict[str, bytes], said: str) -> None:
    assert said in archived(files)[1][0]


def test_charts_are_not_packed_for_ever() -> None:
    data = packed(chart("web", c=CONFIG))
    for _ in range(8):
        data = packed({"web/Chart.yaml": CHART % b"web", "web/charts/web.tgz": data})
    problems = rendered({"apps/web/app.yaml": APP, "apps/web/chart.tgz": data})[1]
    assert "packed more than 4 deep" in problems[0]


def test_many_archives_together_unpack_to_no_more_than_one() -> None:
    app = APP.replace(b"chart.tgz", b"chart")
    large = {f"apps/web/chart/charts/a{n}.tgz": packed({f"a{n}/x": bytes(6_000_000)}) for n in range(4)}
    problems = rendered({"apps/web/app.yaml": app, "apps/web/chart/Chart.yaml": CHART % b"web", **large})[1]
    assert [line.partition(":")[0] for line in problems] == [f"apps/web/chart/charts/a{n}.tgz" for n in (2, 3)]


def test_the_words_are_ours_and_what_people_wrote_is_in_files() -> None:
    seen: list[Invocation] = []

    def tool(invocation: Invocation) -> str:
        seen.append(invocation)
        return ""

    hostile = b"spec:\n  version: '1'\n  helm:\n    chart: -x\n    values: {--set: '$(id)'}\n"
    rendered({"apps/web/app.yaml": hostile, "apps/web/-x/Chart.yaml": CHART % b"web"}, tool)
    one, again = seen
    assert again == one, "rendered twice, since what makes up values can hide"
    assert one.program == "helm"
    assert one.words == (
        *("template", "--namespace=shop", "--kube-version=1.34.0", "--include-crds", "--skip-tests"),
        *("--values=values-0.json", "--", "web", "chart"),
    )
    assert one.files == {"chart/Chart.yaml": CHART % b"web", "values-0.json": b'{"--set": "$(id)"}'}


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("helm is not installed: put it on PATH", "app.yaml:4:12: error: the chart cannot be rendered: helm is not"),
        ("template: web/templates/gone.yaml:3:4: oh", "app.yaml:4:12: error: the chart cannot be rendered: template:"),
        ("x at <.Values.a>: boom\n  again", "app.yaml:4:12: error: the chart cannot be rendered: boom again, at <.V"),
        ("cannot load Chart.yaml: line 2: x", "Chart.yaml:2:1: error: line 2: x"),
    ],
)
def test_where_helm_is_blamed(said: str, problem: str) -> None:
    def tool(_: Invocation) -> str:
        raise ToolError(said)

    files = {"apps/web/app.yaml": APP.replace(b".tgz", b""), "apps/web/chart/Chart.yaml": CHART % b"web"}
    assert problem in rendered(files, tool)[1][0]
    assert WAY == ("spec", "helm", "chart")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{{ now | date "2006" }}', ["now", "date"]),
        ("{{ .Values.now }} {{ $now }} now {{ nowhere }} {{ .Values.keys }}", []),
        ('{{- $a := randAlphaNum 5 -}}\n{{ (genCA "x" 1).Cert }}', ["randAlphaNum", "genCA"]),
        ('{{ include "web.uuidv4" . }}', []),
        ('{{/* " */}} {{ now }} {{ eq \'"\' .x | now }} "', ["now", "now"]),
        ('{{ "now }}\n{{ now }}', ["now"]),
    ],
)
def test_functions_that_chance_or_the_clock_is_in(text: str, found: list[str]) -> None:
    assert [use.function for use in uses({"templates/a.yaml": text.encode()})] == found


def test_helm_takes_every_file_of_its_folder_for_a_template() -> None:
    files = {"templates/a.conf": b"{{ now }}", "charts/b/templates/c": b"{{ now }}", "x.conf": b"{{ now }}"}
    assert [use.file for use in uses(files)] == ["charts/b/templates/c", "templates/a.conf"]


def test_another_day_in_values_which_are_json() -> None:
    changed = another_day({"values.0.json": b'{"a": "{{ \\"x }}\\" }}", "b": "{{ now }}"}'})["values.0.json"]
    assert changed.endswith(b'"b": "{{ (toDate `2006-01-02` `2001-02-03`) }}"}')


CHANCE = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: {{ %s | quote }}\n"


@programs.needed
@pytest.mark.parametrize(
    ("file", "expression"),
    [
        ("a.conf", b"randAlphaNum 8"),
        ("a.yaml", b'print "}}" (randAlphaNum 8)'),
        ("a.yaml", b'tpl (printf "{{ rand%s 9 }}" "AlphaNum") .'),
    ],
)
def test_chance_that_hides(file: str, expression: bytes) -> None:
    files = {"web/Chart.yaml": CHART % b"web", f"web/templates/{file}": CHANCE % expression}
    assert ["it renders differently each time" in line for line in archived(files)[1]] == [True]


def test_octal_numbers_of_a_chart() -> None:
    files = {"apps/web/app.yaml": APP.replace(b".tgz", b""), "apps/web/chart/Chart.yaml": CHART % b"web"}
    head = "---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: %s}\n"
    assert rendered(files, lambda _: head % "0644")[0][0]["data"] == {"a": 420}
    assert "is read differently" in rendered(files, lambda _: head % ("0" + "7" * 6000))[1][0]


@pytest.mark.parametrize("values", [b"", b"# nothing yet\n", b"---\n# nothing\n", b"null\n"])
def test_values_that_hold_nothing(values: bytes) -> None:
    app = APP.replace(b".tgz", b"") + b"    valueFiles: [v.yaml]\n"
    seen: list[Invocation] = []

    def tool(invocation: Invocation) -> str:
        seen.append(invocation)
        return ""

    files = {"apps/web/app.yaml": app, "apps/web/v.yaml": values, "apps/web/chart/Chart.yaml": CHART % b"web"}
    assert ["renders no objects" in line for line in rendered(files, tool)[1]] == [True]
    assert list(seen[0].files) == ["chart/Chart.yaml"]


def test_another_day_changes_the_clock_and_nothing_else() -> None:
    other = b"(toDate `2006-01-02` `2001-02-03`)"
    text = b'now {{ now }} {{ fail "not now" }} {{ .Values.now }} \xff {{ "\\" now" | f (now) }}'
    changed = another_day({"a": text, "b": b"now"})
    assert changed == {
        "a": text.replace(b"{{ now }}", b"{{ " + other + b" }}").replace(b"f (now)", b"f (" + other + b")"),
        "b": b"now",
    }


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 300_000,
        "{{ now " * 100_000,
        "{{ now }}" * 100_000,
        "{{" + '\\"' * 300_000 + "}}",
        "{{ " + "`" * 500_001 + " }}",
        "{{ " + "a" * 900_000,
        "{{`}}`" * 160_000,
        "{{/*" * 200_000,
        "{{ " + '"\\"' * 300_000,
        "{{ '" * 200_000,
    ],
    ids=range(10),
)
def test_hostile_templates_are_looked_at_in_time(text: str) -> None:
    begin = time.process_time()
    uses({"templates/a.yaml": text.encode()})
    another_day({"templates/a.yaml": b"now " + text.encode()})
    assert time.process_time() - begin < 2


def test_hostile_output_is_read_in_time() -> None:
    template = b"".join(b"k%d: yes\n" % number for number in range(40_000))
    files = {"apps/web/app.yaml": APP.replace(b".tgz", b""), "apps/web/chart/Chart.yaml": CHART % b"web"}
    files["apps/web/chart/templates/a.yaml"] = template
    head = "---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    begin = time.process_time()
    problems = rendered(files, lambda _: head + template.decode())[1]
    assert len(problems) == 100
    assert problems[0].startswith("apps/web/chart/templates/a.yaml:1:5: error: yes is read differently")
    assert rendered(files, lambda _: head * 3000)[1] == [
        "apps/web/app.yaml:4:12: error: it renders 3000 objects; an app has at most 2000 (make several apps of it)"
    ]
    assert time.process_time() - begin < 8
