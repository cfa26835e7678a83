"""Organisers set up actions: adding, editing, showing and hiding, and two of them at once."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.actions.queries import find_action
from greetings.actions.rules import ActionState
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.submissions.models import Greeting
from tests.factories import make_greeting
from tests.members import sign_in
from tests.pages import PageClient


class Organiser:
    """Somebody at the desk, with a browser and the token of their session."""

    def __init__(self, client: PageClient, csrf_token: str) -> None:
        self.client = client
        self.csrf_token = csrf_token

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, fields: dict[str, str]) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.csrf_token, **fields})


@pytest.fixture
def seat(app: Flask, house: House) -> Callable[[Role], Organiser]:
    def take(role: Role) -> Organiser:
        client, _, csrf_token = sign_in(app, house, role, email=f"{role.value}@desk.example")
        assert isinstance(client, PageClient)
        return Organiser(client, csrf_token)

    return take


@pytest.fixture
def vera(seat: Callable[[Role], Organiser]) -> Organiser:
    return seat(Role.ORGANISER)


def kept(house: House, slug: str = "ales") -> Action:
    with house.database.reading() as session:
        action = find_action(session, slug)
        assert action is not None
        session.expunge_all()
        return action


def fields_of(action: Action, **changed: str) -> dict[str, str]:
    """The editor's fields as a browser sends them back unchanged, but for those given; None leaves one out."""
    texts = {
        f"{text.language}_{name}": words.replace("\n", "\r\n")
        for text in action.texts
        for name, words in text.words.items()
    }
    facts = {
        "version": str(action.version),
        "state": action.state.value,
        "born_on": action.born_on.isoformat(),
        "jubilee_age": str(action.jubilee_age),
        "time_zone": action.time_zone,
        "is_public": "1",
    }
    return {**facts, **texts, **changed}


def test_the_editor_shows_every_text_in_three_languages(vera: Organiser, action: Action) -> None:
    html = vera.get("/desk/actions/ales").get_data(as_text=True)
    for text in action.texts:
        for name in text.words:
            assert f'name="{text.language}_{name}"' in html


def test_saving_without_a_change_changes_no_text(vera: Organiser, house: House, action: Action) -> None:
    before = {text.language: text.words for text in kept(house).texts}
    response = vera.post("/desk/actions/ales", fields_of(action))
    assert (response.status_code, response.headers["Location"]) == (303, "/desk/actions/ales?saved=")
    assert {text.language: text.words for text in kept(house).texts} == before
    assert "Saved" in vera.get("/desk/actions/ales?saved=").get_data(as_text=True)


def test_of_a_hidden_action_nobody_is_told_that_its_pages_show_what_was_saved(
    vera: Organiser, action: Action
) -> None:
    vera.post("/desk/actions/ales", {**fields_of(action), "is_public": ""})
    html = vera.get("/desk/actions/ales?saved=").get_data(as_text=True)
    assert "Nobody outside sees it" in html
    assert "The pages show it now" not in html


def test_what_an_organiser_writes_is_on_the_page_at_once(
    vera: Organiser, client: PageClient, house: House, action: Action
) -> None:
    vera.post("/desk/actions/ales", fields_of(action, en_title="Many happy returns!", state="closed"))
    html = client.get("/ales/en/").get_data(as_text=True)
    assert "Many happy returns!" in html
    assert "/send" not in html


def test_a_line_that_was_broken_in_its_growing_field_is_one_line_again(
    vera: Organiser, house: House, action: Action
) -> None:
    vera.post("/desk/actions/ales", fields_of(action, en_eyebrow="25 September,\r\npenal colony\r\n"))
    assert {text.language: text.words for text in kept(house).texts}["en"]["eyebrow"] == (
        "25 September, penal colony"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_text_is_asked_for_and_nothing_is_saved_or_lost(
    vera: Organiser, house: House, action: Action, language: str
) -> None:
    fields = fields_of(action, **{f"{language}_lede": "  ", "en_title": "A title that took me an hour"})
    response = vera.post("/desk/actions/ales", fields)
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'href="#{language}_lede"' in html
    assert "A title that took me an hour" in html
    assert kept(house).version == action.version


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "paused"),
        ("born_on", "25.09.1962"),
        ("born_on", ""),
        ("jubilee_age", "fifty"),
        ("jubilee_age", "0"),
        ("time_zone", "Minsk"),
        ("time_zone", "../../etc/passwd"),
        ("jubilee_age", "9" * 5000),
        ("be_poster_lines", "just one row"),
        ("ru_title", "а" * 301),
    ],
)
def test_what_can_not_be_is_asked_for_again(
    vera: Organiser, house: House, action: Action, name: str, value: str
) -> None:
    response = vera.post("/desk/actions/ales", fields_of(action, **{name: value}))
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert f'href="#{name}"' in page
    _, folded, panel = page.partition(f' id="{name}"')[0].rpartition('<details class="panel fold"')
    assert not folded or panel.startswith(" open"), "what is missing never lies folded"
    assert kept(house).version == action.version


