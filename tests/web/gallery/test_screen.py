"""The screen at events: what its sender agreed to show there, nothing else, and gone when taken back."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from greetings.actions.models import Action
from greetings.gallery import screen_queries
from greetings.gallery.screen_queries import find_screen_greeting, find_screen_picture, slides_of
from greetings.house import House
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, set_uses, take_step
from tests.conftest import TestClock
from tests.factories import make_greeting
from tests.pages import PageClient

ONLY_EVENTS = frozenset({Use.EVENTS, Use.POST})
SHOWN = re.compile(r'data-slide="([a-z0-9-]*)"')
REFRESH = re.compile(r'<meta http-equiv="refresh" content="(\d+); url=([^"]+)">')


def make(house: House, action: Action, **facts: Any) -> Greeting:
    with house.database.work() as session:
        return make_greeting(house, session, session.get_one(Action, action.id), **facts)


def slides(client: PageClient) -> list[str]:
    answer = client.get("/ales/be/screen.json")
    assert answer.json is not None
    names: list[str] = answer.json["slides"]
    return names


def picture(client: PageClient, greeting: Greeting) -> int:
    return client.get(f"/ales/be/screen/{greeting.id}-0.webp").status_code


def test_consent_to_events_is_enough_for_the_screen_and_not_for_the_wall(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action, granted=ONLY_EVENTS, photos=2, text="толькі для залы")
    assert slides(client) == [f"{greeting.id}-0", f"{greeting.id}-1"]
    page = client.get(f"/ales/be/screen?show={greeting.id}-1").get_data(as_text=True)
    assert "толькі для залы" in page
    assert picture(client, greeting) == 200
    assert "толькі для залы" not in client.get("/ales/be/greetings/").get_data(as_text=True)
    assert client.get(f"/ales/be/greetings/{greeting.id}").status_code == 404


def test_an_evening_has_only_the_newest_of_many(
    client: PageClient, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_queries, "MOST_GREETINGS", 2)
    _oldest, older, newest = (make(house, action, photos=photos) for photos in (0, 0, 2))
    assert slides(client) == [f"{newest.id}-0", f"{newest.id}-1", f"{older.id}-w"]


def test_its_pictures_are_not_in_the_public_store(client: PageClient, house: House, action: Action) -> None:
    make(house, action, granted=ONLY_EVENTS, photos=1)
    assert not list(house.storage.files("public"))
    with house.database.reading() as session:
        photo = session.scalars(select(Photo)).one()
        assert photo.public_name is None
        assert client.get(f"/media/{photo.private_name}-display.webp").status_code == 404


@pytest.mark.parametrize(
    "facts",
    [
        {"granted": frozenset({Use.GALLERY, Use.POST, Use.PRESS})},
        {"disallowed": frozenset({Use.EVENTS})},
        {"state": State.PENDING},
        {"state": State.REJECTED},
        {"state": State.WITHDRAWN},
        {"state": State.ERASED},
    ],
)
def test_whatever_is_not_for_events_is_nowhere_on_the_screen(
    client: PageClient, house: House, action: Action, facts: dict[str, Any]
) -> None:
    greeting = make(house, action, photos=1, text="не для залы", **facts)
    assert slides(client) == []
    asked = client.get(f"/ales/be/screen?show={greeting.id}-0").get_data(as_text=True)
    assert "не для залы" not in asked
    assert SHOWN.findall(asked) == [""]
    assert picture(client, greeting) == 404


def test_a_hidden_action_has_no_screen(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action, photos=1)
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    for path in ("screen", "screen.json", f"screen/{greeting.id}-0.webp"):
        assert client.get(f"/ales/be/{path}").status_code == 404


def test_another_actions_greeting_is_not_shown(client: PageClient, house: House, action: Action) -> None:
    from tests.factories import make_action

    with house.database.work() as session:
        greeting = make_greeting(house, session, make_action(session, "maria"), photos=1)
    assert slides(client) == []
    assert picture(client, greeting) == 404


@pytest.mark.parametrize("way", ["withdraw", "take back the consent", "disallow", "reopen"])
def test_what_is_taken_back_leaves_the_screen_at_once(
    client: PageClient, house: House, action: Action, way: str
) -> None:
    greeting = make(house, action, photos=1)
    assert picture(client, greeting) == 200
    with house.database.work() as session:
        row = greeting_to_change(session, greeting.id)
        if way == "withdraw":
            take_step(house, session, row, Step.WITHDRAW, actor="sender")
        elif way == "reopen":
            take_step(house, session, row, Step.REOPEN, actor="m" * 20)
        elif way == "disallow":
            set_uses(house, session, row, actor="m" * 20, disallowed={Use.EVENTS})
        else:
            set_uses(house, session, row, actor="sender", granted=row.granted - {Use.EVENTS})
        assert row.screen_sequence is None
    assert slides(client) == []
    assert picture(client, greeting) == 404


@pytest.mark.parametrize(
    "fact",
    [
        {"granted": frozenset({Use.GALLERY})},
        {"disallowed": frozenset({Use.EVENTS})},
        {"state": State.REJECTED},
        {"screen_sequence": None},
    ],
)
def test_rows_that_disagree_are_not_shown(
    client: PageClient, house: House, action: Action, fact: dict[str, Any]
) -> None:
    """The place in the order alone opens nothing: state and consent are asked each time, and without a place
    nothing is shown either.
    """
    greeting = make(house, action, photos=1)
    with house.database.work() as session:
        session.execute(update(Greeting).where(Greeting.sequence == greeting.sequence).values(fact))
    assert slides(client) == []
    assert picture(client, greeting) == 404


def test_rows_of_a_hidden_action_are_not_shown_whatever_they_say(house: House, action: Action) -> None:
    greeting = make(house, action, photos=1)
    with house.database.work() as session:
        assert slides_of(session, action.id)
        session.get_one(Action, action.id).is_public = False
        assert slides_of(session, action.id) == []
        assert find_screen_greeting(session, action.id, greeting.id) is None
        assert find_screen_picture(session, action.id, greeting.id, 0) is None


def test_the_newest_comes_first_also_when_it_was_decided_late(
    client: PageClient, house: House, action: Action
) -> None:
    waiting = make(house, action, state=State.PENDING)
    early = make(house, action)
    assert slides(client) == [f"{early.id}-w"]
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, waiting.id), Step.APPROVE, actor="m" * 20)
    assert slides(client) == [f"{waiting.id}-w", f"{early.id}-w"]


def test_without_a_script_the_page_goes_through_everything_and_begins_again(
    client: PageClient, house: House, action: Action
) -> None:
    for _ in range(3):
        make(house, action)
    wanted = slides(client)
    path, seen = "/ales/be/screen", []
    for _ in range(4):
        page = client.get(path).get_data(as_text=True)
        seen += SHOWN.findall(page)
        found = REFRESH.search(page)
        assert found
        assert 9 <= int(found[1]) <= 40
        path = found[2].replace("&amp;", "&")
    assert seen == [*wanted, wanted[0]]


def test_without_a_script_it_can_be_stopped(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    page = client.get(f"/ales/en/screen?show={greeting.id}-w&still=1").get_data(as_text=True)
    assert not REFRESH.search(page)
    assert "Go on" in page


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_an_evening_begins_with_an_empty_screen_that_shows_the_way(
    client: PageClient, action: Action, language: str
) -> None:
    page = client.get(f"/ales/{language}/screen").get_data(as_text=True)
    assert '<svg viewBox="0 0' in page
    assert 'class="qr"' in page
    assert f"title {language}" in page
    assert REFRESH.search(page)


def test_the_names_are_asked_for_often_and_sent_only_when_they_changed(
    client: PageClient, house: House, action: Action
) -> None:
    first = client.get("/ales/be/screen.json")
    assert first.headers["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/ales/be/screen.json", headers=tag).status_code == 304
    make(house, action)
    assert client.get("/ales/be/screen.json", headers=tag).status_code == 200


def test_the_frame_asks_for_a_new_page_at_midnight_in_minsk(client: PageClient, clock: TestClock) -> None:
    def frame() -> str:
        answer = client.get("/ales/be/screen.json").json
        assert answer is not None
        return str(answer["frame"])

    clock.now = clock.now.replace(hour=20, minute=59)
    before = frame()
    clock.forward(minutes=1)
    assert frame() != before


def test_the_screen_is_for_halls_and_not_for_search_engines(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action, photos=1)
    for path in ("screen", f"screen/{greeting.id}-0.webp"):
        assert client.get(f"/ales/be/{path}").headers["X-Robots-Tag"] == "noindex"
    for path in ("", "greetings/", "posters/", f"greetings/{greeting.id}", "privacy"):
        assert "/screen" not in client.get(f"/ales/be/{path}").get_data(as_text=True)


@pytest.mark.parametrize(
    "name", ["x", "0" * 20 + "-0", "../../etc/passwd", "%2e%2e", "0" * 20 + "-99", "0" * 20 + "-w"]
)
def test_no_other_name_opens_anything(client: PageClient, name: str) -> None:
    assert client.get(f"/ales/be/screen/{name}.webp").status_code == 404
    assert client.get("/ales/be/screen", query_string={"show": name}).status_code == 200
