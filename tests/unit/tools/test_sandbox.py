"""What the sandbox holds, tried from inside by a program that wants out."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from generator.sources.given import Invocation, ToolError
from generator.tools.run import run_tool
from generator.tools.sandbox import LIMITS, Limits, confined
from tests.unit.tools import programs

linux = pytest.mark.skipif(sys.platform != "linux", reason="seccomp and Landlock are Linux's")
PYTHON = Path(sys.executable).resolve()
TRY = """
import os, sys
def attempt(what):
    try:
        what()
        print("done")
    except OSError as error:
        print(error.strerror)
"""


def python(program: str, limits: Limits = LIMITS, files: dict[str, bytes] | None = None) -> str:
    words = ("-I", "-S", "-B", "-c", TRY + program)
    roomy = replace(limits, memory=max(limits.memory, 512 << 20)) if limits is LIMITS else limits
    return confined(PYTHON, words, files or {}, roomy, str(PYTHON.parents[1])).decode()


REFUSED = {
    "a socket": "import socket; attempt(socket.socket)",
    "a socket of any kind": "import socket; attempt(lambda: socket.socket(socket.AF_UNIX))",
    "netlink": "import socket; attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))",
    "a pair of sockets": "import socket; attempt(socket.socketpair)",
    "a process": "attempt(os.fork)",
    "another program": "attempt(lambda: os.execv('/bin/true', ['true']))",
    "this program again": "attempt(lambda: os.execv(sys.executable, ['python', '-c', '']))",
    "a spawned program": "attempt(lambda: os.posix_spawn('/bin/true', ['true'], {}))",
    "a signal to its parent": "attempt(lambda: os.kill(os.getppid(), 0))",
    "a handle on its parent": "attempt(lambda: os.pidfd_open(os.getppid()))",
    "a program in memory": "attempt(lambda: os.memfd_create('a'))",
    "its parent's memory": "attempt(lambda: open(f'/proc/{os.getppid()}/mem', 'rb'))",
    "its parent's environment": "attempt(lambda: open(f'/proc/{os.getppid()}/environ', 'rb'))",
    "a file of the machine": "attempt(lambda: open('/etc/passwd'))",
    "a list of files": "attempt(lambda: os.listdir('/'))",
    "a new file elsewhere": "attempt(lambda: open('/tmp/pushboat-was-here', 'w'))",
    "a changed file": "attempt(lambda: open('given.txt', 'a'))",
    "a file cut off": "attempt(lambda: os.truncate('given.txt', 0))",
    "a link to a file elsewhere": "attempt(lambda: open(os.symlink('/etc/passwd', f'{os.environ[\"HOME\"]}/l') or f'{os.environ[\"HOME\"]}/l'))",  # noqa: E501
}


def has_landlock() -> bool:
    return "denied" in python("attempt(lambda: os.listdir('/'))")


@linux
@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    said = python(REFUSED[what], files={"given.txt": b"given"})
    if what in list(REFUSED)[11:] and not has_landlock():
        pytest.skip("this kernel has no Landlock: files are only kept apart by their owner")
    assert said.strip() in ("Permission denied", "Operation not permitted"), said


@linux
@pytest.mark.parametrize(("call", "number"), [("io_uring_setup", 425), ("bpf", 321), ("unshare", 272), ("ptrace", 101)])
def test_a_call_that_python_has_no_word_for_is_refused(call: str, number: int) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip(f"the number of {call} is x86_64's")
    program = f"import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.syscall({number}, 0), ctypes.get_errno())"
    assert python(program).split() == ["-1", "13"]


@linux
def test_a_server_on_this_machine_is_never_reached() -> None:
    met = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        port = server.getsockname()[1]

        def accept() -> None:
            try:
                server.accept()[0].close()
                met.set()
            except TimeoutError:
                pass

        thread = threading.Thread(target=accept)
        thread.start()
        said = python(f"import socket; attempt(lambda: socket.create_connection(('127.0.0.1', {port})))")
        thread.join()
    assert said.strip() == "Permission denied"
    assert not met.is_set()


def test_what_rendering_needs_is_there() -> None:
    program = """
