"""The pages of an action: five states in three languages, privacy, and the way in."""

import re
from datetime import UTC, datetime

import pytest

from greetings.actions.models import Action
from greetings.actions.queries import find_action
from greetings.actions.rules import ActionState
from greetings.house import House
from greetings.languages import LANGUAGES
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.pages import PageClient, tree_of

MOST_DESCRIBED = 200  # what previews of links show
SENDING = '/send?kind=photo"'


def become(house: House, state: ActionState) -> None:
    with house.database.work() as session:
        action = find_action(session, "ales")
        assert action is not None
        action.state = state


def texts(action: Action, language: str) -> dict[str, str]:
    return next(text.words for text in action.texts if text.language == language)


def plain(html: str) -> str:
    return html.replace("\u00a0", " ").replace("\u2060", "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", list(ActionState))
@pytest.mark.parametrize("greetings", [0, 1, 11])
def test_every_state_has_its_page_in_every_language(
    client: PageClient, house: House, action: Action, state: ActionState, language: str, greetings: int
) -> None:
    with house.database.work() as session:
        for place in range(greetings):
            make_greeting(house, session, session.get_one(Action, action.id), photos=place % 2)
    become(house, state)
    response = client.get(f"/ales/{language}/")
    html = plain(response.get_data(as_text=True))
    assert response.status_code == 200
    words = texts(action, language)
    title = "released_title" if state is ActionState.RELEASED else "title"
    assert f'<h1 id="title">{words[title]}</h1>' in html
    assert words["notice"] in html
    assert words["about"].split("\n\n", maxsplit=1)[0] in html
    assert (SENDING in html) == (state is ActionState.OPEN)
    assert ("/send" in html) == (state in {ActionState.OPEN, ActionState.RELEASED})
    for only in ("announced", "closed", "released"):
        said = words[only].split("\n\n", maxsplit=1)[0] in html
        assert said == (only == {"archived": "closed"}.get(state.value, state.value)), only


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", list(ActionState))
def test_who_is_sent_a_link_is_told_what_the_page_says_now(
    client: PageClient, house: House, action: Action, state: ActionState, language: str
) -> None:
    """An action that is over asks nobody for a photo, and a homecoming ends with no prison."""
    become(house, state)
    head, _main, page = plain(client.get(f"/ales/{language}/").get_data(as_text=True)).partition("<main")
    described = re.findall(r'<meta name="description" content="([^"]+)">', head)
    assert len(described) == 1
    assert len(described[0]) <= MOST_DESCRIBED
    assert described[0].endswith((".", "!", "?"))
    assert described[0] in " ".join(re.sub("<[^>]+>", " ", page).split())
    assert ("2025" in described[0]) == (state is ActionState.RELEASED)


def test_where_help_is_needed_is_heard_as_no_part_of_the_years_that_were(
    client: PageClient, house: House
) -> None:
    become(house, ActionState.RELEASED)
    titles = ["".join(title.itertext()) for title in tree_of(client.get("/ales/en/")).iter("h2")]
    assert titles[-3:] == ["The years between", "Where help is still needed", "Ales Bialiatski"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_stands_there_in_every_script_the_pages_own_first(
    client: PageClient, action: Action, language: str
) -> None:
    html = plain(client.get(f"/ales/{language}/").get_data(as_text=True))
    found = [html.index(f'id="address-{one}"') for one in LANGUAGES]
    assert min(found) == found[LANGUAGES.index(language)]
    for one in LANGUAGES:
        for row in texts(action, one)["address"].splitlines():
            assert row in html


def test_an_address_that_is_the_same_in_two_languages_stands_there_once(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        for text in session.get_one(Action, action.id).texts:
            if text.language != "be":
                text.words = {**text.words, "address": "Colony 9\n213800 Babruysk"}
    html = client.get("/ales/ru/").get_data(as_text=True)
    assert re.findall(r'id="address-(be|en|ru)"', html) == ["ru", "be"]


@pytest.mark.parametrize(
    ("now", "stamp"),
    [
        (datetime(2026, 9, 18, tzinfo=UTC), "7 days until the birthday"),
        (datetime(2026, 9, 25, tzinfo=UTC), "Today is the birthday"),
        (datetime(2026, 9, 26, tzinfo=UTC), "364 days until the birthday"),
        # the day begins and ends where the prisoner is, three hours before Greenwich
        (datetime(2026, 9, 24, 20, 59, tzinfo=UTC), "1 day until the birthday"),
        (datetime(2026, 9, 24, 21, 0, tzinfo=UTC), "Today is the birthday"),
        (datetime(2026, 9, 25, 20, 59, tzinfo=UTC), "Today is the birthday"),
        (datetime(2026, 9, 25, 21, 0, tzinfo=UTC), "364 days until the birthday"),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), "268 days until the birthday"),
    ],
)
def test_the_stamp_counts_down(
    client: PageClient, action: Action, clock: TestClock, now: datetime, stamp: str
) -> None:
    clock.now = now
    assert f'aria-label="{stamp}"' in client.get("/ales/en/").get_data(as_text=True)


