"""One greeting as a postcard, and telling the moderators about it."""

import re
from datetime import datetime

import pytest
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.clock import to_the_hour
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.moderation.models import Report
from greetings.moderation.rules import Concern
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Kind
from tests.factories import make_greeting
from tests.pages import PageClient

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HOSTILE = "<script>alert(1)</script>\"'&{{7*7777}}"


def make(house: House, action: Action, **facts: object) -> Greeting:
    with house.database.work() as session:
        return make_greeting(house, session, session.get_one(Action, action.id), **facts)  # type: ignore[arg-type]


def page(client: PageClient, greeting: Greeting, language: str = "en") -> str:
    return client.get(f"/ales/{language}/greetings/{greeting.id}").get_data(as_text=True)


def reports(house: House) -> list[tuple[Concern, str, datetime]]:
    with house.database.reading() as session:
        found = session.execute(select(Report.concern, Report.note, Report.received_at))
        return [(concern, note, at) for concern, note, at in found]


@pytest.mark.parametrize(
    ("facts", "heard"),
    [
        ({"organisation": "FIDH", "office": "President"}, "Ганна, President, FIDH, Вільня, Lithuania"),
        ({}, "Ганна, Вільня, Lithuania"),
        ({"town": "", "country": ""}, "Ганна"),
        ({"name": ""}, "No name, Вільня, Lithuania"),
    ],
)
def test_who_sent_it_is_heard_with_pauses(
    client: PageClient, house: House, action: Action, facts: dict[str, str], heard: str
) -> None:
    html = page(client, make(house, action, **facts))
    heading = re.search(r'<h1 [^>]*id="who"[^>]*>(.*?)</h1>', html)
    assert heading
    assert re.sub(r"<[^>]+>", "", heading[1]) == heard


def test_in_large_type_the_day_of_arrival_breaks_before_its_year_and_not_within_a_word(
    client: PageClient, house: House, action: Action
) -> None:
    said = re.search(r"<p>Прыйшло [^<]+</p>", page(client, make(house, action), "be"))
    assert said
    assert re.fullmatch(r"<p>Прыйшло \d+\u00a0\w+ \d{4}\u00a0года</p>", said[0])


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("Вы не адзін.", "Вы не адзін."),  # kept together it would be one word, too long for letters so large
        ("З днём нараджэння!", "З\u00a0днём нараджэння!"),
        (
            "Вы не адзін, мы з Вамі і чакаем дома.",
            "Вы\u00a0не\u00a0адзін, мы\u00a0з\u00a0Вамі і\u00a0чакаем дома.",
        ),
    ],
)
def test_words_are_kept_together_unless_they_are_called_out(
    client: PageClient, house: House, action: Action, text: str, set_as: str
) -> None:
    assert f"<p>{set_as}</p>" in page(client, make(house, action, text=text))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("be", "Ганна і Юрка: віншаванне"),
        ("en", "A greeting from Ганна і Юрка"),
        ("ru", "Ганна і Юрка: поздравление"),
    ],
)
def test_its_title_suits_one_sender_and_many(
    client: PageClient, house: House, action: Action, language: str, title: str
) -> None:
    html = page(client, make(house, action, name="Ганна і Юрка"), language)
    assert f'<meta property="og:title" content="{title}">' in html


def test_everything_a_sender_showed_is_on_it(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action, photos=3, organisation="FIDH", office="President", text="Першы\n\nДругі")
    html = page(client, greeting)
    for words in ("Ганна", "Вільня, Lithuania", "FIDH", "President", "<p>Першы</p>", "<p>Другі</p>"):
        assert words in html
    for photo in greeting.photos:
        assert f"/media/{photo.public_name}-display.webp" in html
    assert "picture 2 of 3" in html


def test_the_day_is_shown_and_never_the_hour(client: PageClient, house: House, action: Action) -> None:
    html = page(client, make(house, action))
    assert "18\u00a0September 2026" in html
    assert "14:" not in html


@pytest.mark.parametrize("field", ["text", "name", "town", "organisation", "office"])
def test_what_people_write_stays_words(client: PageClient, house: House, action: Action, field: str) -> None:
    greeting = make(house, action, photos=1, **{field: HOSTILE})
    for path in (f"/ales/be/greetings/{greeting.id}", "/ales/be/greetings/", "/ales/be/"):
        html = client.get(path).get_data(as_text=True)
        assert "<script>alert" not in html
        assert "54439" not in html


def test_a_nameless_greeting_has_a_title_and_a_heading(
    client: PageClient, house: House, action: Action
) -> None:
    html = page(client, make(house, action, name="", town="", country=""))
    assert "A greeting without a name" in html


def test_the_words_carry_their_own_language(client: PageClient, house: House, action: Action) -> None:
    html = page(client, make(house, action, text="Sto lat, Aleś!", language="en"), "be")
    assert '<blockquote lang="" dir="auto">' in html
    html = page(client, make(house, action, text="Усяго найлепшага ў жыцці!"), "ru")
    assert '<blockquote lang="be" dir="auto">' in html


