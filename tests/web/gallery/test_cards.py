"""Pictures for links: for every public greeting and for nothing else, and gone with it."""

import io
import re
import tempfile
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.gallery import cards
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.typesetting import PressBusy, our_fonts, set_jpeg
from tests.factories import make_greeting
from tests.pages import PageClient

PROPERTY = re.compile(r'<meta property="(og:[a-z:_]+)" content="([^"]*)">')
NAUGHTY = (
    "<script>alert(1)</script>",
    '#set page(width: 9cm); #panic("x")',
    "$ sum_(i=0)^n $ *bold* _it_ @ref <label>",
    "\\u{202e}mirror \u202e\u2066",
    "生日快樂 🎂🎉",
    "а" * 300,
    "z̸̢̛͖̗a̷l̶g̵o̸ " * 20,
    "",
)


def make(house: House, action: Action, **facts: Any) -> Greeting:
    with house.database.work() as session:
        return make_greeting(house, session, session.get_one(Action, action.id), **facts)


def card_of(client: PageClient, greeting: Greeting, language: str = "be") -> Any:
    return client.get(f"/embed/ales/{language}/greetings/{greeting.id}/card.jpg")


def must_be_a_card(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (1200, 630))
        assert not picture.getexif()
    assert len(data) < 600_000  # messengers give up on larger ones


@pytest.mark.parametrize("photos", [0, 2])
def test_a_greeting_has_a_card_with_words_or_with_its_picture(
    client: PageClient, house: House, action: Action, photos: int
) -> None:
    answer = card_of(client, make(house, action, photos=photos))
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    must_be_a_card(answer.data)
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("text", ["", "Мы пра Вас помнім і чакаем дома. " * 4])
def test_a_card_says_a_long_name_from_its_beginning_to_its_end(
    client: PageClient, house: House, action: Action, text: str
) -> None:
    """Two names that differ somewhere only would look the same where that is cut off."""
    names = (
        f"{first}-Belarussische Gesellschaft für internationale Verständigung und Freundschaft {last}"
        for first, last in (("Deutsch", "e. V."), ("Polnisch", "e. V."), ("Deutsch", "GmbH"))
    )
    cards = [
        card_of(client, make(house, action, photos=1, text=text, name=name, town="Köln", country="DE"))
        for name in names
    ]
    alone = [_lower_right(card.data) for card in cards]
    assert len(set(alone)) == len(alone)


