"""The strip on the pages of others: public only, nothing that runs or sends, and a way out for every link."""

import re

import html5lib
import pytest

from greetings.actions.models import Action
from greetings.actions.rules import ActionState, is_accepting
from greetings.gallery.embed_views import STRIP_TILES
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.factories import make_greeting
from tests.pages import PageClient


def make(house: House, action: Action, **facts: object) -> Greeting:
    with house.database.work() as session:
        return make_greeting(house, session, session.get_one(Action, action.id), **facts)  # type: ignore[arg-type]


def strip(client: PageClient, language: str = "be", query: str = "") -> str:
    return client.get(f"/embed/ales/{language}/strip{query}").get_data(as_text=True)


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_it_shows_the_newest_and_no_more(
    client: PageClient, house: House, action: Action, language: str
) -> None:
    for number in range(STRIP_TILES + 2):
        make(house, action, text=f"нумар {number}.", photos=number % 2)
    html = strip(client, language)
    assert html.count('id="g-') == STRIP_TILES
    assert "нумар 0." not in html


def test_it_ends_with_the_way_on(client: PageClient, house: House, action: Action) -> None:
    """To the wall where more hangs; else, while greetings are taken in, to a place for one more."""
    ends = re.compile(
        r'<li class="next"><a href="([^"]+)"(?: class="free")? target="_blank" rel="noopener noreferrer">'
    )
    assert not ends.findall(strip(client))
    for _ in range(STRIP_TILES):
        make(house, action)
    assert ends.findall(strip(client)) == ["/ales/be/send"]
    last = make(house, action)
    html = strip(client, "en")
    assert ends.findall(html) == ["/ales/en/greetings/"]
    assert "1 more greeting" in html
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, last.id), Step.WITHDRAW, actor="sender")
        session.get_one(Action, action.id).state = ActionState.CLOSED
    assert not ends.findall(strip(client))


def test_it_has_nothing_that_runs_or_sends_and_every_link_opens_a_page_of_its_own(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, photos=1)
    make(house, action)
    tree = html5lib.parse(strip(client), namespaceHTMLElements=False)
    assert not [element.tag for element in tree.iter() if element.tag in {"script", "form", "iframe", "base"}]
    links = list(tree.iter("a"))
    assert len(links) == 6
    for link in links:
        assert link.get("target") == "_blank"
        assert link.get("rel") == "noopener noreferrer"


@pytest.mark.parametrize(
    "facts", [{"state": State.PENDING}, {"state": State.REJECTED}, {"granted": frozenset()}]
)
def test_it_shows_only_what_is_public(
    client: PageClient, house: House, action: Action, facts: dict[str, object]
) -> None:
    make(house, action, text="не для ўсіх", **facts)
    html = strip(client, "en")
    assert "не для ўсіх" not in html
    assert "The first greeting could be yours" in html


@pytest.mark.parametrize("state", list(ActionState))
def test_an_empty_one_shows_where_greetings_will_hang(
    client: PageClient, house: House, action: Action, state: ActionState
) -> None:
    with house.database.work() as session:
        session.get_one(Action, action.id).state = state
    html = strip(client, "en")
    assert len(re.findall('<main>\\s*<div class="empty">', html)) == 1
    says = "The wall opens soon" if state is ActionState.ANNOUNCED else "The wall is empty"
    assert f"<h2>{'The first greeting could be yours' if is_accepting(state) else says}</h2>" in html


def test_what_was_taken_back_is_gone_from_it(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action, text="забяру")
    assert "забяру" in strip(client)
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.WITHDRAW, actor="sender")
    assert "забяру" not in strip(client)


def test_its_look_is_the_visitors_or_the_pages(client: PageClient) -> None:
    assert '<html lang="be">' in strip(client)
    assert '<html lang="be">' in strip(client, query="?look=%22%3E%3Cscript%3E")
    assert '<html lang="be" class="look-dark">' in strip(client, query="?look=dark")
    assert 'content="light"' in strip(client, query="?look=light")


def test_anyone_may_keep_it_for_a_second_and_ask_again(client: PageClient) -> None:
    first = client.get("/embed/ales/be/strip")
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert first.headers["X-Robots-Tag"] == "noindex"
    again = client.get("/embed/ales/be/strip", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["nothing", "greetings/nobody/card.jpg"])
def test_what_is_not_there_is_told_by_the_action_in_the_language_of_the_address(
    client: PageClient, path: str
) -> None:
    answer = client.get(f"/embed/ales/be/{path}", headers={"Accept-Language": "en"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert '<html lang="be"' in html
    assert 'href="/ales/be/receipt"' in html
    assert f'href="/embed/ales/ru/{path}"' in html


@pytest.mark.parametrize("path", ["/embed/", "/embed/be/ales", "/embed/ales", "/embed/embed/be/strip"])
def test_half_an_address_leads_nowhere(client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_of_posters_gives_the_code_as_words(client: PageClient, house: House) -> None:
    html = client.get("/ales/en/posters/").get_data(as_text=True)
    assert "<iframe" not in html
    address = re.escape(f"{house.settings.url}/embed/ales/en/strip")
    frames = re.findall(f"&lt;iframe src=(?:&#34;|&quot;){address}.*?&gt;", html)
    assert len(frames) == 2
    for frame in frames:
        assert re.search("referrerpolicy=(?:&#34;|&quot;)no-referrer", frame), "we learn on no page it stands"
        assert "sandbox=" in frame
        assert "allow-scripts" not in frame
