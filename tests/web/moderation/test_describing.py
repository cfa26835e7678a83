"""What can be seen in a photo, read, written and mended at the desk, and what becomes of that."""

import json
import re
from collections.abc import Callable

import pytest

from greetings.house import House
from greetings.submissions.codes import code_digest
from greetings.submissions.models import Greeting, OriginalWords
from greetings.submissions.rules import State, Use
from tests.factories import ALL_USES
from tests.pages import PageClient, tree_of
from tests.web.moderation.conftest import Desk
from tests.web.moderation.test_queue import text
from tests.web.moderation.test_words import entries, voices

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]
SEEN = "Жанчына трымае плакат «З днём нараджэння, Алесь!»"
CODE = "K7QF 92MX 4TRD 8WZA"


@pytest.fixture
def said(sent: Sent) -> Sent:
    """A greeting whose sender said what can be seen in its photos."""

    def make(*descriptions: str, **facts: object) -> Greeting:
        return sent(photos=len(descriptions), descriptions=descriptions, **facts)

    return make


def described(greeting: Greeting) -> list[str]:
    return [photo.description for photo in greeting.photos]


def test_a_moderator_says_what_can_be_seen_in_each_photo(
    volha: Desk, client: PageClient, sent: Sent, now_of: NowOf, house: House
):
    greeting = sent(photos=3, state=State.APPROVED)
    page = volha.get(f"/desk/greetings/{greeting.id}").get_data(as_text=True)
    assert f'href="/desk/greetings/{greeting.id}/describe"' in page
    assert "Жанчына" not in text(client.get(f"/ales/be/greetings/{greeting.id}"))
    answer = volha.do("describe", greeting, **{"description-1": f" {SEEN}\n", "description-3": "Свечкі"})
    assert answer.status_code == 303
    before = now_of(greeting)
    assert described(before) == [SEEN, "", "Свечкі"]
    volha.do("describe", before, **{"description-3": "Дзве свечкі"})
    after = now_of(greeting)
    assert described(after) == [SEEN, "", "Дзве свечкі"]
    assert after.version > before.version, (
        "whoever saw the other must look again, though its own row is the same"
    )
    assert entries(house, greeting)[-1] == ("describe", '{"fields":["descriptions"]}')
    shown = tree_of(client.get(f"/ales/en/greetings/{greeting.id}"))
    assert [one.text for one in shown.iter("figcaption")] == [SEEN, "Дзве свечкі"]
    assert voices(shown, SEEN) == {"be"}
    assert SEEN in text(client.get("/ales/ru/greetings/")), "tiles that were kept ready don’t outlive it"


def test_what_its_sender_said_is_kept_where_a_slip_of_it_is_mended_and_can_come_back(
    volha: Desk, said: Sent, now_of: NowOf, house: House
):
    greeting = said("Жанчна з плакатам", "")
    volha.do("describe", greeting, **{"description-1": "Жанчына з плакатам", "description-2": "Свечкі"})
    page = text(volha.get(f"/desk/greetings/{greeting.id}/describe"))
    assert "<del>Жанчна</del><ins>Жанчына</ins>" in page
    assert "<ins>Свечкі</ins>" in page
    assert "What can be seen in picture 2" in page
    with house.database.reading() as session:
        assert session.get_one(OriginalWords, greeting.sequence).descriptions == "Жанчна з плакатам"
    volha.do("describe", now_of(greeting), do="set-back")
    assert described(now_of(greeting)) == ["Жанчна з плакатам", ""]
    with house.database.reading() as session:
        assert session.get(OriginalWords, greeting.sequence) is None


def test_fields_that_are_not_sent_keep_what_they_hold(volha: Desk, said: Sent, now_of: NowOf):
    greeting = said(SEEN, "Свечкі")
    volha.do("describe", greeting, **{"description-2": "Дзве свечкі", "description-9": "Лішняе"})
    volha.do("edit", now_of(greeting), name="Іншае", **{"description-1": "Не адсюль"})
    after = now_of(greeting)
    assert (after.name, described(after)) == ("Іншае", [SEEN, "Дзве свечкі"])


