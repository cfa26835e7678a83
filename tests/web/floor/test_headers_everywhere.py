"""Each header, value by value, on every route for nobody and for an organiser, and on every page of an error."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import default_exceptions
from werkzeug.test import TestResponse

from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.app import create_app
from greetings.house import House
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.web.permissions import PERMISSIONS, Access
from tests.factories import make_greeting
from tests.web.floor.test_every_door_in_every_role import Visitor, come, doors, values

__all__ = ["come", "values"]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EXPECTED = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), "
    "xr-spatial-tracking=()",
}
# the one page that others may show inside theirs
EMBEDDED = EXPECTED | {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
# pictures that are public anyway: feed readers and previews of links show them
PICTURE = EXPECTED | {"Cross-Origin-Resource-Policy": "cross-origin"}
OWN = (
    (re.compile(r"/embed/ales/(?:be|en|ru)/strip"), EMBEDDED),
    (re.compile(r"/embed/ales/(?:be|en|ru)/(?:greetings/\w+/)?card\.jpg"), PICTURE),
    (re.compile(r"/media/\w+-(?:thumb|display)\.webp"), PICTURE),
)
KEPT = {
    "no-store",
    "no-cache",  # the screen: kept for a lost network, never shown without asking
    "public, max-age=0, s-maxage=1",
    "public, max-age=300",
    "public, max-age=31536000, immutable",
}


def assert_headers(response: TestResponse, transport: str | None = None) -> None:
    where = f"{response.request.method} {response.request.path} {response.status_code}"
    expected = EXPECTED
    if response.request.method in {"GET", "HEAD"} and response.status_code < 400:
        expected = next((own for path, own in OWN if path.fullmatch(response.request.path)), EXPECTED)
    for name, value in expected.items():
        assert response.headers.getlist(name) == [value], f"{where}: {name}"
    assert response.headers.get("Strict-Transport-Security") == transport, where
    assert response.headers.get("Cache-Control") in KEPT, where
    if not response.request.path.startswith("/desk"):
        assert "Set-Cookie" not in response.headers, where
    else:
        assert response.headers["Cache-Control"] == "no-store", where
    if response.request.path.startswith("/desk/"):  # a redirect and a picture have no page that could say it
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow", where
    if response.status_code >= 400:
        assert response.headers["Cache-Control"] == "no-store", where


def bare(app: Flask) -> FlaskClient:
    """A client that checks nothing by itself."""
    return FlaskClient(app, app.response_class)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT"])
def test_every_route_carries_them_for_anybody(app: Flask, values: dict[str, Any], method: str) -> None:
    client = bare(app)
    for _, path, _ in doors(app, values):
        assert_headers(client.open(path, method=method))


def test_every_page_and_file_that_is_there_carries_them(app: Flask, house: House, action: Action) -> None:
    """With something real behind each address, so that none of them is but a page of an error."""
    with house.database.work() as session:
        shown = make_greeting(house, session, session.get_one(Action, action.id), photos=1)
    known: dict[str, Any] = {
        "action_slug": "ales", "slug": "ales", "language": "be", "greeting_id": shown.id, "number": 0,
        "filename": "css/tokens.css",
    }  # fmt: skip
    names = {
        "gallery.media": f"{shown.photos[0].public_name}-thumb.webp",
        "posters.file": "letter-be-a4.pdf",
        "screen.picture": f"{shown.id}-0",
    }
    adapter, client, opened = app.url_map.bind("localhost"), bare(app), set()
    for rule in app.url_map.iter_rules():
        if PERMISSIONS[rule.endpoint] is not Access.PUBLIC or rule.rule.startswith("/desk"):
            continue
        facts = {name: known.get(name, names.get(rule.endpoint)) for name in rule.arguments}
        path = adapter.build(rule.endpoint, facts, method="GET")
        for method in ("GET", "HEAD"):
            answer = client.open(path, method=method)
            assert answer.status_code < 400, f"{rule.endpoint}: {path}"
            assert_headers(answer)
        opened.add(rule.endpoint)
    assert len(opened) > 20


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ORGANISER])
def test_every_route_carries_them_for_the_team(
    app: Flask, values: dict[str, Any], come: Callable[..., Visitor], role: Role
) -> None:
    client, _token = come(role)
    for method, path, _ in doors(app, values):
        if method == "GET":
            assert_headers(client.get(path, headers={"Accept": "text/html"}))


@pytest.mark.parametrize("code", sorted(code for code in default_exceptions if code != 401))
def test_every_error_page_carries_them(app: Flask, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setitem(app.view_functions, "operations.healthz", lambda: abort(code))
    response = bare(app).get("/healthz")
    assert response.status_code == code
    assert_headers(response)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ales/be/",
        "/static/css/base.css?v=1",
        "/static/x",
        "/media/x",
        "/desk/sign-in",
        "/no/where/at/all",
    ],
)
def test_over_tls_it_is_said_to_stay_there(house: House, action: object, path: str) -> None:
    safe = create_app(replace(house.settings, url="https://birthday.example"), house)
    assert_headers(bare(safe).get(path), transport="max-age=63072000; includeSubDomains")


def test_a_page_from_memory_and_a_page_one_has_carry_them_too(app: Flask) -> None:
    client = bare(app)
    for _ in range(2):
        response = client.get("/ales/be/", headers={"Accept-Encoding": "br"})
        assert_headers(response)
    assert_headers(client.get("/ales/be/", headers={"If-None-Match": response.headers["ETag"]}))


@pytest.mark.parametrize("host", ["evil.example", "a" * 64, "a..b", "", "[::1", "a b"])
@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/ales/be/", 200, None),
        ("/ales/be//greetings/", 308, "/ales/be/greetings/"),
        ("/ales/be/greetings?kind=text", 308, "/ales/be/greetings/?kind=text"),
        ("/static//css/base.css", 308, "/static/css/base.css"),
        ("/desk/queue", 302, "/desk/sign-in?next=/desk/queue"),
    ],
)
def test_whatever_name_a_request_is_sent_to_is_not_looked_at(
    app: Flask, host: str, path: str, status: int, location: str | None
) -> None:
    """Some of them can't even be read as a name."""
    response = bare(app).get(path, headers={"Host": host, "Accept": "text/html"})
    assert (response.status_code, response.headers.get("Location")) == (status, location)
    assert_headers(response)
    assert "evil.example" not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/ales/be/", "/ales/be//greetings/", "/desk/queue", "/ales/en/feed.atom"])