def test_the_latest_greetings_hang_on_the_first_page(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        made = [make_greeting(house, session, here, country=where).id for where in ["BY", *["LT"] * 8]]
    html = client.get("/ales/en/").get_data(as_text=True)
    assert "<b>9</b> greetings from <b>2</b> countries" in plain(html)
    assert sum(greeting_id in html for greeting_id in made) == 8


def test_an_action_without_a_telegram_says_nothing_of_it(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        row = session.get_one(Action, action.id)
        for text in row.texts:
            text.words = {**text.words, "way_telegram": "", "address_note": "", "notice": "", "years": ""}
    for state in ActionState:
        become(house, state)
        html = client.get("/ales/en/").get_data(as_text=True)
        assert "Send a telegram" not in html


def test_the_way_in_leads_to_the_only_open_action_in_the_visitors_language(
    client: PageClient, action: Action
) -> None:
    response = client.get("/", headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    assert (response.status_code, response.headers["Location"]) == (302, "/ales/ru/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("state", [ActionState.CLOSED, ActionState.ARCHIVED])
def test_what_has_ended_without_a_greeting_sends_nobody_to_an_empty_wall(
    client: PageClient, house: House, action: Action, state: ActionState
) -> None:
    become(house, state)
    assert "See the wall" not in client.get("/ales/en/").get_data(as_text=True)
    with house.database.work() as session:
        make_greeting(house, session, session.get_one(Action, action.id))
    assert "See the wall" in client.get("/ales/en/").get_data(as_text=True)


def test_several_actions_are_a_list_in_every_language(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        make_action(session, slug="anna", state=ActionState.ARCHIVED)
        make_action(session, slug="nasta")
        make_action(session, slug="vera", state=ActionState.RELEASED)
        make_action(session, slug="hidden", is_public=False)
    html = client.get("/?lang=be").get_data(as_text=True)
    assert html.index("/nasta/be/") < html.index("/anna/be/"), "what can be joined stands first"
    assert html.count('class="standing"') == len(("ales", "nasta", "vera", "anna"))
    for language in LANGUAGES:
        assert f'href="/ales/{language}/"' in html
        assert f'href="/nasta/{language}/"' in html
    assert "hidden/" not in html
    lines = [line for line in html.splitlines() if 'class="standing"' in line]
    assert all(re.sub("<[^>]+>", "", line).strip() for line in lines), "each says how the action stands"


def test_what_wants_something_of_a_visitor_stands_first_at_the_door(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        make_action(session, slug="nasta")
        for state in (ActionState.ARCHIVED, ActionState.CLOSED, ActionState.RELEASED, ActionState.ANNOUNCED):
            make_action(session, slug=state.value, state=state)
    html = client.get("/?lang=be").get_data(as_text=True)
    shown = list(dict.fromkeys(re.findall(r'href="/([a-z]+)/be/"', html)))
    assert shown == ["nasta", "ales", "released", "announced", "closed", "archived"]


def test_a_house_without_a_public_action_has_a_door_all_the_same(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    response = client.get("/")
    assert response.status_code == 200
    assert "No action is under way" in response.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_names_who_is_responsible_and_the_periods(
    client: PageClient, action: Action, language: str
) -> None:
    html = plain(client.get(f"/ales/{language}/privacy").get_data(as_text=True))
    assert texts(action, language)["responsible"].split("\n\n", maxsplit=1)[0] in html
    assert "30 " in html
    assert "90 " in html
    assert f"/ales/{language}/receipt" in html


def test_every_page_says_where_it_stands_and_in_which_other_languages(
    client: PageClient, action: Action
) -> None:
    for path in ("/ales/be/", "/ales/be/privacy", "/ales/be/greetings/"):
        html = client.get(path).get_data(as_text=True)
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{path}">' in html
        assert 'hreflang="ru"' in html
        assert '<meta name="description"' in html


@pytest.mark.parametrize("path", ["/nobody/en/", "/ales/de/", "/Ales/en/", "/ales/en/nothing"])
def test_what_is_not_there_is_not_found(client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_while_announced_the_page_says_what_will_happen_and_when(
    client: PageClient, house: House, action: Action
) -> None:
    become(house, ActionState.ANNOUNCED)
    html = plain(client.get("/ales/en/").get_data(as_text=True))
    assert "What will happen" in html
    assert "<b>25 September 2026</b>" in html
    assert "/send?" not in html


def test_in_large_type_the_birthday_to_come_breaks_before_its_year_and_not_within_a_word(
    client: PageClient, house: House, action: Action
) -> None:
    become(house, ActionState.ANNOUNCED)
    assert "<b>25\u00a0верасня 2026\u00a0года</b>" in client.get("/ales/be/").get_data(as_text=True)


@pytest.mark.parametrize("state", [ActionState.CLOSED, ActionState.ARCHIVED])
def test_what_is_over_looks_back_in_figures(
    client: PageClient, house: House, action: Action, state: ActionState
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        for country in ("LT", "PL"):
            make_greeting(house, session, here, photos=1, country=country)
        make_greeting(house, session, here, country="LT")
    become(house, state)
    html = client.get("/ales/en/").get_data(as_text=True)
    for words, figure in (("photos", 2), ("written greeting", 1), ("countries", 2)):
        assert f"<div><dt>{words}</dt><dd>{figure}</dd></div>" in html
    assert "drawing" not in html.split('class="figures"')[1].split("</dl>")[0]
    # pictures come first: what was counted follows them, or stands beside the words of the hero
    assert (html.index('class="figures"') > html.index('<ol class="wall')) == (state is ActionState.CLOSED)
    # letters go on as long as an action is only closed; an archive has no address to write to
    assert ("213807 Babruisk" in html) == (state is ActionState.CLOSED)


@pytest.mark.parametrize(
    ("wanted", "language"), [("be,en;q=0.5", "be"), ("ru", "ru"), ("de", "en"), ("", "en")]
)
def test_the_short_address_of_posters_leads_to_the_page_in_the_readers_language(
    client: PageClient, action: Action, wanted: str, language: str
) -> None:
    answer = client.get("/ales/", headers={"Accept-Language": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/ales/{language}/")
    assert "Accept-Language" in answer.headers["Vary"]
    assert client.get("/ales").headers["Location"].endswith("/ales/")


@pytest.mark.parametrize("path", ["/nobody/", "/media/", "/static/", "/healthz/"])
def test_no_other_short_address_leads_anywhere(client: PageClient, action: Action, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("state", list(ActionState))
def test_no_link_within_a_page_leads_to_nothing(
    house: House, client: PageClient, action: Action, state: ActionState
) -> None:
    become(house, state)
    for path in ("", "send", "posters/", "privacy", "receipt"):
        html = client.get(f"/ales/en/{path}").get_data(as_text=True)
        for page, place in re.findall(r'href="(/ales/en/)?#([\w-]+)"', html):
            there = client.get(page).get_data(as_text=True) if page else html
            assert f'id="{place}"' in there, f"{path} in {state} leads to {page}#{place}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_and_what_came_of_them_dont_run_together_where_no_style_is_read(
    client: PageClient, house: House, action: Action, language: str
) -> None:
    become(house, ActionState.RELEASED)
    html = client.get(f"/ales/{language}/").get_data(as_text=True)
    years = html.split('class="years"', 1)[1].split("</ol>", 1)[0]
    assert years.count("<li>") > 1
    assert "</b><" not in years
