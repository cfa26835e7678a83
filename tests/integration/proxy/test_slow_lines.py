"""Slow and greedy lines are hung up on by nginx, by each of its patiences: those that deploy/ ships, made short here."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from greetings.operations.proxy import ProxyPlace, nginx_configuration
from tests.integration.proxy.fronts import SECONDS, Front, settings_of
from tests.servers import NginxServer

# what each of them waits for, as shipped; nobody is asked to wait that long in a test
PATIENCES = {
    "client_header_timeout": "10s",
    "client_body_timeout": "15s",
    "send_timeout": "20s",
    "keepalive_timeout": "20s",
}
ENDLESS, SHORT = "3600s", "1s"
HEAD = b"GET /example/en/greetings/ HTTP/1.1\r\nHost: here\r\n"
FORM = (
    b"POST /example/en/receipt HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
# what of a request comes, and then nothing more
STOPS = {
    "client_header_timeout": HEAD,
    "client_body_timeout": FORM + b"Content-Length: 90\r\n\r\ncode=",
}


@contextmanager
def patient_but_for(front: Front, name: str, port_behind: int = 0) -> Iterator[int]:
    """nginx as it is shipped, with one patience short and all others endless, so that whoever is hung up on is by
    that one; gives its port.
    """
    settings = settings_of(front.house.settings.data, front.site)
    settings = replace(settings, port=port_behind or settings.port)

    def configure(user: str, folder: Path, port: int) -> str:
        place = ProxyPlace(user, folder, f"127.0.0.1:{port}")
        text = nginx_configuration(settings, place, front.house.keys)
        for one, shipped in PATIENCES.items():
            assert text.count(f"{one} {shipped};") == 1
            text = text.replace(f"{one} {shipped};", f"{one} {SHORT if one == name else ENDLESS};")
        return text

    nginx = NginxServer.start(configure)
    assert nginx is not None
    try:
        yield int(nginx.url.rpartition(":")[2])
    finally:
        nginx.stop()


def read_to_its_end(line: socket.socket) -> bytes:
    """What is answered until nginx hangs up, in whichever way."""
    said = b""
    with suppress(ConnectionResetError):
        while piece := line.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize("name", STOPS)
def test_whoever_stops_in_the_middle_is_hung_up_on(front: Front, name: str) -> None:
    """Behind it nobody answers here, and nobody hangs up but nginx."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        patient_but_for(front, name, silent.getsockname()[1]) as port,
        socket.create_connection(("127.0.0.1", port), SECONDS) as line,
    ):
        line.sendall(STOPS[name])
        read_to_its_end(line)


def test_whoever_asks_for_nothing_more_is_hung_up_on(front: Front) -> None:
    with (
        patient_but_for(front, "keepalive_timeout") as port,
        socket.create_connection(("127.0.0.1", port), SECONDS) as line,
    ):
        line.sendall(HEAD + b"\r\n")
        assert read_to_its_end(line).startswith(b"HTTP/1.1 200 ")


def test_whoever_reads_nothing_of_what_they_asked_for_is_hung_up_on(front: Front) -> None:
    """Else a line would hold its place for as long as it likes."""
    with patient_but_for(front, "send_timeout") as port, socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(SECONDS)
        line.connect(("127.0.0.1", port))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while True:
                line.sendall(HEAD + b"\r\n")