@pytest.mark.parametrize(
    ("facts", "description"),
    [
        ({"kind": Kind.DRAWING}, "Drawing from Ганна, Вільня, Lithuania"),
        ({"town": "", "country": ""}, "Photo from Ганна"),
        ({"name": ""}, "Photo without a name, Вільня, Lithuania"),
    ],
)
def test_a_picture_is_described_in_the_language_of_the_page_and_its_words_stay_in_their_own(
    client: PageClient, house: House, action: Action, facts: dict[str, object], description: str
) -> None:
    greeting = make(house, action, photos=1, text="Спяваў увесь двор!", **facts)
    html = page(client, greeting)
    assert f'alt="{description}"' in html
    assert '<blockquote lang="be" dir="auto"><p>Спяваў увесь двор!' in re.sub(r">\s+<", "><", html)
    wall = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert f'alt="{description}"' in wall
    assert '<span class="vh" lang="be" dir="auto">Спяваў увесь двор!</span>' in wall


def test_neighbours_lead_along_the_wall(client: PageClient, house: House, action: Action) -> None:
    oldest, middle, newest = (make(house, action, name=name) for name in ("one", "two", "three"))
    html = page(client, middle)
    assert re.search(rf'greetings/{newest.id}" rel="prev"', html)
    assert re.search(rf'greetings/{oldest.id}" rel="next"', html)
    assert 'rel="prev"' not in page(client, newest)
    assert 'rel="next"' not in page(client, oldest)


def test_it_says_which_of_how_many_it_is_and_leads_to_both_ends(
    client: PageClient, house: House, action: Action
) -> None:
    oldest, middle, newest = (make(house, action, name=name) for name in ("one", "two", "three"))
    html = page(client, middle)
    assert "2 of 3" in html
    assert re.search(rf'greetings/{newest.id}" rel="first"', html)
    assert re.search(rf'greetings/{oldest.id}" rel="last"', html)
    assert "1 of 3" in page(client, newest)
    assert 'rel="first"' not in page(client, newest)
    assert 'rel="last"' not in page(client, oldest)


def test_far_down_the_wall_nothing_is_counted(
    client: PageClient, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greetings.gallery.views.MOST_PLACES", 2)
    oldest, _middle, newest = (make(house, action, name=name) for name in ("one", "two", "three"))
    assert "1 of 3" in page(client, newest)
    assert " of 3" not in page(client, oldest)


def test_back_to_the_wall_is_back_to_where_it_hangs(client: PageClient, house: House, action: Action) -> None:
    first, *_others = [make(house, action, name=f"n{number}") for number in range(PAGE_SIZE + 2)]
    found = re.search(r'class="back-link"><a href="([^"#]+)#([^"]+)"', page(client, first))
    assert found
    assert f'id="{found[2]}"' in client.get(found[1]).get_data(as_text=True)
    assert f'id="{found[2]}"' not in client.get("/ales/en/greetings/").get_data(as_text=True)


def test_the_last_of_the_first_page_leads_back_to_the_first_page(
    client: PageClient, house: House, action: Action
) -> None:
    made = [make(house, action, name=f"n{number}") for number in range(PAGE_SIZE + 1)]
    beyond, last = (
        re.findall(r'class="back-link"><a href="([^"#]+)#', page(client, one)) for one in made[:2]
    )
    assert last == ["/ales/en/greetings/"] != beyond


def report_of(client: PageClient, greeting: Greeting, **fields: str):
    path = f"/ales/en/greetings/{greeting.id}/report"
    token = TOKEN.search(client.get(path).get_data(as_text=True))
    assert token
    return client.post(path, data={"csrf_token": token[1], **fields})


@pytest.mark.parametrize("concern", list(Concern))
def test_a_report_reaches_the_desk_with_nothing_about_its_sender(
    client: PageClient, house: House, action: Action, concern: Concern
) -> None:
    greeting = make(house, action)
    answer = report_of(client, greeting, concern=concern.value, note="  Гэта я \u202e. ")
    assert answer.status_code == 200
    assert "Thank you for telling us" in answer.get_data(as_text=True)
    told = reports(house)
    assert told == [(concern, "Гэта я .", to_the_hour(house.clock()))]


@pytest.mark.parametrize("fields", [{}, {"concern": "gossip"}, {"concern": "me", "note": "x" * 501}])
def test_an_unfinished_report_comes_back_as_it_was(
    client: PageClient, house: House, action: Action, fields: dict[str, str]
) -> None:
    answer = report_of(client, make(house, action), **fields)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'id="error-summary"' in html
    assert fields.get("note", "") in html
    assert reports(house) == []


def test_a_report_without_our_own_form_is_not_taken(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    answer = client.post(f"/ales/en/greetings/{greeting.id}/report", data={"concern": "me"})
    assert answer.status_code == 422
    assert reports(house) == []


def test_a_report_from_another_site_is_refused(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    answer = client.post(
        f"/ales/en/greetings/{greeting.id}/report",
        data={"concern": "me"},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert reports(house) == []
