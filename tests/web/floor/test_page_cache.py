"""Pages kept ready: quick for everyone, never a moment too long."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import brotli
import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import event, text, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, create_environ, run_wsgi_app

from greetings.actions.models import Action, ActionText
from greetings.app import create_app
from greetings.db.session import Database
from greetings.house import House, open_house
from greetings.keys import Keys
from greetings.settings import load_settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.web.headers import PAGE_CACHE, page_headers, proxy_word
from greetings.web.moments import LOOK_EVERY_SECONDS, Moments
from greetings.web.page_cache import Form, Page, PageCache, ProxyAdds
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.pages import PageClient

WALL = "/ales/be/greetings/"
PAGES = ("/ales/be/", WALL, f"{WALL}?kind=text", "/ales/en/privacy", "/ales/ru/posters/")
WORD = "рабіна"
NOTICED_SECONDS = 2.0


@contextmanager
def work_counted(app: Flask, house: House) -> Iterator[list[str]]:
    """What was asked of the database and which templates were filled in, in the block."""
    done: list[str] = []

    def statement(_connection, _cursor, sql, *_more) -> None:
        done.append(sql)

    def template(_app, template, **_more) -> None:
        done.append(template.name)

    event.listen(house.database.engine, "before_cursor_execute", statement)
    template_rendered.connect(template, app)
    try:
        yield done
    finally:
        event.remove(house.database.engine, "before_cursor_execute", statement)
        template_rendered.disconnect(template, app)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A client that takes answers as they come: squeezed, empty, with a cookie they shouldn't have."""
    return FlaskClient(app, app.response_class)


def make(house: House, action: Action, **facts: object) -> Greeting:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        return make_greeting(house, session, here, **{"text": WORD, **facts})  # type: ignore[arg-type]


def withdraw(house: House, greeting: Greeting) -> None:
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.WITHDRAW, actor="sender")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asked_for_again_touches_neither_database_nor_templates(
    app: Flask,
    client: PageClient,
    house: House,
    action: Action,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("greetings.web.moments.LOOK_EVERY_SECONDS", 60)  # the one look is another test's
    make(house, action)
    first = client.get(path)
    with work_counted(app, house) as done:
        second = client.get(path)
    assert done == []
    assert second.data == first.data
    assert second.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_the_query_belongs_to_the_page(client: PageClient, house: House, action: Action) -> None:
    make(house, action)
    assert WORD in client.get(WALL).get_data(as_text=True)
    assert WORD not in client.get(f"{WALL}?kind=photo").get_data(as_text=True)
    assert WORD in client.get(f"{WALL}?").get_data(as_text=True)


@pytest.mark.parametrize("path", PAGES)
def test_head_is_the_page_without_its_words(browser: FlaskClient, path: str) -> None:
    page = browser.get(path)
    head = browser.head(path)
    assert head.data == b""
    for name in ("Content-Length", "ETag", "Content-Type", "Cache-Control"):
        assert head.headers[name] == page.headers[name], name


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)]
)
def test_a_page_is_the_same_in_every_encoding(
    browser: FlaskClient, encoding: str, unpack: Callable[[bytes], bytes]
) -> None:
    plain = browser.get(WALL)
    squeezed = browser.get(WALL, headers={"Accept-Encoding": encoding})
    assert unpack(squeezed.data) == plain.data
    assert squeezed.headers.get("Content-Encoding", "identity") == encoding
    assert squeezed.headers["Vary"] == "Accept-Encoding"
    assert int(squeezed.headers["Content-Length"]) == len(squeezed.data)
    if encoding != "identity":
        assert squeezed.headers["ETag"] != plain.headers["ETag"]
        assert len(squeezed.data) < len(plain.data) / 2


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_who_has_a_page_is_not_sent_it_again(browser: FlaskClient, encoding: str) -> None:
    """Whichever encoding it came in."""
    tag = browser.get(WALL, headers={"Accept-Encoding": encoding}).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = browser.get(WALL, headers={"Accept-Encoding": encoding, "If-None-Match": known})
        assert (again.status_code, again.data) == (304, b""), known
        assert "Content-Length" not in again.headers
        assert again.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
        assert again.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert browser.get(WALL, headers={"If-None-Match": '"another"'}).status_code == 200


