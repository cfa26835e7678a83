"""A site with nginx before it, as deploy/ ships it, and what each of its answers carries."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from greetings.house import House
from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.settings import Settings, load_settings
from greetings.submissions.models import Greeting
from greetings.web.headers import fixed_headers, picture_headers
from tests.browser.site import Site
from tests.factories import make_greeting
from tests.servers import NginxServer

SECONDS = 60


@dataclass
class Front:
    """A site with nginx before it."""

    house: House
    site: Site
    nginx: NginxServer

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.nginx.url + path, headers=headers, timeout=SECONDS, allow_redirects=False)

    def make(self, **facts: object) -> Greeting:
        from sqlalchemy import select

        from greetings.actions.models import Action

        with self.house.database.work() as session:
            action = session.scalars(select(Action).where(Action.slug == "example")).one()
            return make_greeting(self.house, session, action, **facts)  # type: ignore[arg-type]


def settings_of(data: Path, site: Site) -> Settings:
    """Those of a site that listens already."""
    return load_settings({"GREETINGS_DATA": str(data), "GREETINGS_PORT": site.url.rpartition(":")[2]})


def assert_headers(answer: requests.Response, *, is_picture: bool = False) -> None:
    """Each header of every page once, and one word about keeping it."""
    said = answer.raw.headers
    for name, value in (picture_headers if is_picture else fixed_headers)(load_settings({})).items():
        assert said.getlist(name) == [value], name
    assert len(said.getlist("Cache-Control")) == 1
    assert "Nothing" not in said


@contextmanager
def heard_by_the_program(front: Front) -> Iterator[tuple[str, list[bytes]]]:
    """nginx before somebody who hangs up on everyone: its address, and what it passed on, head by head."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as ear:

        def listen() -> None:
            while True:
                try:
                    line, _ = ear.accept()
                except OSError:  # closed
                    return
                with line:
                    line.settimeout(SECONDS)
                    heard.append(line.recv(65536))

        listening = threading.Thread(target=listen, daemon=True)
        listening.start()
        settings = replace(front.house.settings, port=ear.getsockname()[1])
        server = NginxServer.start(
            lambda user, folder, port: nginx_configuration(
                settings, ProxyPlace(user, folder, f"127.0.0.1:{port}"), front.house.keys
            )
        )
        assert server is not None
        try:
            yield server.url, heard
        finally:
            server.stop()
            ear.shutdown(socket.SHUT_RDWR)
            listening.join(SECONDS)