def test_a_description_that_is_too_long_is_said_at_its_field_and_still_there(
    volha: Desk, said: Sent, now_of: NowOf
):
    greeting = said(SEEN, "")
    answer = volha.do("describe", greeting, **{"description-2": "а" * 301})
    assert answer.status_code == 422
    page = text(answer)
    assert "а" * 301 + "</textarea>" in page
    assert 'href="#description-2"' in page
    assert "this is 1 too many" in page
    assert described(now_of(greeting)) == [SEEN, ""]
    assert volha.do("describe", greeting, **{"description-2": "а" * 300}).status_code == 303


def test_two_who_describe_at_once_are_told(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=2)
    volha.do("describe", greeting, **{"description-2": "Першае"})
    answer = jan.do("describe", greeting, **{"description-2": "Другое"})
    assert answer.status_code == 409
    assert "Другое</textarea>" in text(answer)
    assert '"difference">Першае</p>' in text(answer)
    assert described(now_of(greeting)) == ["", "Першае"]


@pytest.mark.parametrize("path", ["queue", "greetings/{}"])
def test_the_desk_shows_what_is_said_and_marks_in_it_what_wants_a_second_look(
    volha: Desk, said: Sent, path: str
):
    greeting = said("", "Пішыце на hanna@example.org", language="be")
    page = volha.get(f"/desk/{path.format(greeting.id)}")
    (line,) = (one for one in tree_of(page).iter("li") if one.get("value") == "2")
    assert "".join(line.itertext()) == "Пішыце на hanna@example.org"
    assert line.get("lang") == "be"
    assert [mark.text for mark in line.iter("mark")] == ["hanna@example.org"]
    flags = [one for part in tree_of(page).iter("ul") if part.get("class") == "flags" for one in part]
    told = ["".join(flag.itertext()).replace("\u2060", "").strip() for flag in flags]
    assert "An e-mail address in the words" in told


def test_nobody_is_asked_to_describe_a_greeting_without_photos(volha: Desk, sent: Sent):
    greeting = sent()
    for path in ("queue", f"greetings/{greeting.id}", f"greetings/{greeting.id}/edit"):
        page = text(volha.get(f"/desk/{path}"))
        assert "/describe" not in page
        assert "What can be seen" not in page
    assert volha.get(f"/desk/greetings/{greeting.id}/describe").status_code == 404


WRITTEN = "A moderator described what can be seen, for people who can’t see it."
CHANGED = "A moderator changed your description of a photo. It stands here as it is shown."
TAKEN_OUT = "A moderator took out your description of a photo."


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ([""], [""], []),
        ([SEEN], [SEEN], []),
        ([""], [SEEN], [WRITTEN]),
        (["Жанчна"], ["Жанчына"], [CHANGED]),
        (["Жанчына"], [""], [TAKEN_OUT]),
        (["Жанчына", "Жанчна", "Жанчына"], ["", "Жанчына", "Жанчына"], [CHANGED, TAKEN_OUT]),
        (["", "Жанчына"], ["Свечкі", ""], [WRITTEN, TAKEN_OUT]),
    ],
)
def test_the_receipt_says_what_is_kept_and_what_a_moderator_did_with_it(
    volha: Desk, client: PageClient, said: Sent, house: House,
    before: list[str], now: list[str], told: list[str],
):  # fmt: skip
    greeting = said(*before, code_digest=code_digest(house.keys, CODE))
    volha.do("describe", greeting, **{f"description-{place}": one for place, one in enumerate(now, start=1)})
    receipt = client.post("/ales/en/receipt", data={"code": CODE, "do": "status"})
    kept = [
        "".join(line.itertext())
        for part in tree_of(receipt).iter("ol")
        if part.get("id") == "receipt-descriptions"
        for line in part.iter("li")
    ]
    assert kept == [one for one in now if one]
    assert [one for one in (WRITTEN, CHANGED, TAKEN_OUT) if one in text(receipt)] == told
    assert "A moderator mended" not in text(receipt), "of the words, which nobody touched"