def test_style_sheets_come_squeezed_and_fonts_as_they_are(browser: FlaskClient) -> None:
    sheet = browser.get("/static/css/base.css?v=1", headers={"Accept-Encoding": "gzip, br"})
    assert sheet.headers["Content-Encoding"] == "br"
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"{" in brotli.decompress(sheet.data)
    icon = browser.get("/static/images/favicon.svg?v=1", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in icon.headers


def test_a_style_sheet_that_is_not_there_is_not_missing_for_a_year(client: PageClient) -> None:
    missing = client.get("/static/css/nothing.css?v=1")
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_what_this_process_changes_it_shows_at_once(client: PageClient, house: House, action: Action) -> None:
    assert WORD not in client.get(WALL).get_data(as_text=True)
    greeting = make(house, action)
    assert WORD in client.get(WALL).get_data(as_text=True)
    withdraw(house, greeting)
    assert WORD not in client.get(WALL).get_data(as_text=True)
    assert client.get(f"/ales/be/greetings/{greeting.id}").status_code == 410


def test_an_organisers_new_words_are_shown_at_once(client: PageClient, house: House, action: Action) -> None:
    client.get("/ales/be/privacy")
    with house.database.work() as session:
        words = session.get_one(ActionText, (action.id, "be"))
        words.words = {**words.words, "responsible": WORD}
    assert WORD in client.get("/ales/be/privacy").get_data(as_text=True)


def test_another_process_notices_a_publication_and_a_withdrawal_within_two_seconds(
    house_on_each_database: House,
) -> None:
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
    other_process = open_house(house.settings, house.clock)
    client = create_app(other_process.settings, other_process).test_client()
    try:
        assert WORD not in client.get(WALL).get_data(as_text=True)
        greeting = make(house, action)
        assert _is_noticed(lambda: WORD in client.get(WALL).get_data(as_text=True))
        permalink = f"/ales/be/greetings/{greeting.id}"
        assert client.get(permalink).status_code == 200
        withdraw(house, greeting)
        assert _is_noticed(lambda: WORD not in client.get(WALL).get_data(as_text=True))
        assert client.get(permalink).status_code == 410
    finally:
        other_process.close()


def _is_noticed(is_so: Callable[[], bool]) -> bool:
    """Whether whoever asks in time is told; how long the answer takes on a busy machine doesn't count."""
    began = asked = time.monotonic()
    while asked - began < NOTICED_SECONDS:
        if is_so():
            return True
        time.sleep(0.02)
        asked = time.monotonic()
    return is_so()


def test_at_midnight_where_the_prisoner_is_the_countdown_goes_on(
    client: PageClient, clock: TestClock
) -> None:
    """Not a minute later, as pages are kept otherwise."""
    clock.now = datetime(2026, 9, 18, 20, 59, 59, tzinfo=UTC)  # a second before midnight in Minsk
    before = client.get("/ales/en/").data
    assert client.get("/ales/en/").data == before
    clock.forward(seconds=1)
    assert client.get("/ales/en/").data != before


def test_a_form_is_never_kept(client: PageClient) -> None:
    """Its key is good for one sending: two visitors must not be given the same."""
    keys = {client.get("/ales/be/send").data for _ in range(2)}
    assert len(keys) == 2
    assert client.get("/ales/be/send").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/ales/be/nowhere", {}),
        ("/", {}),
        ("/desk/sign-in", {}),
        (WALL, {"Range": "bytes=0-1"}),
        (WALL, {"Authorization": "Basic x"}),
        (f"{WALL}?q={'x' * 400}", {}),
    ],
)
def test_what_is_not_everyones_is_made_each_time(
    app: Flask, client: PageClient, house: House, path: str, headers: dict[str, str]
) -> None:
    client.get(path, headers=headers)
    with work_counted(app, house) as done:
        client.get(path, headers=headers)
    assert done


def test_an_action_with_nearly_the_name_of_something_else_is_kept_as_well(
    app: Flask, client: PageClient, house: House
) -> None:
    with house.database.work() as session:
        for slug in ("desk-2027", "metrics-of-joy"):
            make_action(session, slug=slug)
    for path in ("/desk-2027/en/", "/metrics-of-joy/en/greetings/"):
        for _ in range(2):  # made, however long that takes here; then looked up at a moment just told
            client.get(path)
        with work_counted(app, house) as done:
            assert client.get(path).status_code == 200
        assert not done, path


