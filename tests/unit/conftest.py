"""The servers of the two borders, as fixtures."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.fakes.api_server import ApiServer
from tests.unit.fakes.git_host import GitHost
from tests.unit.fakes.stage import Stage, build


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for 127.0.0.1 (ca.crt, which signs itself) and its key."""
    folder = tmp_path_factory.mktemp("account")
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=fake"
    words += f" -addext subjectAltName=IP:127.0.0.1 -keyout {folder}/key -out {folder}/ca.crt"
    subprocess.run(words.split(), check=True, capture_output=True)
    return folder


@pytest.fixture
def api_server(authority: Path) -> Iterator[ApiServer]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authority / "ca.crt", authority / "key")
    with ApiServer(tls) as server:
        yield server


@pytest.fixture
def git_host(tmp_path: Path) -> Iterator[GitHost]:
    with GitHost(tmp_path / "host") as server:
        yield server


@pytest.fixture
def stage(
    api_server: ApiServer, git_host: GitHost, authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Stage:
    return build(api_server, git_host, tmp_path / "pushboat", authority, monkeypatch)