import threading
thread = threading.Thread(target=lambda: print('thread')); thread.start(); thread.join()
print(open('a/b.txt').read(), sorted(os.listdir('.')))
open(f'{os.environ["HOME"]}/x', 'w').write('y')
print(os.environ['PATH'], os.environ['TZ'])
"""
    said = python(program, files={"a/b.txt": b"text", "c": b""})
    assert said.splitlines() == ["thread", "text ['a', 'c']", "/nonexistent UTC"]


def test_nothing_of_the_environment_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSHBOAT_CANARY", "secret")
    assert "CANARY" not in python("print(os.environ)")


def test_nothing_of_the_caller_is_open(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        said = python("[attempt(lambda: os.fstat(number)) for number in range(3, 200)]")
    assert set(said.split("\n")) <= {"Bad file descriptor", ""}


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    python("open(f'{os.environ[\"HOME\"]}/x', 'w').write('y')", files={"a/b": b"c"})
    with pytest.raises(ToolError):
        python("sys.exit(1)")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "", "a\0b", "a/" + "b" * 300])
def test_files_stay_in_the_folder(name: str) -> None:
    with pytest.raises(ToolError):
        python("", files={name: b""})


def test_a_file_where_another_needs_a_folder() -> None:
    with pytest.raises(ToolError, match="cannot be laid out"):
        python("", files={"a": b"", "a/b": b""})


@pytest.mark.parametrize(
    ("program", "limits", "said"),
    [
        ("while True: pass", Limits(processor=1, memory=512 << 20), "more than 1 s of processor time"),
        ("import time; time.sleep(60)", Limits(seconds=1, memory=512 << 20), "took more than 1 s"),
        ("sys.stdout.write('x' * 2000000)", Limits(output=1 << 20, memory=512 << 20), "gives more than 1 MiB"),
        ("sys.stderr.write('x' * 2000000)", Limits(output=1 << 20, memory=512 << 20), "gives more than 1 MiB"),
    ],
)
def test_bounds(program: str, limits: Limits, said: str) -> None:
    begin = time.monotonic()
    with pytest.raises(ToolError, match=said):
        python(program, limits)
    assert time.monotonic() - begin < 10


@linux
def test_memory_is_bounded() -> None:
    small = Limits(memory=64 << 20)
    assert python("print('here')", small) == "here\n"
    with pytest.raises(ToolError, match="MemoryError"):
        python("x = bytearray(100_000_000)", small)


@linux
def test_files_are_bounded() -> None:
    limits = Limits(output=1 << 20, memory=512 << 20)
    program = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    program += "attempt(lambda: open(f'{os.environ[\"HOME\"]}/x', 'wb', 0).write(b'x' * 2000000))\n"
    program += "attempt(lambda: open(f'{os.environ[\"HOME\"]}/x', 'ab', 0).write(b'x'))"
    assert python(program, limits).split("\n")[1] == "File too large"


def test_what_the_program_said_is_told_without_its_paths() -> None:
    with pytest.raises(ToolError) as failed:
        python("sys.exit(f'Error: {os.getcwd()}/chart/x.yaml is no good')")
    assert str(failed.value) == "chart/x.yaml is no good"


def test_only_two_programs_are_known(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no program that renders"):
        run_tool(Invocation("sh", ("-c", "true"), {}), folder=tmp_path)


def test_a_program_that_is_not_there_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="helm is not installed: put it on PATH"):
        run_tool(Invocation("helm", (), {}), folder=tmp_path)


@programs.needed
def test_the_programs_are_those_that_are_pinned() -> None:
    text = (Path(__file__).parents[3] / "hack" / "step-image" / "programs").read_text()
    for program, words in (("helm", ("version", "--short")), ("kustomize", ("version",))):
        assert f"{program.upper()}={programs.tool(Invocation(program, words, {})).strip()}" in text


LOOPS = '{{ define "x" }}{{ range until 1000 }}{{ end }}{{ end }}{{ range until 1000 }}{{ range until 1000 }}{{ template "x" }}{{ end }}{{ end }}'  # noqa: E501


@programs.needed
def test_a_chart_that_never_ends() -> None:
    files = {"c/Chart.yaml": b"apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/templates/x.yaml": LOOPS.encode()}
    with pytest.raises(ToolError, match="processor time"):
        run_tool(Invocation("helm", ("template", "a", "c"), files), Limits(processor=1), programs.FOLDER)


@programs.needed
@pytest.mark.parametrize(
    "words",
    [
        ("template", "a", "https://charts.example.com/x.tgz"),
        ("template", "a", "oci://127.0.0.1/x"),
        ("template", "a", "redis", "--repo", "http://127.0.0.1:9"),
        ("pull", "http://127.0.0.1:9/x.tgz"),
    ],
)
def test_helm_reaches_no_network_even_if_asked_to(words: tuple[str, ...]) -> None:
    with pytest.raises(ToolError, match="nothing is downloaded"):
        programs.tool(Invocation("helm", words, {}))


@programs.needed
@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("https://127.0.0.1:9/x.yaml", "nothing is downloaded"),
        ("https://github.com/example/app//deploy?ref=v1", "no 'git' program|nothing is downloaded"),
        ("git@127.0.0.1:example/app", "no 'git' program"),
        ("../../../../../../etc/passwd", "not in or below|no such file|permission denied"),
    ],
)
def test_kustomize_reaches_nothing_even_if_asked_to(resource: str, said: str) -> None:
    files = {"k/kustomization.yaml": f'resources: ["{resource}"]\n'.encode()}
    with pytest.raises(ToolError, match=said):
        programs.tool(Invocation("kustomize", ("build", "k"), files))


@programs.needed
def test_kustomize_runs_no_program_even_if_asked_to(tmp_path: Path) -> None:
    plug_in = "apiVersion: x/v1\nkind: Run\nmetadata:\n  name: a\n  annotations:\n"
    plug_in += f"    config.kubernetes.io/function: 'exec: {{path: {tmp_path}/run.sh}}'\n"
    files = {"k/kustomization.yaml": b"transformers: [t.yaml]\n", "k/t.yaml": plug_in.encode()}
    files["k/run.sh"] = b"#!/bin/sh\ntouch here\n"
    with pytest.raises(ToolError, match="plugins disabled"):
        programs.tool(Invocation("kustomize", ("build", "k"), files))
    words = ("build", "k", "--enable-alpha-plugins", "--enable-exec", "--network")
    with pytest.raises(ToolError, match=r"permission denied|no such file"):
        programs.tool(Invocation("kustomize", words, files))
