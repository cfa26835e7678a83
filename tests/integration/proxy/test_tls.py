"""nginx in front with TLS, as the command prints it for a site on https."""

import os
import socket
import ssl
import struct
import subprocess
import sys
from pathlib import Path

import requests

from greetings.settings import CHECKOUT, load_settings
from greetings.web.headers import fixed_headers
from tests.conftest import must_not_skip
from tests.integration.proxy.fronts import SECONDS
from tests.servers import NginxServer, free_port


def test_a_command_prints_what_nginx_takes_with_tls(tmp_path: Path) -> None:
    """On certificates made for the test; then really asked over TLS."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=birthday.example",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    environ = {
        **os.environ,
        "GREETINGS_DATA": str(tmp_path / "data"),
        "GREETINGS_URL": "https://birthday.example",
        "GREETINGS_PORT": "9",
    }

    plain_port = free_port()

    def configure(user: str, folder: Path, port: int) -> str:
        options = [
            "--user",
            user,
            "--folder",
            folder,
            "--listen",
            f"127.0.0.1:{port}",
            "--certificates",
            tmp_path,
        ]
        command = [sys.executable, "-m", "greetings", "proxy", *map(str, options)]
        printed = subprocess.run(
            command, env=environ, cwd=CHECKOUT, check=True, capture_output=True, text=True
        )
        return printed.stdout.replace(
            "listen 80 default_server", f"listen 127.0.0.1:{plain_port} default_server"
        )

    nginx = NginxServer.start(configure)
    if nginx is None:
        must_not_skip("There is no nginx on this machine: make system brings it.")
    assert nginx is not None
    try:
        context = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        port = int(nginx.url.rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port), SECONDS) as line,
            context.wrap_socket(line, server_hostname="birthday.example") as safe,
        ):
            safe.sendall(b"GET / HTTP/1.1\r\nHost: birthday.example\r\nConnection: close\r\n\r\n")
            said = safe.recv(4000).decode()
        assert "Strict-Transport-Security: max-age=63072000; includeSubDomains" in said
        most = _streams_at_once(port, context)
        assert 0 < most < 100, "each counts as a connection, and a hundred are one too many"
        plain = requests.get(
            f"http://127.0.0.1:{plain_port}/ales/be/?a=b", timeout=SECONDS, allow_redirects=False
        )
        assert (plain.status_code, plain.headers["Location"]) == (
            308,
            "https://birthday.example/ales/be/?a=b",
        )
        for name, value in fixed_headers(load_settings({})).items():
            assert plain.raw.headers.getlist(name) == [value], name
        assert "Strict-Transport-Security" not in plain.headers, "which only TLS may say"
        astray = requests.get(f"http://127.0.0.1:{port}/ales/be/", timeout=SECONDS, allow_redirects=False)
        assert (astray.status_code, astray.headers["Location"]) == (308, "https://birthday.example/ales/be/")
    finally:
        nginx.stop()


def _streams_at_once(port: int, context: ssl.SSLContext) -> int:
    """How many requests a browser may have at once over HTTP/2: the server says so in its first frame."""
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", port), SECONDS) as line,
        context.wrap_socket(line, server_hostname="birthday.example") as safe,
    ):
        safe.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        with safe.makefile("rb") as frames:
            head = frames.read(9)
            settings = dict(struct.iter_unpack(">HL", frames.read(int.from_bytes(head[:3], "big"))))
    return settings[3]