def test_who_brings_a_cookie_is_answered_by_the_application(
    app: Flask, browser: FlaskClient, house: House
) -> None:
    browser.set_cookie("a", "b")
    browser.get(WALL)
    with work_counted(app, house) as done:
        browser.get(WALL)
    assert done


def test_an_answer_with_a_cookie_is_never_kept(app: Flask, browser: FlaskClient) -> None:
    """Even if somebody marked it by mistake."""
    asked = []

    @app.after_request
    def slip(response):
        asked.append(response.status_code)
        response.set_cookie("a", "b")
        return response

    for _ in range(2):
        browser.delete_cookie("a")
        browser.get(WALL)
    assert asked == [200, 200]


def test_an_answer_that_differs_from_visitor_to_visitor_is_never_kept(
    app: Flask, browser: FlaskClient
) -> None:
    """Whatever it differs by, but the encoding: that is asked for here."""
    asked = []

    @app.after_request
    def slip(response):
        asked.append(response.status_code)
        response.vary.add("Accept-Language")
        return response

    for _ in range(2):
        browser.get(WALL)
    assert asked == [200, 200]


def answered_anew(*asked: str, headers: tuple[tuple[str, str], ...], database: Database) -> list[str]:
    """Of addresses that are asked for twice, those that are made a second time."""
    made: list[str] = []

    def page(environ, start_response):
        made.append(environ["PATH_INFO"])
        start_response("200 OK", list(headers))
        return [b"page"]

    cache = PageCache(page, Moments(database, lambda: datetime.now(UTC)), 10_000_000)
    for path in asked * 2:
        run_wsgi_app(cache, create_environ(path))
    return [path for path in asked if made.count(path) > 1]


def test_the_desk_and_pictures_are_never_kept_whatever_their_answer_says(house: House) -> None:
    """A page of the desk that was marked as everyone's by mistake would be shown to everyone."""
    headers = (("Cache-Control", PAGE_CACHE), ("Content-Length", "4"))
    asked = ("/desk/queue", "/desk", "/media/a.webp", "/healthz", "/metrics", "/ales/be/", "/desk-2027/be/")
    assert answered_anew(*asked, headers=headers, database=house.database) == list(asked[:5])


@pytest.mark.parametrize(("length", "is_kept"), [("1000000", True), ("1000001", False), (None, False)])
def test_what_is_larger_than_a_page_or_does_not_say_is_not_kept(
    house: House, length: str | None, is_kept: bool
) -> None:
    headers = (("Cache-Control", PAGE_CACHE), *((("Content-Length", length),) if length else ()))
    anew = answered_anew("/ales/be/", headers=headers, database=house.database)
    assert (not anew) == is_kept


