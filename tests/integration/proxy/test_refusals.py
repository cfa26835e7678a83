"""What nginx refuses by itself is said in words, with the headers of every page."""

import socket
from contextlib import ExitStack
from dataclasses import replace
from http.client import HTTPResponse
from select import select

import pytest
import requests

from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.settings import load_settings
from greetings.submissions.files import PUBLIC_RENDITIONS, public_file_name
from greetings.web.headers import fixed_headers
from tests.integration.proxy.fronts import SECONDS, Front, assert_headers, settings_of
from tests.servers import NginxServer

WALL = "/example/en/greetings/"


@pytest.mark.parametrize(
    ("request_lines", "status"),
    [
        ("NONSENSE", 400),
        ("GET / HTTP/1.1", 400),  # for no host
        ("TRACE / HTTP/1.1\r\nHost: here", 405),
        (f"GET /{'a' * 9000} HTTP/1.1\r\nHost: here", 414),
        (f"GET / HTTP/1.1\r\nHost: here\r\nX: {'a' * 9000}", 400),
        ("POST /example/en/send HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nno number", 400),
    ],
)
def test_what_the_proxy_refuses_by_itself_has_the_headers_too(
    front: Front, request_lines: str, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", int(front.nginx.url.rsplit(":", 1)[1])), SECONDS) as wire:
        wire.sendall(f"{request_lines}\r\n\r\n".encode())
        answer = HTTPResponse(wire)
        answer.begin()
        assert answer.status == status
        assert "паспрабуйце" in answer.read().decode()
    for name, value in {**fixed_headers(load_settings({})), "Cache-Control": "no-store"}.items():
        assert answer.headers.get_all(name) == [value], name


def test_whoever_holds_too_many_connections_is_answered_in_words(front: Front) -> None:
    """A hundred forms that don't come to their end, and one more."""
    port = int(front.nginx.url.rpartition(":")[2])
    form = "Host: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"
    with ExitStack() as held:
        lines = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS)) for _ in range(101)
        ]
        for line in lines:
            line.sendall(f"POST /example/en/receipt HTTP/1.1\r\n{form}".encode())
        (answered, *_), _, _ = select(lines, [], [], SECONDS)
        with HTTPResponse(answered) as answer:
            answer.begin()
            assert (answer.status, answer.headers["Retry-After"]) == (503, "15")
            assert "праз хвіліну" in answer.read().decode()
    for name, value in {**fixed_headers(load_settings({})), "Cache-Control": "no-store"}.items():
        assert answer.headers.get_all(name) == [value], name


@pytest.mark.parametrize("part", ["bytes=0-9", "bytes=90000000-"])
def test_a_public_picture_comes_whole_whatever_part_is_asked_for(front: Front, part: str) -> None:
    greeting = front.make(photos=1)
    name = public_file_name(greeting.photos[0].public_name or "", PUBLIC_RENDITIONS[0])
    answer = front.get(f"/media/{name}", Range=part)
    assert answer.status_code == 200
    assert_headers(answer, is_picture=True)


@pytest.mark.parametrize("path", [WALL, "/example/en/send", "/static/css/base.css?v=1", "picture"])
def test_a_condition_that_does_not_hold_is_told_with_the_headers_too(front: Front, path: str) -> None:
    """nginx looks at it by itself, when the program has long said its own headers."""
    if path == "picture":
        shown = front.make(photos=1).photos[0]
        path = f"/media/{public_file_name(shown.public_name or '', PUBLIC_RENDITIONS[0])}"
    for _ in range(2):
        answer = front.get(path, **{"If-Match": '"another"'})
        assert answer.status_code == 412
        assert answer.headers["Cache-Control"] == "no-store"
        assert_headers(answer)


def test_its_own_pages_can_not_be_asked_for(front: Front) -> None:
    answer = front.get("/@away")
    assert answer.status_code == 404
    assert "<title>Nobody lives at this address" in answer.text
    assert_headers(answer)


def test_while_the_program_is_away_a_calm_page_says_so(front: Front) -> None:
    settings = replace(settings_of(front.house.settings.data, front.site), port=9)  # nothing listens there
    away = NginxServer.start(
        lambda user, folder, port: nginx_configuration(
            settings, ProxyPlace(user, folder, f"127.0.0.1:{port}")
        )
    )
    assert away is not None
    try:
        answer = requests.get(f"{away.url}{WALL}", timeout=SECONDS)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
        assert answer.headers["Cache-Control"] == "no-store"
        answer.encoding = "utf-8"
        assert "праз хвіліну" in answer.text
        assert_headers(answer)
        style = requests.get(f"{away.url}/away.css", timeout=SECONDS)
        assert 'href="/away.css"' in answer.text, "the program's own styles are away with it"
        assert (style.status_code, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert_headers(style)
    finally:
        said = away.stop()
    assert "127.0.0.1" not in said
