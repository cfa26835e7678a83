"""What nginx refuses by itself is said in words, with the headers of every page."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.client import HTTPResponse
from select import select

import pytest
import requests

from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.settings import load_settings
from greetings.submissions.files import PUBLIC_RENDITIONS, public_file_name
from greetings.web.headers import fixed_headers
from tests.browser.patience import until
from tests.integration.proxy.fronts import SECONDS, Front, assert_headers, settings_of
from tests.servers import NginxServer

LISTENS_ON_IPV6 = "[::]:80"
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
    """A hundred forms that don't come to their end, and one more. The program has no place for all of
    them either, and says so in its own words.
    """
    port = int(front.nginx.url.rpartition(":")[2])
    form = "Host: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"
    with ExitStack() as held:
        lines = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS)) for _ in range(101)
        ]
        for line in lines:
            line.sendall(f"POST /example/en/receipt HTTP/1.1\r\n{form}".encode())
        for answer in _answers(lines):
            assert (answer.status, answer.headers["Retry-After"]) == (503, "15")
            if "праз хвіліну" in answer.read().decode():
                break
        else:
            pytest.fail("nginx let everyone in.")
    for name, value in {**fixed_headers(load_settings({})), "Cache-Control": "no-store"}.items():
        assert answer.headers.get_all(name) == [value], name
    until(lambda: _status_of_a_form(front), lambda status: status != 503)  # whoever comes next finds a place


def _status_of_a_form(front: Front) -> int:
    """What somebody gets who sends one now: those who hung up may still have the places."""
    return requests.post(f"{front.nginx.url}/example/en/receipt", {"code": "A"}, timeout=SECONDS).status_code


def _answers(lines: list[socket.socket]) -> Iterator[HTTPResponse]:
    waiting = list(lines)
    while waiting:
        answered, _, _ = select(waiting, [], [], SECONDS)
        assert answered
        for line in answered:
            waiting.remove(line)
            with HTTPResponse(line) as answer:
                answer.begin()
                yield answer


@pytest.mark.parametrize(
    ("addresses", "is_too_many"),
    [
        ([f"2001:db8::a0a:{number:x}" for number in range(101)], True),  # 0a is a new line
        ([f"2001:db8:0:{number:x}::1" for number in range(101)], False),
        ([f"::ffff:192.0.2.{number}" for number in range(101)], False),
        (["::ffff:192.0.2.10", "192.0.2.10"] * 51, True),
    ],
    ids=["one network", "many networks", "many of IPv4", "one of IPv4, in both ways"],
)
def test_one_network_of_ipv6_counts_as_one_address(
    front: Front, addresses: list[str], is_too_many: bool
) -> None:
    """Behind it nobody answers here, so that whatever is answered is nginx's own."""
    with ExitStack() as held:
        silent = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=200))
        nginx = held.enter_context(_believing_proxy(front, silent.getsockname()[1]))
        port, lines, passed_on = int(nginx.url.rpartition(":")[2]), [], 0
        for address in addresses:
            lines.append(held.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS)))
            lines[-1].sendall(f"GET / HTTP/1.1\r\nHost: a\r\nSeen-As: {address}\r\n\r\n".encode())
        while passed_on < len(addresses):
            ready = select([silent, *lines], [], [], SECONDS)[0]
            assert ready
            if silent not in ready:
                assert b" 503 " in ready[0].recv(4000).partition(b"\r\n")[0]
                break
            held.enter_context(silent.accept()[0])
            passed_on += 1
    assert is_too_many == (passed_on < len(addresses))


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
def test_pictures_come_straight_from_their_folder_whatever_the_address(front: Front, address: str) -> None:
    shown = front.make(photos=1).photos[0]
    name = public_file_name(shown.public_name or "", PUBLIC_RENDITIONS[0])
    with _believing_proxy(front, 9) as nginx:  # where nothing listens
        answer = requests.get(f"{nginx.url}/media/{name}", headers={"Seen-As": address}, timeout=SECONDS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")


@contextmanager
def _believing_proxy(front: Front, port_behind: int) -> Iterator[NginxServer]:
    """nginx that believes a header which says whose request it is: this machine's own network is but one."""
    believed = "http {\n    set_real_ip_from 127.0.0.1;\n    real_ip_header Seen-As;\n"
    settings = replace(settings_of(front.house.settings.data, front.site), port=port_behind)
    nginx = NginxServer.start(
        lambda user, folder, port: (
            nginx_configuration(settings, ProxyPlace(user, folder, LISTENS_ON_IPV6))
            .replace("http {\n", believed, 1)
            .replace(f"listen {LISTENS_ON_IPV6}", f"listen 127.0.0.1:{port}")
        )
    )
    assert nginx is not None
    try:
        yield nginx
    finally:
        nginx.stop()


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
