from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from generator.model.errors import RetryLaterError
from generator.transport import HttpError, Transport
from tests.unit.fakes.web import Answer, Request, Web


class Scripted(Web):
    """Answers what the test says, one after the other; the last answer for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer | Callable[[Request], Answer]] = [Answer(data={"ok": True})]

    def answer(self, request: Request) -> Answer:
        with self.lock:
            found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return found if isinstance(found, Answer) else found(request)


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as one:
        yield one


def transport(server: Scripted, **more: Any) -> Transport:
    return Transport(f"{server.url}/root", lambda: {"Authorization": "token x"}, **{"patience": 5.0, **more})


def test_what_goes_out_and_comes_back(server: Scripted) -> None:
    assert transport(server).request("POST", "/a?b=c", {"d": 1}) == {"ok": True}
    (request,) = server.requests
    assert (request.method, request.path, request.query, request.json) == ("POST", "/root/a", {"b": "c"}, {"d": 1})
    assert request.headers["authorization"] == "token x"
    assert request.headers["content-type"] == "application/json"


def test_a_connection_is_kept(server: Scripted) -> None:
    one = transport(server)
    for _ in range(3):
        one.request("GET", "/a")
    assert len({request.client for request in server.requests}) == 1


def test_threads_have_connections_of_their_own(server: Scripted) -> None:
    one = transport(server)
    threads = [threading.Thread(target=one.request, args=("GET", "/a")) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({request.client for request in server.requests}) == 3


def test_a_connection_that_the_server_closed_is_made_anew(server: Scripted) -> None:
    server.answers = [Answer(data={}, headers={"Connection": "close"}), Answer(data={"ok": 2})]
    one = transport(server)
    one.request("GET", "/a")
    assert one.request("GET", "/a") == {"ok": 2}


def test_headers_are_asked_anew_for_every_request(server: Scripted) -> None:
    tokens = iter(["one", "two"])
    one = Transport(server.url, lambda: {"Authorization": next(tokens)})
    one.request("GET", "/a")
    one.request("GET", "/a")
    assert [request.headers["authorization"] for request in server.requests] == ["one", "two"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_when_it_says(server: Scripted, status: int) -> None:
    server.answers = [Answer(status, headers={"Retry-After": "1"}), Answer(data={"ok": 1})]
    began = time.monotonic()
    assert transport(server).request("GET", "/a") == {"ok": 1}
    assert 0.7 < time.monotonic() - began < 4
    assert len(server.requests) == 2


def test_patience_runs_out(server: Scripted) -> None:
    server.answers = [Answer(503)]
    began = time.monotonic()
    with pytest.raises(RetryLaterError, match="does not answer"):
        transport(server, patience=1.0).request("GET", "/a")
    assert time.monotonic() - began < 2
    assert len(server.requests) > 1


def test_a_wait_longer_than_patience_is_not_begun(server: Scripted) -> None:
    server.answers = [Answer(503, headers={"Retry-After": "3600"})]
    with pytest.raises(RetryLaterError):
        transport(server, patience=1.0).request("GET", "/a")
    assert len(server.requests) == 1


def test_a_server_that_is_not_there() -> None:
    with Scripted() as server:
        one = transport(server, patience=0.5)
    with pytest.raises(RetryLaterError):
        one.request("GET", "/a")


def test_a_log_from_a_server_that_is_not_there() -> None:
    with Scripted() as server:
        one = transport(server, patience=0.5)
    with pytest.raises(RetryLaterError):
        list(one.lines("/log"))


@pytest.mark.parametrize("status", [400, 404, 409, 500])
def test_a_refusal_is_not_tried_again(server: Scripted, status: int) -> None:
    server.answers = [Answer(status, {"message": "because", "reason": "R"})]
    with pytest.raises(HttpError) as error:
        transport(server).request("GET", "/a?token=secret")
    assert (error.value.status, error.value.body["reason"]) == (status, "R")
    assert str(error.value) == f"GET 127.0.0.1/a: {status} because"
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(server: Scripted, status: int) -> None:
    with Scripted() as other:
        server.answers = [Answer(status, headers={"Location": f"{other.url}/steal"})]
        with pytest.raises(HttpError) as error:
            transport(server).request("GET", "/a")
        assert error.value.status == status
        assert other.requests == []


def test_an_answer_that_is_no_json_is_shown_cut(server: Scripted) -> None:
    server.answers = [Answer(500, body=b"<html>" + b"x" * 1000)]
    with pytest.raises(HttpError) as error:
        transport(server).request("GET", "/a")
    assert len(str(error.value)) < 300


def test_lines(server: Scripted) -> None:
    server.answers = [Answer(body=b"one\ntwo \xff\n\nlast")]
    assert list(transport(server).lines("/log")) == ["one", "two \ufffd", "", "last"]
    server.answers = [Answer(404, {"message": "no"})]
    with pytest.raises(HttpError):
        list(transport(server).lines("/log"))
