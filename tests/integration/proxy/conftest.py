"""One site with nginx before it for all tests of this folder."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from greetings.house import open_house
from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.operations.schema import migrate
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from tests.browser.site import Site
from tests.conftest import must_not_skip
from tests.factories import make_action
from tests.integration.proxy.fronts import Front, settings_of
from tests.servers import NginxServer


@pytest.fixture(scope="package")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    data = tmp_path_factory.mktemp("front") / "data"
    wire_rooms()
    house = open_house(load_settings({"GREETINGS_DATA": str(data)}))
    migrate(house.database)
    with house.database.work() as session:
        make_action(session, slug="example")
    with ExitStack() as opened:  # whatever fails, what was started before it ends
        opened.callback(house.close)
        site = Site.start(data, prints=False, GREETINGS_TRUSTED_PROXIES="1")
        opened.callback(site.stop)
        settings = settings_of(data, site)
        nginx = NginxServer.start(
            lambda user, folder, port: nginx_configuration(
                settings, ProxyPlace(user, folder, f"127.0.0.1:{port}"), house.keys
            )
        )
        if nginx is None:
            must_not_skip("There is no nginx on this machine: make system brings it.")
        assert nginx is not None
        opened.callback(nginx.stop)
        yield Front(house, site, nginx)
