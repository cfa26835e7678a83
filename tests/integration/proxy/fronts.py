"""A site with nginx before it, as deploy/ ships it, and what each of its answers carries."""

from dataclasses import dataclass
from pathlib import Path

import requests

from greetings.house import House
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
