"""What can't be read as a request never reaches the program: the server refuses it with a bare number."""

import re
import socket
from collections.abc import Iterator

import pytest

from greetings.web.headers import FIXED
from tests.browser.site import Site

SECONDS = 20
MANY = "".join(f"X{number}: 1\r\n" for number in range(200)).encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site.start(tmp_path_factory.mktemp("unreadable") / "data", prints=False, GREETINGS_THREADS="4")
    yield site
    site.stop()


def answer_to(site: Site, request: bytes) -> bytes:
    """Everything that comes back."""
    with socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])), timeout=SECONDS) as line:
        line.sendall(request)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GARBAGE\r\n\r\n", b"400"),
        (b"GET  HTTP/9\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-\x00: 1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", b"400"),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"400"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + MANY + b"\r\n", b"431"),
    ],
)
def test_the_server_refuses_it_with_nothing_to_show(site: Site, request_bytes: bytes, status: bytes) -> None:
    """Without a body the headers that hold a page in check have nothing to hold."""
    head, _, body = answer_to(site, request_bytes).partition(b"\r\n\r\n")
    line, *headers = head.lower().split(b"\r\n")
    assert line.split()[1] == status
    assert body == b""
    assert {header.partition(b":")[0] for header in headers} == {b"connection", b"content-length", b"date"}
    assert request_bytes[:5].decode("latin-1") not in site.log


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET foo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
        b"GET /%ff%fe/ HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: \xff\xfe\r\nCookie: \xff=\xfe\r\nConnection: close\r\n\r\n",
        b"GET http://elsewhere/ HTTP/1.0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n\r\n",
    ],
)
def test_whatever_can_be_read_however_odd_is_answered_by_us(site: Site, request_bytes: bytes) -> None:
    head = answer_to(site, request_bytes).partition(b"\r\n\r\n")[0].decode("latin-1")
    assert re.match(r"HTTP/1\.[01] [34]\d\d ", head), head
    for name, value in FIXED.items():
        assert f"\r\n{name.lower()}: {value}" in head, name
    assert "Traceback" not in site.log
