"""What a sender says can be seen in their photos: a line for each, optional, never lost, never somebody else's."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from greetings.audit.models import AuditEntry
from greetings.house import House
from greetings.submissions.descriptions import as_lines, by_photo
from greetings.submissions.models import Greeting
from greetings.submissions.rules import MAX_DESCRIPTION
from greetings.submissions.search_words import split_words
from greetings.web.cleaning import clean
from tests.pages import tree_of
from tests.web.submissions.sender import Sender, message_at, photo, text_of, typed

LINES = "Жанчына трымае плакат\r\n\r\nСвечкі на падаконніку"


def kept(house: House) -> list[list[str]]:
    with house.database.reading() as session:
        found = session.scalars(select(Greeting).order_by(Greeting.sequence)).all()
        return [[photo.description for photo in greeting.photos] for greeting in found]


def photos(count: int) -> list[bytes]:
    return [photo((64 + place, 48)) for place in range(count)]


def test_each_photo_has_the_line_of_its_place(sender: Sender, house: House):
    receipt = sender.send(*photos(3), descriptions=LINES)
    assert receipt.status_code == 201
    assert kept(house) == [["Жанчына трымае плакат", "", "Свечкі на падаконніку"]]
    (told,) = (part for part in tree_of(receipt).iter("ol") if part.get("id") == "receipt-descriptions")
    assert [(line.get("value"), text_of(line)) for line in told] == [
        ("1", "Жанчына трымае плакат"),
        ("3", "Свечкі на падаконніку"),
    ]


@pytest.mark.parametrize(
    ("count", "lines", "expected"),
    [
        (1, "Жанчына\nз плакатам", ["Жанчына з плакатам"]),
        (2, "Жанчына", ["Жанчына", ""]),
        (2, "\nСвечкі", ["", "Свечкі"]),
        (2, "Жанчына\nСвечкі\n\n  ", ["Жанчына", "Свечкі"]),
        (2, "", ["", ""]),
        (2, None, ["", ""]),
        (1, "З \u202eадваротным\x00 кірункам\u2028і ", ["З адваротным кірункам і"]),
    ],
)
def test_fewer_lines_or_none_are_fine_and_one_photo_has_all_of_them(
    sender: Sender, house: House, count: int, lines: str | None, expected: list[str]
):
    assert sender.send(*photos(count), descriptions=lines).status_code == 201
    assert kept(house) == [expected]


@pytest.mark.parametrize(
    ("count", "lines", "said"),
    [
        (2, "а\nб\nв", "You have chosen 2 photos and written 3 lines."),
        (1, "а" * (MAX_DESCRIPTION + 1), "Photo 1: a little shorter, please. 300 characters fit, this is 1 too many."),
        (2, "а\n" + "б" * (MAX_DESCRIPTION + 12), "Photo 2: a little shorter, please. 300 characters fit, this is 12"),
        (0, "Жанчына", "Please choose the photo that this describes, or empty the field."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_words_and_still_there(
    sender: Sender, house: House, count: int, lines: str, said: str
):
    answer = sender.send(*photos(count), descriptions=lines)
    assert answer.status_code == 422
    assert said in message_at(answer, "descriptions")
    links = [text_of(link) for link in tree_of(answer).iter("a") if link.get("href") == "#descriptions"]
    assert len(links) == 1
    prefix = (
        "" if said.startswith("Photo") else "What can be seen. "
    )  # by the same words scripts know the link
    assert links[0].startswith(f"{prefix}{said}")
    assert typed(answer)["descriptions"] == lines
    (place,) = (part for part in tree_of(answer).iter("details") if part.get("data-descriptions") is not None)
    assert place.get("open") is not None
    assert kept(house) == []


def test_it_is_not_found_by_its_words_and_not_in_the_log(sender: Sender, house: House):
    """What somebody is looked up by is what they wrote for everybody, not what they look like."""
    assert sender.send(*photos(3), text="Дарагі Алесь", descriptions=LINES).status_code == 201
    assert kept(house)[0][0] == "Жанчына трымае плакат"
    with house.database.reading() as session:
        greeting = session.scalars(select(Greeting)).one()
        assert "дарагі" in greeting.search_text
        assert not {"жанчына", "плакат", "свечкі"}.intersection(split_words(greeting.search_text))
        log = [json.loads(details) for details in session.scalars(select(AuditEntry.details))]
    assert log
    assert "Жанчына" not in str(log)


def test_exactly_as_much_as_fits_is_taken(sender: Sender, house: House):
    longest = "а" * MAX_DESCRIPTION
    assert sender.send(*photos(2), descriptions=f"{longest}\n{longest}").status_code == 201
    assert kept(house) == [[longest, longest]]


def test_the_sentence_about_one_photo_says_which_for_scripts(sender: Sender):
    answer = sender.send(*photos(3), descriptions="а\nб\n" + "в" * 301)
    places = {part.get("data-place") for part in tree_of(answer).iter() if part.get("data-place")}
    assert places == {"3"}
    assert not [part for part in tree_of(answer).iter() if part.get("data-reason")], "no file is refused"


def test_sent_again_with_other_words_the_first_count(sender: Sender, house: House):
    for lines in ("Першае", "Другое"):
        assert sender.send(photo(), descriptions=lines).status_code == 201
    assert kept(house) == [["Першае"]]


@pytest.mark.parametrize(("facts", "is_open"), [({}, False), ({"descriptions": "Свечкі"}, True)])
def test_who_does_not_want_to_describe_has_one_line_more_and_no_field(
    sender: Sender, facts: dict[str, Any], *, is_open: bool
):
    answer = sender.send(text="", uses=[], **facts)
    (place,) = (part for part in tree_of(answer).iter("details") if part.get("data-descriptions") is not None)
    assert (place.get("open") is not None) is is_open


@given(st.lists(st.text(max_size=20).map(clean), min_size=2, max_size=10))
def test_what_is_kept_as_lines_comes_back_to_the_same_photos(descriptions: list[str]):
    assert by_photo(as_lines(descriptions), len(descriptions)) == descriptions


@given(st.text(max_size=400), st.integers(1, 10))
def test_whatever_is_typed_every_photo_has_one_clean_line(lines: str, count: int):
    found = by_photo(lines, count)
    assert len(found) == count
    assert [clean(line) for line in found] == found
