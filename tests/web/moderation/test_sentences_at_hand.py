"""Describing made cheap: the words of the action's posters at hand, how far it is told, where it is missing."""

from collections.abc import Callable, Mapping

import pytest

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.pages import tree_of
from tests.web.moderation.conftest import Desk
from tests.web.moderation.test_describing import described
from tests.web.moderation.test_queue import text

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]
POSTERS = {"be": "З днём\nнараджэння!", "en": "Happy\nBirthday!", "ru": "С днём\nрождения!"}
IN_ENGLISH = [
    "On the poster: “Happy Birthday!”",
    "On the poster: “З днём нараджэння!”",
    "On the poster: “С днём рождения!”",
]
IN_BELARUSIAN = [
    "На плакаце: «З днём нараджэння!»",
    "На плакаце: «Happy Birthday!»",
    "На плакаце: «С днём рождения!»",
]
IN_RUSSIAN = [
    "На плакате: «С днём рождения!»",
    "На плакате: «З днём нараджэння!»",
    "На плакате: «Happy Birthday!»",
]


def print_posters(house: House, action: Action, lines: Mapping[str, str]) -> None:
    """What stands on the posters of each language from now on."""
    with house.database.work() as session:
        for one in session.get_one(Action, action.id).texts:
            one.words = {**one.words, "poster_lines": lines[one.language]}


@pytest.fixture(autouse=True)
def posters(house: House, action: Action) -> None:
    print_posters(house, action, POSTERS)


def at_hand(desk: Desk, greeting: Greeting, place: int = 1) -> list[tuple[str | None, str, str | None]]:
    """What is offered beside a photo: its key, its words, and the language they are read in."""
    page = tree_of(desk.get(f"/desk/greetings/{greeting.id}/describe"))
    labels = [one for one in page.iter("label") if one.get("for", "").startswith(f"also-{place}-")]
    boxes = {one.get("id"): one for one in page.iter("input")}
    offers = []
    for label in labels:
        box, (said,) = boxes[label.get("for")], list(label.iter("b"))
        assert box.get("value") == said.text
        offers.append((box.get("data-key"), said.text or "", said.get("lang")))
    return offers


@pytest.mark.parametrize("page_language", ["be", "en", "ru"])
@pytest.mark.parametrize(
    ("language", "sentences"), [("be", IN_BELARUSIAN), ("en", IN_ENGLISH), ("ru", IN_RUSSIAN)]
)
def test_the_posters_of_the_action_are_at_hand_in_the_language_of_whoever_sent_the_photo(
    seat: Callable[..., Desk], sent: Sent, page_language: str, language: str, sentences: list[str]
):
    greeting = sent(photos=1, language=language)
    offered = at_hand(seat(language=page_language), greeting)
    assert offered == [(str(key), said, language) for key, said in enumerate(sentences, start=1)]


def test_they_are_in_the_language_in_which_the_photo_is_described_already(volha: Desk, sent: Sent):
    greeting = sent(photos=2, language="en", descriptions=["Жанчына каля возера, вада сіняя", ""])
    assert [said for _, said, _ in at_hand(volha, greeting, 1)] == IN_BELARUSIAN
    assert [said for _, said, _ in at_hand(volha, greeting, 2)] == IN_ENGLISH


def test_posters_that_say_the_same_are_one(volha: Desk, sent: Sent, house: House, action: Action):
    print_posters(house, action, dict.fromkeys(POSTERS, "Happy\nBirthday!"))
    assert [said for _, said, _ in at_hand(volha, sent(photos=1, language="en"))] == IN_ENGLISH[:1]


def test_what_is_on_no_poster_is_the_title_of_the_action(
    volha: Desk, sent: Sent, house: House, action: Action
):
    print_posters(house, action, dict.fromkeys(POSTERS, ""))
    assert at_hand(volha, sent(photos=1, language="en"))[0][1] == "On the poster: “title en”"


