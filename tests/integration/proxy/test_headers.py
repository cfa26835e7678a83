"""Whatever is asked for, what comes through nginx carries what the program says."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from werkzeug.routing import IntegerConverter

from greetings.app import create_app
from greetings.operations.proxy import PUBLIC, ProxyPlace, nginx_configuration
from greetings.submissions.files import PUBLIC_RENDITIONS, public_file_name
from greetings.submissions.models import Greeting
from greetings.web.headers import EMBEDDED, FIXED
from tests.integration.proxy.fronts import SECONDS, Front, assert_headers, settings_of
from tests.servers import NginxServer

ALIKE = (*FIXED, *EMBEDDED, "Strict-Transport-Security", "Cache-Control", "Content-Type", "Vary")
Answer = tuple[int, dict[str, list[str]]]  # its status, and what it says of each of these
# each says some of them in its own way
ON_PAGES_OF_OTHERS = ("strip", "strip?look=dark", "card.jpg", "greetings/{}/card.jpg")


@pytest.fixture
def greeting(front: Front) -> Greeting:
    return front.make(photos=1, text="віншую")


@pytest.fixture
def without_pictures(front: Front) -> Iterator[NginxServer]:
    """nginx that may not read the folder of public pictures."""
    settings = settings_of(front.house.settings.data, front.site)
    server = NginxServer.start(
        lambda user, folder, port: nginx_configuration(
            settings, ProxyPlace(user, folder, f"127.0.0.1:{port}"), front.house.keys
        ).replace(str(settings.files / PUBLIC), str(folder / "unused"))
    )
    assert server is not None
    yield server
    server.stop()


def _asked(url: str, **headers: str) -> Answer:
    with requests.get(url, headers=headers, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
        return answer.status_code, {name: answer.raw.headers.getlist(name) for name in ALIKE}


def _without_more_care(own: Answer, through: Answer) -> Answer:
    """nginx may say of an answer that it depends on how an encoding is asked for where the program knows that it
    comes in one form only: whoever keeps it keeps it once more, and nothing else.
    """
    varies = [value for value in through[1]["Vary"] if value != "Accept-Encoding"]
    return through if own[1]["Vary"] != varies else (through[0], through[1] | {"Vary": varies})


def _doors(front: Front, greeting: Greeting) -> Iterator[str]:
    """The path of every route that can be asked for, with something real for the names in it."""
    known: dict[str, Any] = {
        "greeting_id": greeting.id,
        "action_slug": "example",
        "slug": "example",
        "language": "en",
        "name": public_file_name(greeting.photos[0].public_name or "", PUBLIC_RENDITIONS[0]),
        "filename": "css/base.css",
    }
    routes = create_app(front.house.settings, front.house).url_map
    adapter = routes.bind("localhost")
    for rule in routes.iter_rules():
        if "GET" in (rule.methods or set()) and rule.rule != "/metrics":  # which is for neighbours alone
            facts = {
                name: known.get(name, 1 if isinstance(rule._converters[name], IntegerConverter) else "x")
                for name in rule.arguments
            }
            yield adapter.build(rule.endpoint, facts)


def test_every_route_carries_through_nginx_what_the_program_says(front: Front, greeting: Greeting) -> None:
    paths = list(_doors(front, greeting))
    assert len(paths) > 50
    other = {
        path: (own, through)
        for path in paths
        if (own := _asked(front.site.url + path))
        != (through := _without_more_care(own, _asked(front.nginx.url + path)))
    }
    assert other == {}


@pytest.mark.parametrize("path", ON_PAGES_OF_OTHERS)
def test_what_pages_of_others_show_keeps_its_own_headers(front: Front, greeting: Greeting, path: str) -> None:
    path = f"/embed/example/be/{path.format(greeting.id)}"
    own = _asked(front.site.url + path)
    assert own[1]["Cross-Origin-Resource-Policy"] == ["cross-origin"]
    for _ in range(2):  # made by the program, and from nginx's cache
        assert _asked(front.nginx.url + path) == own
    tag = {"If-None-Match": "*"}
    assert _asked(front.nginx.url + path, **tag) == _asked(front.site.url + path, **tag)


@pytest.mark.parametrize(
    "path",
    [
        "/embed/nowhere/be/strip",
        "/embed/nowhere/be/card.jpg",
        "/embed/example/xx/strip",
        "/embed/example/be/strip/",
        "/embed/example/be//strip",
        "/embed/example/be/x/../strip",
        "/embed/example/be/str%69p",
        "/embed/example/be/greetings/nobody/card.jpg",
        "/embed/example/be/greetings/strip",
    ],
)
def test_what_is_nearly_called_so_carries_what_the_program_says(front: Front, path: str) -> None:
    own, through = (_sent_as_it_is(url + path) for url in (front.site.url, front.nginx.url))
    assert _without_more_care(own, through) == own


def _sent_as_it_is(url: str) -> Answer:
    """requests would tidy the path."""
    session = requests.Session()
    request = session.prepare_request(requests.Request("GET", url))
    request.url = url
    answer = session.send(request, timeout=SECONDS, allow_redirects=False)
    return answer.status_code, {name: answer.raw.headers.getlist(name) for name in ALIKE}


def test_pictures_that_nginx_may_not_read_come_through_the_program_with_its_headers(
    front: Front, greeting: Greeting, without_pictures: NginxServer
) -> None:
    path = f"/media/{public_file_name(greeting.photos[0].public_name or '', PUBLIC_RENDITIONS[0])}"
    answer = requests.get(without_pictures.url + path, timeout=SECONDS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert not answer.headers["ETag"].startswith('"0-'), "which only a file has"
    assert_headers(answer, is_picture=True)
    assert _asked(without_pictures.url + path) == _asked(front.site.url + path)