@pytest.mark.parametrize(
    ("header", "word"), [("Host", "evil.example"), ("Port", "81"), ("Prefix", "/evil"), ("Proto", "gopher")]
)
def test_of_a_proxy_we_trust_we_believe_whose_address_it_is_and_no_other_word(
    house: House, action: Action, path: str, header: str, word: str
) -> None:
    """Many pass on what a visitor wrote there, and a page with that in its links would be kept for all."""
    behind = bare(create_app(replace(house.settings, trusted_proxies=1), house))
    asks = {"Accept": "text/html", "X-Forwarded-For": "198.51.100.7"}
    told = behind.get(path, headers={**asks, f"X-Forwarded-{header}": word})
    plain = bare(create_app(replace(house.settings, trusted_proxies=1), house)).get(path, headers=asks)
    assert (told.status_code, told.headers.get("Location")) == (
        plain.status_code,
        plain.headers.get("Location"),
    )
    assert told.data == plain.data
    assert told.status_code in {200, 302, 308}


def test_only_the_strip_may_be_framed_and_only_while_there_is_one(app: Flask, house: House) -> None:
    client = bare(app)
    for _ in range(2):
        response = client.get("/embed/ales/be/strip", headers={"Accept-Encoding": "br"})
        assert_headers(response)
    assert_headers(client.get("/embed/ales/be/strip", headers={"If-None-Match": response.headers["ETag"]}))
    with house.database.work() as session:
        session.scalars(select(Action)).one().is_public = False
    response = client.get("/embed/ales/be/strip")
    assert response.status_code == 404
    assert response.headers["Content-Security-Policy"] == CSP


def test_only_pictures_that_are_public_are_shown_elsewhere_and_only_while_they_are(
    app: Flask, house: House, action: Action
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        greeting = make_greeting(house, session, here, photos=1)
        waiting = make_greeting(house, session, here, photos=1, state=State.PENDING)
    client = bare(app)
    media = f"/media/{greeting.photos[0].public_name}"
    public = [f"{media}-thumb.webp", f"{media}-display.webp", "/embed/ales/be/card.jpg"]
    public += [f"/embed/ales/ru/greetings/{greeting.id}/card.jpg"]
    for path in public:
        answers = [client.get(path, headers={"Accept-Encoding": "br"}) for _ in range(2)]
        answers += [
            client.head(path),
            client.get(path, headers={"If-None-Match": answers[0].headers["ETag"]}),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 304], path
        for answer in answers:
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin", path
            assert_headers(answer)
    slide = client.get(f"/ales/be/screen/{greeting.id}-0.webp")
    assert slide.status_code == 200, "there by another consent: at events, not anywhere"
    refused = [
        client.get(f"/media/{waiting.photos[0].private_name}-thumb.webp"),
        client.get(f"/embed/ales/be/greetings/{waiting.id}/card.jpg"),
    ]
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.WITHDRAW, actor="sender")
    refused += [client.get(path) for path in (public[0], public[1], public[3])]
    assert [answer.status_code for answer in refused] == [404, 404, 410, 410, 410]
    for answer in (slide, *refused):
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", answer.request.path
        assert_headers(answer)
