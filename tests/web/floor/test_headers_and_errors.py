"""What every answer carries, and what people read when something is not to be had."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from greetings.clock import to_the_hour
from greetings.house import House
from greetings.submissions.rules import State
from greetings.web.headers import CONTENT_SECURITY_POLICY
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.pages import PageClient

PUBLIC = ["", "send", "receipt", "greetings/", "posters/", "privacy"]
LANGUAGES = ["be", "en", "ru"]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_public_page_sets_no_cookie_and_carries_the_strict_policy(
    client: PageClient, path: str, language: str
):
    response = client.get(f"/ales/{language}/{path}")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("path", ["", "greetings/", "posters/", "privacy"])
def test_a_public_page_may_be_kept_by_a_proxy_and_asked_for_again(client: PageClient, path: str):
    first = client.get(f"/ales/be/{path}")
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    again = client.get(f"/ales/be/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["send", "receipt"])
def test_a_page_with_a_key_in_it_is_kept_by_nobody(client: PageClient, path: str):
    assert client.get(f"/ales/be/{path}").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/ales/{}/nowhere", "/ales/{}/greetings/nobody", "/nobody/{}/", "/ales/{}/posters/x.pdf"]
)
def test_what_is_not_there_is_said_in_the_language_of_the_path(client: PageClient, language: str, path: str):
    response = client.get(path.format(language))
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.get_data(as_text=True)
    assert response.headers["Cache-Control"] == "no-store"


def test_a_form_from_another_site_changes_nothing(client: PageClient):
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
    ):
        response = client.post("/ales/be/receipt", data={"code": "x", "do": "status"}, headers=headers)
        assert response.status_code == 403, headers
    own = client.post(
        "/ales/be/receipt", data={"code": "x", "do": "status"}, headers={"Origin": "http://localhost:8000"}
    )
    assert own.status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_over_the_limit_is_refused_unread_and_kindly(client: PageClient, language: str):
    response = client.post(
        f"/ales/{language}/send",
        data=b"x",
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"CONTENT_LENGTH": "60000001"},
    )
    assert response.status_code == 413
    page = response.get_data(as_text=True)
    back = {"be": "старонку назад", "en": "one page back", "ru": "страницу назад"}[language]
    assert back in page
    assert f'href="/ales/{language}/"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_finds_no_place_is_told_when_to_come_again(house, action, language: str):
    from greetings.app import create_app
    from greetings.web.arrivals import Places
    from tests.pages import PageClient

    app = create_app(house.settings, house, Places(large=1, small=1))
    app.test_client_class = PageClient
    first, second = app.test_client(), app.test_client()

    class Waiting:
        """A body during which somebody else comes."""

        answer = None

        def read(self, _size: int = -1, /) -> bytes:
            if self.answer is None:
                self.answer = second.post(f"/ales/{language}/receipt", data={"code": "x", "do": "status"})
            return b""

    waiting = Waiting()
    first.post(
        f"/ales/{language}/receipt",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input": waiting, "CONTENT_LENGTH": "5"},
    )
    assert waiting.answer is not None
    assert waiting.answer.status_code == 503
    assert waiting.answer.headers["Retry-After"] == "15"
    assert "15" in waiting.answer.get_data(as_text=True)


def test_an_unforeseen_error_is_a_calm_page_and_a_line_without_content(
    app: Flask, client: PageClient, monkeypatch, capsys
):
    def fail() -> None:
        raise ValueError("Ганна, Вільня, 192.0.2.1")

    monkeypatch.setitem(app.view_functions, "operations.healthz", fail)
    response = client.get("/healthz")
    assert response.status_code == 500
    told = capsys.readouterr()
    assert "ValueError" in told.out + told.err
    assert "Ганна" not in told.out + told.err
    assert "Ганна" not in response.get_data(as_text=True)


def test_where_no_template_can_be_filled_words_without_one_are_said(app: Flask, monkeypatch, capsys):
    """A layout that is broken takes the page of its own error along."""

    def fail() -> str:
        raise ValueError("Ганна, Вільня, 192.0.2.1")

    monkeypatch.setitem(app.jinja_env.globals, "static_url", lambda _path: fail())
    client = FlaskClient(app, app.response_class)
    for path, status in (("/ales/be/receipt", 500), ("/no/where", 404), ("/desk/sign-in", 500)):
        response = client.get(path)
        assert response.status_code == status
        assert "Калі ласка, паспрабуйце" in response.get_data(as_text=True)
        assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    told = capsys.readouterr()
    assert "the page of an error could not be made" in told.out + told.err
    assert "Ганна" not in told.out + told.err
    assert "Traceback" not in told.out + told.err


@pytest.mark.parametrize(
    ("trouble", "status", "title", "line"),
    [
        (
            OperationalError("COMMIT", {}, Exception("database or disk is full")),
            507,
            "shelves are full",
            "disk is full",
        ),
        (
            OperationalError("COMMIT", {}, Exception("database is locked")),
            503,
            "reach our shelves",
            "not available",
        ),
        (NoConnectionFree(), 503, "reach our shelves", "not available"),
    ],
    ids=["full", "locked", "none free"],
)
def test_a_commit_that_fails_is_told_as_what_it_is(
    client: PageClient, monkeypatch, capsys, trouble: Exception, status: int, title: str, line: str
):
    commit, fails = Session.commit, iter([True])

    def fail_once(session: Session) -> None:
        if next(fails, False):
            raise trouble
        commit(session)

    monkeypatch.setattr(Session, "commit", fail_once)
    response = client.get("/ales/en/receipt")
    assert response.status_code == status
    assert title in response.get_data(as_text=True)
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    assert line in told.out + told.err


def test_the_figures_are_for_the_loopback_only(client: PageClient):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


def test_each_figure_says_that_it_goes_up_and_down(client: PageClient):
    said = client.get("/metrics").get_data(as_text=True)
    lines = said.splitlines()
    for kind, figure in zip(lines[::2], lines[1::2], strict=True):
        name, number = figure.split(" ")
        assert kind == f"# TYPE {name} gauge"
        assert int(number) >= 0
    assert "greetings_public_total 0" in lines
    assert said.endswith("\n")


def test_the_figures_tell_nobody_at_which_moment_something_came(
    client: PageClient, house: House, clock: TestClock
):
    """Monitoring asks every few seconds, and keeps what it hears for years."""

    def waiting() -> int:
        said = client.get("/metrics").get_data(as_text=True)
        return int(re.findall(r"^greetings_pending_total (\d+)$", said, re.MULTILINE)[0])

    clock.now = to_the_hour(clock.now)
    assert waiting() == 0
    with house.database.work() as session:
        make_greeting(house, session, make_action(session, slug="example"), state=State.PENDING)
    clock.forward(minutes=59)
    assert waiting() == 0
    clock.forward(minutes=1)
    assert waiting() == 1


def test_the_switch_of_languages_stays_on_the_page(client: PageClient):
    page = client.get("/ales/be/greetings/?kind=photo&country=LT").get_data(as_text=True)
    for language in LANGUAGES:
        assert f'href="/ales/{language}/greetings/?kind=photo&amp;country=LT"' in page


def test_the_host_header_is_never_trusted(client: PageClient):
    for path in ("/", "/ales/be/", "/desk/sign-in"):
        response = client.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in response.get_data(as_text=True)
        assert "evil.example" not in response.headers.get("Location", "")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/ales/be/nobody-here", 404), ("GET", "/ales/nowhere", 404), ("POST", "/ales/ru/privacy", 405)],
)
def test_who_is_lost_below_an_action_finds_its_doors(
    client: PageClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    language = re.search(r'<html lang="(\w\w)"', answer.get_data(as_text=True))
    assert language
    for door in ("", "greetings/", "posters/", "privacy"):
        assert f'href="/ales/{language[1]}/{door}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/nobody/be/x", "/x.php", "/desk-x/be/x", "//ales/be/"])
def test_who_is_lost_elsewhere_finds_the_first_page(client: PageClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'href="/"' in answer.get_data(as_text=True)
    assert "/greetings/" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_from_elsewhere_is_told_so_and_not_of_a_key(client: PageClient, language: str) -> None:
    """Outside the desk nobody needs a key: what is refused came from another page, or by another name."""
    answer = client.post(f"/ales/{language}/send", headers={"Origin": "https://evil.example"})
    said = {"be": "праз іншыя дзверы", "en": "by another door", "ru": "через другую дверь"}[language]
    assert answer.status_code == 403
    assert said in answer.get_data(as_text=True)
    assert f'href="/ales/{language}/"' in answer.get_data(as_text=True)


def test_who_was_signed_out_is_led_to_the_door_and_loses_nothing(client: PageClient) -> None:
    answer = client.post("/desk/greetings/any/note", data={"note": "typed by hand"})
    assert answer.status_code == 401
    assert 'class="btn primary" href="/desk/sign-in?next=/desk/greetings/any"' in answer.get_data(
        as_text=True
    )
    assert "Copy it from here" in answer.get_data(as_text=True)
    assert "typed by hand</textarea>" in answer.get_data(as_text=True)