def test_a_sentence_that_would_never_fit_is_not_offered(
    volha: Desk, sent: Sent, house: House, action: Action
):
    print_posters(house, action, {**POSTERS, "be": "а" * 300})
    offered = [said for _, said, _ in at_hand(volha, sent(photos=1, language="en"))]
    assert offered == [IN_ENGLISH[0], IN_ENGLISH[2]]


def test_what_is_ticked_is_said_behind_what_was_typed_without_a_script(
    volha: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent(photos=3, language="en", descriptions=["", "", "Snow"])
    first, second, _ = IN_ENGLISH
    volha.do(
        "describe",
        greeting,
        **{
            "description-1": "",
            "also-1": [first, second],
            "description-2": "By a lake",
            "also-2": first,
            "also-3": f"{first}\u202e",
        },
    )
    assert described(now_of(greeting)) == [f"{first} {second}", f"By a lake. {first}", f"Snow. {first}"]
    volha.do("describe", now_of(greeting), **{"also-2": first})
    assert described(now_of(greeting))[1] == f"By a lake. {first}", "what is said is not said twice"


def test_what_was_seen_is_said_also_where_the_posters_changed_meanwhile(
    volha: Desk, sent: Sent, now_of: NowOf, house: House, action: Action
):
    greeting = sent(photos=1, language="en")
    print_posters(house, action, dict.fromkeys(POSTERS, "Welcome\nhome!"))
    volha.do("describe", greeting, **{"also-1": IN_ENGLISH[0]})
    assert described(now_of(greeting)) == [IN_ENGLISH[0]]


def test_together_they_may_be_too_long_and_nothing_is_lost(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1, language="en")
    answer = volha.do("describe", greeting, **{"description-1": "a" * 290, "also-1": IN_ENGLISH[0]})
    assert answer.status_code == 422
    assert f"{'a' * 290}. {IN_ENGLISH[0]}</textarea>" in text(answer)
    assert described(now_of(greeting)) == [""]


def test_whoever_was_slower_still_has_what_they_ticked(volha: Desk, jan: Desk, sent: Sent):
    greeting = sent(photos=1, language="en")
    volha.do("describe", greeting, **{"description-1": "Candles"})
    answer = jan.do("describe", greeting, **{"also-1": IN_ENGLISH[0]})
    assert answer.status_code == 409
    assert f"{IN_ENGLISH[0]}</textarea>" in text(answer) or f"Candles. {IN_ENGLISH[0]}" in text(answer)


@pytest.mark.parametrize(
    ("language", "count", "title", "button"),
    [
        ("en", 1, "Describe the photo", "Save the description"),
        ("en", 2, "Describe the photos", "Save the descriptions"),
        ("be", 1, "Апісаць здымак", "Захаваць апісанне"),
        ("be", 2, "Апісаць здымкі", "Захаваць апісанні"),
        ("ru", 1, "Описать снимок", "Сохранить описание"),
        ("ru", 2, "Описать снимки", "Сохранить описания"),
    ],
)
def test_title_heading_and_button_say_what_is_done_there(
    seat: Callable[..., Desk], sent: Sent, language: str, count: int, title: str, button: str
):
    greeting = sent(photos=count)
    page = tree_of(seat(language=language).get(f"/desk/greetings/{greeting.id}/describe"))
    assert [("".join(one.itertext())).split(" · ")[0] for one in page.iter("title")] == [title]
    assert ["".join(one.itertext()) for one in page.iter("h1")] == [title]
    main = next(page.iter("main"))
    assert ["".join(one.itertext()) for one in main.iter("button")] == [button]


@pytest.mark.parametrize(
    ("descriptions", "told"),
    [
        (["", "", ""], "Describe"),
        (["Candles", "", ""], "Describe 1/3, 1 of 3 are described"),
        (["Candles", "Snow", "A lake"], "Described"),
    ],
)
@pytest.mark.parametrize("path", ["queue", "greetings/{}"])
def test_the_desk_tells_how_far_the_photos_are_described(
    volha: Desk, sent: Sent, path: str, descriptions: list[str], told: str
):
    greeting = sent(photos=3, descriptions=descriptions)
    page = tree_of(volha.get(f"/desk/{path.format(greeting.id)}"))
    (link,) = (one for one in page.iter("a") if one.get("data-key") == "d")
    assert " ".join("".join(link.itertext()).split()) == told
    assert link.get("href") == f"/desk/greetings/{greeting.id}/describe"


def test_the_desk_says_where_a_description_is_not_its_senders(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1, descriptions=["Candles"])
    sentence = "Not all of it is its sender’s."
    assert sentence not in text(volha.get("/desk/queue"))
    volha.do("edit", greeting, town="Вільня-2")
    assert sentence not in text(volha.get("/desk/queue"))
    volha.do("describe", now_of(greeting), **{"description-1": "Two candles"})
    page = text(volha.get("/desk/queue"))
    assert sentence in page
    assert page.count("A slip was mended here") == 1, "of the words alone"


def test_after_a_change_of_the_picture_its_description_is_shown_to_be_looked_at(
    volha: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent(photos=3, descriptions=["Two candles", "", "A lake"])
    sentence = "The picture has changed, its description has not."

    def asked() -> list[str] | None:
        page = tree_of(volha.get(f"/desk/greetings/{greeting.id}/cover"))
        if sentence not in "".join(page.itertext()):
            return None
        shown = [one for one in page.iter("ol") if "descriptions" in (one.get("class") or "")]
        return ["".join(line.itertext()) for one in shown for line in one.iter("li")]

    def cover(place: int) -> None:
        photo = now_of(greeting).photos[place]
        box = {f"{side}-{photo.number}": "10" for side in ("left", "top", "width", "height")}
        assert volha.do("cover", now_of(greeting), do="burn", **box).status_code == 303

    assert asked() is None
    cover(1)
    assert asked() is None, "of that one nothing is said"
    cover(2)
    assert asked() == ["A lake"]
    volha.do("cover", now_of(greeting), do="take-back")
    assert asked() is None
    cover(0)
    volha.do("describe", now_of(greeting), **{"description-1": ""})
    assert asked() is None, "nothing is said of it any more"


def test_organisers_see_how_many_are_described_and_find_the_others(
    organiser: Desk, sent: Sent, now_of: NowOf
):
    assert "Approved photos" not in text(organiser.get("/desk/figures"))
    all_of_it = sent(photos=2, descriptions=["Candles", "Snow"], state=State.APPROVED)
    some_of_it = sent(photos=3, descriptions=["", "Snow", ""], state=State.APPROVED)
    words, waits = sent(state=State.APPROVED), sent(photos=1)
    page = tree_of(organiser.get("/desk/figures"))
    (panel,) = (one for one in page.iter("section") if one.get("aria-labelledby") == "photos-title")
    assert [("".join(row.itertext())).strip() for row in panel.iter("tr")] == ["described3", "not described2"]
    (way,) = (one.get("href") or "" for one in panel.iter("a"))
    found = text(organiser.get(way))
    assert f"/desk/greetings/{some_of_it.id}/describe" in found
    assert not [one for one in (all_of_it, words, waits) if one.id in found]
    typed = {"description-1": "A lake", "description-3": "A cat"}
    organiser.do("describe", some_of_it, **typed)
    found = text(organiser.get(way))
    assert some_of_it.id not in found
    assert "every photo is described" in found
    page = tree_of(organiser.get("/desk/figures"))
    (panel,) = (one for one in page.iter("section") if one.get("aria-labelledby") == "photos-title")
    assert [("".join(row.itertext())).strip() for row in panel.iter("tr")] == ["described5"]


def test_the_log_tells_describing_from_mending(organiser: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1)
    organiser.do("describe", greeting, **{"description-1": "Candles"})
    page = text(organiser.get("/desk/log"))
    assert "changed the descriptions of photos" in page
    assert "mended the words" not in page
    organiser.do("edit", now_of(greeting), town="Вільня-2")
    assert "mended the words" in text(organiser.get("/desk/log"))