def test_of_two_organisers_the_second_loses_nothing_and_overwrites_nothing(
    vera: Organiser, house: House, action: Action
) -> None:
    vera.post("/desk/actions/ales", fields_of(action, en_title="The first one’s"))
    response = vera.post("/desk/actions/ales", fields_of(action, en_title="The second one’s"))
    html = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "The second one’s" in html
    assert "The first one’s" in html
    assert (
        next(text for text in kept(house).texts if text.language == "en").words["title"] == "The first one’s"
    )
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    again = vera.post(
        "/desk/actions/ales", fields_of(action, en_title="The second one’s", version=version[1])
    )
    assert again.status_code == 303


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_a_broken_version_is_a_stale_one(vera: Organiser, action: Action, version: str) -> None:
    assert vera.post("/desk/actions/ales", fields_of(action, version=version)).status_code == 409


def test_hiding_an_action_takes_its_greetings_off_and_showing_it_brings_them_back(
    vera: Organiser, client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        greeting = make_greeting(house, session, session.get_one(Action, action.id), photos=1)
    permalink = f"/ales/en/greetings/{greeting.id}"
    hidden = fields_of(action)
    del hidden["is_public"]
    assert vera.post("/desk/actions/ales", hidden).status_code == 303
    assert client.get(permalink).status_code == 404
    with house.database.reading() as session:
        assert session.get_one(Greeting, greeting.sequence).public_sequence is None
    assert list(house.storage.files("public/")) == []
    assert vera.post("/desk/actions/ales", fields_of(kept(house))).status_code == 303
    assert client.get(permalink).status_code == 200


def test_a_new_action_is_begun_from_another_and_waits_hidden(
    vera: Organiser, client: PageClient, house: House, action: Action
) -> None:
    response = vera.post("/desk/actions", {"slug": " Nasta-2027 ", "birth_day": "1989-01-20", "like": "ales"})
    assert (response.status_code, response.headers["Location"]) == (303, "/desk/actions/nasta-2027?new=")
    begun = vera.get("/desk/actions/nasta-2027?new=").get_data(as_text=True)
    assert "/nasta-2027/</span>" in begun
    assert "still those of the action it was copied from" in begun
    assert "copied from" not in vera.get("/desk/actions/nasta-2027").get_data(as_text=True)
    assert client.get("/nasta-2027/en/").status_code == 404
    assert kept(house, "nasta-2027").state is ActionState.ANNOUNCED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slug", "ales"),
        ("slug", "desk"),
        ("slug", "а"),
        ("slug", ""),
        ("birth_day", "soon"),
        ("like", "nobody"),
    ],
)
def test_a_new_action_that_can_not_be_is_asked_for_again(
    vera: Organiser, action: Action, name: str, value: str
) -> None:
    fields = {"slug": "nasta", "birth_day": "1989-01-20", "like": "ales", name: value}
    response = vera.post("/desk/actions", fields)
    assert response.status_code == 422
    assert f'href="#{name}"' in response.get_data(as_text=True)


def test_moderators_who_are_no_organisers_stay_outside(
    seat: Callable[[Role], Organiser], house: House, action: Action
) -> None:
    moderator = seat(Role.MODERATOR)
    assert moderator.get("/desk/actions").status_code == 403
    assert moderator.get("/desk/actions/ales").status_code == 403
    assert moderator.post("/desk/actions/ales", fields_of(action, state="archived")).status_code == 403
    assert kept(house).state is ActionState.OPEN


def test_an_action_that_is_not_there_can_not_be_edited(vera: Organiser, action: Action) -> None:
    assert vera.get("/desk/actions/nobody").status_code == 404
    assert vera.post("/desk/actions/nobody", fields_of(action)).status_code == 404