def test_without_a_word_from_the_database_nothing_is_answered_from_memory(
    house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    moments = Moments(house.database, house.clock, lambda: seconds[0])
    app.wsgi_app = PageCache(app.wsgi_app, moments, 1_000_000, seconds=lambda: seconds[0])  # type: ignore[method-assign]
    client = app.test_client()
    client.get(WALL)
    monkeypatch.setattr(house.database, "public_change", _no_answer)
    seconds[0] += LOOK_EVERY_SECONDS
    with work_counted(app, house) as done:
        client.get(WALL)
    assert done


def _no_answer() -> int:
    raise OperationalError("SELECT", {}, Exception("gone"))


def test_a_page_is_made_anew_after_a_minute_whatever_happened(house: House, action: Action) -> None:
    seconds = [0.0]
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    moments = Moments(house.database, house.clock, lambda: seconds[0])
    app.wsgi_app = PageCache(app.wsgi_app, moments, 1_000_000, seconds=lambda: seconds[0])  # type: ignore[method-assign]
    client = app.test_client()
    client.get(WALL)
    seconds[0] += 59
    with work_counted(app, house) as done:
        client.get(WALL)
    assert "gallery/wall.html" not in done
    seconds[0] += 2
    with work_counted(app, house) as done:
        client.get(WALL)
    assert "gallery/wall.html" in done


def test_a_flood_of_addresses_stays_within_its_bytes(house: House, action: Action) -> None:
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    cache = PageCache(app.wsgi_app, Moments(house.database, house.clock), most_bytes=50_000)
    app.wsgi_app = cache  # type: ignore[method-assign]
    client = app.test_client()
    for number in range(40):
        client.get(f"{WALL}?x={number}")
    assert 0 < cache._kept_bytes <= 50_000
    assert cache._kept_bytes == sum(page.size_bytes for page in cache._pages.values())


def test_a_page_during_whose_making_something_changed_is_not_kept(
    app: Flask, client: PageClient, house: House, action: Action
) -> None:
    changes = iter([True])

    @template_rendered.connect_via(app)
    def change(_app, **_more) -> None:
        if next(changes, False):
            make(house, action)

    assert WORD not in client.get(WALL).get_data(as_text=True)
    assert WORD in client.get(WALL).get_data(as_text=True)


def test_a_page_that_many_want_after_a_change_is_made_once(
    app: Flask, client: PageClient, house: House, action: Action
) -> None:
    client.get(WALL)
    make(house, action)
    made = []

    @template_rendered.connect_via(app)
    def slow(_app, template, **_more) -> None:
        if template.name == "gallery/wall.html":
            made.append(template.name)
            time.sleep(0.2)

    clients = [app.test_client() for _ in range(8)]
    threads = [threading.Thread(target=one.get, args=(WALL,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


# ---- what counts as a change


def number(house: House) -> int:
    return house.database.public_change()


def test_what_nobody_sees_leaves_the_pages_alone(house_on_each_database: House) -> None:
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
    before = number(house)
    waiting = make(house, action, state=State.PENDING, photos=1)
    make(house, action, state=State.REJECTED)
    with house.database.work() as session:
        greeting_to_change(session, waiting.id).name = "Іншая"
    assert number(house) == before


def test_what_visitors_see_raises_the_number_once_and_a_rollback_never(house_on_each_database: House) -> None:
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
    before = number(house)
    greeting = make(house, action, photos=2)
    assert number(house) == before + 1
    with house.database.work() as session:
        greeting_to_change(session, greeting.id).name = "Іншая"
    assert number(house) == before + 2
    make(house, action, granted={Use.EVENTS})  # for the screen alone
    assert number(house) == before + 3
    own = house.database.own_public_changes
    with house.database.session() as session:
        greeting_to_change(session, greeting.id).name = "Ніхто"
        session.flush()
    assert (number(house), house.database.own_public_changes) == (before + 3, own)
    with house.database.work() as session:
        session.execute(text("SELECT 1"))
    assert number(house) == before + 3


def test_what_nobody_sees_hides_nothing_that_was_written_before_it(house_on_each_database: House) -> None:
    """In the same transaction; what was taken back before it counts no more."""
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
    greeting = make(house, action)
    before = number(house)
    with house.database.work() as session:
        greeting_to_change(session, greeting.id).name = "Іншая"
        session.flush()
        make_greeting(house, session, session.get_one(Action, action.id), state=State.PENDING)
        session.flush()
    assert number(house) == before + 1
    with house.database.session() as session:
        greeting_to_change(session, greeting.id).name = "Ніхто"
        session.flush()
        session.rollback()
        make_greeting(house, session, session.get_one(Action, action.id), state=State.PENDING)
        session.commit()
    assert number(house) == before + 1


def test_a_table_that_says_nothing_counts_as_seen(house: House) -> None:
    before = number(house)
    with house.database.work() as session:
        make_action(session, slug="nasta")
    assert number(house) == before + 1
    with house.database.work() as session:
        session.execute(update(Action).values(jubilee_age=51))
    assert number(house) == before + 2


# ---- what lies at hand


ASKS = {"REQUEST_METHOD": "GET", "PATH_INFO": WALL, "QUERY_STRING": "", "HTTP_ACCEPT_ENCODING": "gzip, br"}


@pytest.fixture
def seconds() -> list[float]:
    return [0.0]


PROXY = ProxyAdds("said", frozenset(page_headers(load_settings({})).items()))


@pytest.fixture
def pages(house: House, action: Action, seconds: list[float]) -> PageCache:
    """A cache by a clock of its own in which the wall lies ready, squeezed."""
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    moments = Moments(house.database, house.clock, lambda: seconds[0])
    cache = PageCache(app.wsgi_app, moments, 1_000_000, PROXY, lambda: seconds[0])
    app.wsgi_app = cache  # type: ignore[method-assign]
    FlaskClient(app, app.response_class).get(WALL, headers={"Accept-Encoding": "gzip, br"})
    return cache


def test_what_lies_at_hand_is_what_the_page_is_otherwise(pages: PageCache, app: Flask) -> None:
    ready = pages.at_hand(ASKS)
    assert ready is not None
    asked = FlaskClient(app, app.response_class).get(WALL, headers={"Accept-Encoding": "gzip, br"})
    assert ready.data == asked.data
    assert sorted(ready.headers) == sorted(asked.headers)


@pytest.mark.parametrize("had", [{}, {"HTTP_IF_NONE_MATCH": "*"}])
def test_only_who_knows_the_word_gets_a_page_without_the_headers_of_every_page(
    pages: PageCache, had: dict[str, str]
) -> None:
    def said(**more: str) -> set[tuple[str, str]]:
        _, _, headers = run_wsgi_app(pages, create_environ(WALL) | ASKS | had | more)
        return set(headers)

    whole = said()
    assert whole > PROXY.headers
    assert said(HTTP_X_PROXY_ADDS_HEADERS="said") == whole - PROXY.headers
    for word in ("", "saic", "said ", "\xfe"):
        assert said(HTTP_X_PROXY_ADDS_HEADERS=word) == whole


def test_a_page_at_hand_leaves_out_what_the_proxy_adds(pages: PageCache) -> None:
    asks = ASKS | {"HTTP_X_PROXY_ADDS_HEADERS": PROXY.word}
    run_wsgi_app(pages, create_environ(WALL) | asks)
    bare, whole = pages.at_hand(asks), pages.at_hand(ASKS)
    assert bare is not None
    assert whole is not None
    assert set(bare.headers) == set(whole.headers) - PROXY.headers
    assert bare.data is whole.data


def test_a_page_with_a_policy_of_its_own_keeps_every_header() -> None:
    own = [
        *PROXY.headers - {("Referrer-Policy", "same-origin")},
        ("Referrer-Policy", "no-referrer"),
        ("Content-Type", "text/html"),
    ]
    page = Page(own, b"x" * 600, 0.0, PROXY.headers)
    assert set(page.body(Form("", is_bare=True)).headers) == {*own, ("Content-Length", "600")}


def test_the_word_changes_with_the_headers_and_with_the_secret(house: House) -> None:
    https = replace(house.settings, url="https://birthday.example")
    words = {
        proxy_word(house.settings, house.keys),
        proxy_word(https, house.keys),
        proxy_word(house.settings, Keys(b"s" * 32)),
    }
    assert len(words) == 3


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_COOKIE": "a=b"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_AUTHORIZATION": "Basic YQ=="},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_ACCEPT_ENCODING": "identity"},
        {"QUERY_STRING": "kind=text"},
        {"PATH_INFO": "/desk/"},
    ],
)
def test_whatever_is_not_the_most_ordinary_is_not_at_hand(pages: PageCache, more: dict[str, str]) -> None:
    assert pages.at_hand(ASKS | more) is None


def test_nothing_is_at_hand_after_a_change_of_ones_own(pages: PageCache, house: House) -> None:
    house.database.note_public_change()
    assert pages.at_hand(ASKS) is None


def test_a_page_of_before_is_not_kept_when_a_change_was_noticed_while_it_was_made(
    pages: PageCache, house: House
) -> None:
    make, changes = pages._app, [house.database.note_public_change]

    def make_slowly(environ, start_response):
        answer = make(environ, start_response)  # what it says was read before the change
        if changes:
            changes.pop()()
            pages._now()  # as another request does
        return answer

    pages._app = make_slowly
    pages.forget()
    for is_kept in (False, True):
        assert Client(pages).get(WALL, headers={"Accept-Encoding": "gzip, br"}).status_code == 200
        assert (pages.at_hand(ASKS) is not None) == is_kept


def test_nothing_is_at_hand_without_a_fresh_look_at_the_database(
    pages: PageCache, seconds: list[float]
) -> None:
    seconds[0] += LOOK_EVERY_SECONDS
    assert pages.at_hand(ASKS) is None


def test_nothing_is_at_hand_while_the_database_does_not_answer(
    pages: PageCache, house: House, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.database, "public_change", _no_answer)
    seconds[0] += LOOK_EVERY_SECONDS
    pages._moments.now()
    assert pages.at_hand(ASKS) is None


def test_nothing_of_an_earlier_moment_is_at_hand(
    pages: PageCache, house: House, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    change = house.database.public_change()
    monkeypatch.setattr(house.database, "public_change", lambda: change + 1)
    seconds[0] += LOOK_EVERY_SECONDS
    assert pages._moments.now() is not None  # somebody else has looked; the pages don't know yet
    assert pages.at_hand(ASKS) is None