def test_the_receipt_tells_mended_words_from_what_was_said_of_a_photo(
    volha: Desk, client: PageClient, said: Sent, now_of: NowOf, house: House
):
    greeting = said("Жанчна", text="Памылкка", code_digest=code_digest(house.keys, CODE))
    volha.do("edit", greeting, text="Памылка")
    receipt = text(client.post("/ales/en/receipt", data={"code": CODE, "do": "status"}))
    assert "A moderator mended a slip" in receipt
    assert CHANGED not in receipt
    volha.do("describe", now_of(greeting), **{"description-1": "Жанчына"})
    volha.do("edit", now_of(greeting), do="set-back")
    assert (now_of(greeting).text, described(now_of(greeting))) == ("Памылкка", ["Жанчына"])
    receipt = text(client.post("/ales/en/receipt", data={"code": CODE, "do": "status"}))
    assert "A moderator mended a slip" not in receipt
    assert CHANGED in receipt


def test_withdrawn_it_is_gone_from_every_row(
    volha: Desk, client: PageClient, said: Sent, now_of: NowOf, house: House
):
    greeting = said("Жанчна", state=State.APPROVED, code_digest=code_digest(house.keys, CODE))
    volha.do("describe", greeting, **{"description-1": "Жанчына"})
    client.post("/ales/en/receipt", data={"code": CODE, "do": "withdraw", "sure": "1"})
    assert now_of(greeting).descriptions == ""
    with house.database.reading() as session:
        assert session.get(OriginalWords, greeting.sequence) is None
    assert client.get(f"/ales/be/greetings/{greeting.id}").status_code == 410
    assert "Жанчына" not in text(client.get("/ales/be/greetings/"))


def test_whatever_is_typed_at_the_desk_steers_no_neighbour(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=2)
    typed = {"description-1": "З \u202eадваротным\x00 кірункам\u2028і \u2066", "description-2": "\u200f\x1b"}
    volha.do("describe", greeting, **typed)
    assert described(now_of(greeting)) == ["З адваротным кірункам і", ""]


@pytest.mark.parametrize(
    ("granted", "paths"),
    [
        (
            ALL_USES,
            [
                "/ales/be/",
                "/ales/be/greetings/",
                "/ales/be/greetings/?kind=photo",
                "/ales/be/greetings/{id}",
                "/ales/be/greetings/{id}/report",
                "/ales/be/feed.atom",
                "/ales/be/feed.json",
                "/ales/be/screen?show={id}-0",
                "/embed/ales/be/strip",
            ],
        ),
        ({Use.EVENTS}, ["/ales/be/screen?show={id}-0"]),  # none of whose rows of photos is public
    ],
)
def test_emptied_it_is_gone_from_every_place_at_the_next_look(
    volha: Desk, client: PageClient, said: Sent, granted: frozenset[Use], paths: list[str]
):
    greeting = said("Жанчына", text="", state=State.APPROVED, granted=frozenset(granted))
    asked = [path.format(id=greeting.id) for path in paths]

    def telling() -> list[str]:
        return [path for path in asked if "Жанчына" in client.get(path).get_data(as_text=True)]

    assert telling() == telling() == asked, "the second time out of what is kept ready"
    volha.do("describe", greeting, **{"description-1": ""})
    assert telling() == []


def test_what_can_be_seen_is_not_searched_for_and_stands_in_no_log(
    volha: Desk, client: PageClient, said: Sent, now_of: NowOf, house: House
):
    greeting = said("Рабіна", state=State.APPROVED, code_digest=code_digest(house.keys, CODE))
    volha.do("edit", greeting, text="Дарагі Алесь")
    volha.do("describe", now_of(greeting), **{"description-1": "Каліна"})
    ways = ("/ales/be/greetings/?q={}", "/desk/decided?q={}")
    for word, is_found in (("Алесь", True), ("Рабіна", False), ("Каліна", False)):
        for way in ways:
            page = (volha if "desk" in way else client).get(way.format(word)).get_data(as_text=True)
            assert (greeting.id in page) is is_found, (way, word)
    client.post("/ales/en/receipt", data={"code": CODE, "do": "withdraw", "sure": "1"})
    assert now_of(greeting).state is State.WITHDRAWN
    log = str([json.loads(details) for _act, details in entries(house, greeting)])
    assert "descriptions" in log
    assert not {"Рабіна", "Каліна"}.intersection(re.findall(r"\w+", log))