def _lower_right(data: bytes) -> bytes:
    """Where a card says who sent it, beside its picture."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.crop((842, 200, 1200, 600)).tobytes()


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_pages_of_an_action_have_a_card_in_their_language(client: PageClient, language: str) -> None:
    must_be_a_card(client.get(f"/embed/ales/{language}/card.jpg").data)


@pytest.mark.parametrize(
    "facts",
    [
        {"state": State.PENDING},
        {"state": State.REJECTED},
        {"granted": frozenset({Use.EVENTS, Use.POST, Use.PRESS})},
        {"disallowed": frozenset({Use.GALLERY})},
    ],
)
def test_what_is_not_public_has_no_card(
    client: PageClient, house: House, action: Action, facts: dict[str, Any]
) -> None:
    assert card_of(client, make(house, action, photos=1, **facts)).status_code == 404


def test_a_card_is_gone_when_its_greeting_is_and_lay_nowhere(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action)
    before = {found.key for found in house.storage.files("public")}
    assert card_of(client, greeting).status_code == 200
    assert {found.key for found in house.storage.files("public")} == before
    assert not list(house.storage.files("cards"))
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.WITHDRAW, actor="sender")
    assert card_of(client, greeting).status_code == 410


def test_a_card_is_drawn_without_a_file_that_a_killed_process_would_leave(
    client: PageClient, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a temporary folder nobody would look for it when its greeting is taken back."""
    our_fonts()  # which are gathered in one
    made: list[str] = []

    def note(*_args: object, **_options: object) -> str:
        made.append("a folder")
        raise OSError

    for name in ("mkdtemp", "mkstemp"):
        monkeypatch.setattr(tempfile, name, note)
    assert card_of(client, make(house, action, photos=1)).status_code == 200
    assert not made


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_card_of_a_homecoming_speaks_of_no_prison_and_of_no_age(
    client: PageClient, house: House, action: Action, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[dict[str, Any]] = []

    def note(design: str, words: dict[str, Any], *more: Any) -> bytes:
        laid_out.append(words)
        return set_jpeg(design, words, *more)

    monkeypatch.setattr(cards, "set_jpeg", note)
    greeting = make(house, action, text="Вітаем дома!")
    before = client.get(f"/embed/ales/{language}/card.jpg").data
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        here.state = ActionState.RELEASED
        texts = next(text.words for text in here.texts if text.language == language)
    after = client.get(f"/embed/ales/{language}/card.jpg").data
    must_be_a_card(card_of(client, greeting, language).data)
    told, told_of_greeting = laid_out[1:]
    assert {texts["eyebrow"], texts["town"]} & {str(words) for words in told.values()} == set()
    assert told["town"] == texts["first_name"]
    assert told_of_greeting["figure"] == 0
    assert _has_a_stamp(before)
    assert not _has_a_stamp(after)


def _has_a_stamp(data: bytes) -> bool:
    """Whether there is much red in the upper right corner."""
    with Image.open(io.BytesIO(data)) as picture:
        corner = picture.convert("RGB").crop((1000, 40, 1160, 240))
    pixels = corner.width * corner.height
    colours: Any = corner.getcolors(pixels)
    return sum(times for times, (red, green, _blue) in colours if red > 140 and green < 60) > pixels / 5


def test_a_hidden_action_has_no_cards(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    assert card_of(client, greeting).status_code == 404
    assert client.get("/embed/ales/be/card.jpg").status_code == 404


@pytest.mark.parametrize("words", NAUGHTY)
def test_no_words_break_a_card_or_act_on_it(
    client: PageClient, house: House, action: Action, words: str
) -> None:
    greeting = make(house, action, text=words, name=words[:60], town=words[:60])
    answer = card_of(client, greeting, "en")
    assert answer.status_code == 200
    must_be_a_card(answer.data)


def test_when_the_press_is_busy_the_answer_is_to_come_again(
    client: PageClient, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> bytes:
        raise PressBusy

    monkeypatch.setattr("greetings.gallery.card_views.draw_greeting", busy)
    answer = card_of(client, make(house, action))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_a_greeting_names_its_card_its_address_and_itself_in_other_languages(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action, text='Вершы пра <б> & "дом"')
    html = client.get(f"/ales/be/greetings/{greeting.id}").get_data(as_text=True)
    said = dict(PROPERTY.findall(html))
    path = f"/ales/be/greetings/{greeting.id}"
    address = f"http://127.0.0.1:8000{path}"
    assert said["og:image"] == f"http://127.0.0.1:8000/embed{path}/card.jpg"
    assert said["og:url"] == address
    assert said["og:locale"] == "be_BY"
    assert said["og:description"].startswith("Вершы пра &lt;б&gt;")
    assert f'<link rel="canonical" href="{address}">' in html
    for language in ("be", "en", "ru"):
        other = address.replace("/be/", f"/{language}/")
        assert f'<link rel="alternate" hreflang="{language}" href="{other}">' in html


PUBLIC_PAGES = ["", "greetings/", "posters/", "posters/own", "posters/phone", "privacy"]


@pytest.mark.parametrize("language", ["be", "en", "ru"])
@pytest.mark.parametrize("path", PUBLIC_PAGES[1:])  # the first is in the action's own words
def test_what_search_engines_show_of_a_page_has_room_there(
    client: PageClient, path: str, language: str
) -> None:
    head = client.get(f"/ales/{language}/{path}").get_data(as_text=True).partition("</head>")[0]
    (title,) = re.findall(r"<title>(.+?)</title>", head)
    (description,) = re.findall(r'<meta name="description" content="([^"]+)">', head)
    assert len(title) <= 60
    assert 50 <= len(description) <= 200


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_every_public_page_names_one_address_and_a_card(client: PageClient, path: str) -> None:
    html = client.get(f"/ales/ru/{path}").get_data(as_text=True)
    said = dict(PROPERTY.findall(html))
    assert said["og:url"] == f"http://127.0.0.1:8000/ales/ru/{path}"
    assert f'<meta name="description" content="{said["og:description"]}">' in html
    assert said["og:image"] == "http://127.0.0.1:8000/embed/ales/ru/card.jpg"
    assert html.count('rel="canonical"') == 1
    assert html.count('hreflang="en" href="http://127.0.0.1:8000/ales/en/') == 1
    others = [locale for name, locale in PROPERTY.findall(html) if name == "og:locale:alternate"]
    assert (said["og:locale"], others) == ("ru_RU", ["be_BY", "en_GB"])
    title = re.search(r"<title>([^<]+)</title>", html)
    assert title
    parts = title[1].split(" · ")
    assert len(parts) == len(set(parts)), "the action is named once"


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("greetings/?country=LT&lang=ru", "greetings/?country=LT&amp;lang=ru"),
        ("greetings/?lang=be&after=2&utm_source=x", "greetings/?lang=be"),
        ("?fbclid=1", ""),
        ("posters/phone?look=red", "posters/phone"),
    ],
)
def test_pages_in_all_languages_agree_on_their_addresses(client: PageClient, asked: str, own: str) -> None:
    """Whatever was added to the address by which one came."""
    by_language = {one: f"http://127.0.0.1:8000/ales/{one}/{own}" for one in ("be", "en", "ru")}
    for language, address in by_language.items():
        html = client.get(f"/ales/{language}/{asked}").get_data(as_text=True)
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', html) == [address]
        links = re.findall(r'<link rel="alternate" hreflang="(be|en|ru)" href="([^"]+)">', html)
        assert dict(links) == by_language
        assert len(links) == 3


def test_links_to_pass_it_on_are_plain_links_that_tell_nobody_where_one_comes_from(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action)
    html = client.get(f"/ales/en/greetings/{greeting.id}").get_data(as_text=True)
    address = f"http://127.0.0.1:8000/ales/en/greetings/{greeting.id}"
    outside = re.findall(r'<a class="btn quiet" href="(https://[^"]+)"([^>]*)>', html)
    assert {urlsplit(url).netloc for url, _ in outside} == {"t.me", "wa.me", "share.joinmastodon.org"}
    for url, rest in outside:
        assert address in unquote(url)
        assert "noreferrer" in rest
    assert "mailto:?subject=" in html
    assert f'<span id="link-to-copy">{address}</span>' in html
