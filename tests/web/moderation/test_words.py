"""Mended slips, notes, flags and near-duplicates, as a moderator and the sender see them."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from greetings.audit.models import AuditEntry
from greetings.house import House
from greetings.submissions.likeness import note_likeness
from greetings.submissions.models import Greeting, LikenessKey
from greetings.submissions.rules import State
from tests.pages import tree_of
from tests.web.moderation.conftest import Desk
from tests.web.moderation.test_queue import text

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]
LONG = "З днём нараджэння, дарагі Алесь, няхай гэты год прынясе свабоду, здароўе і сустрэчу з роднымі"


def index(house: House, *greetings: Greeting) -> None:
    with house.database.work() as session:
        for greeting in greetings:
            note_likeness(session, session.get_one(Greeting, greeting.sequence))


def entries(house: House, greeting: Greeting) -> list[tuple[str, str]]:
    with house.database.reading() as session:
        found = select(AuditEntry).where(AuditEntry.subject == greeting.id).order_by(AuditEntry.number)
        return [(entry.act, entry.details) for entry in session.scalars(found)]


# ---------- mending slips


def test_a_mended_slip_keeps_the_original_and_shows_the_difference(
    volha: Desk, sent: Sent, now_of: NowOf, house: House
):
    greeting = sent(text="З днём нараджэня, Алесь!")
    response = volha.do("edit", greeting, text="З днём нараджэння, Алесь!", name="Ганна", town="Вільня")
    assert response.location == f"/desk/queue?at={greeting.id}"
    after = now_of(greeting)
    assert after.text == "З днём нараджэння, Алесь!"
    assert "нараджэння" in after.search_text
    assert after.version > greeting.version
    page = text(volha.get(f"/desk/greetings/{greeting.id}/edit"))
    assert "<del>нараджэня</del><ins>нараджэння</ins>" in page
    assert entries(house, greeting) == [("correct", '{"fields":["text"]}')]


def test_set_back_it_is_as_it_was_sent(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(text="Адно", name="Два")
    volha.do("edit", greeting, text="Першае", name="Другое", town="Вільня")
    volha.do("edit", now_of(greeting), do="set-back")
    after = now_of(greeting)
    assert (after.text, after.name) == ("Адно", "Два")
    assert "as they were sent" in text(volha.get(f"/desk/greetings/{greeting.id}/edit"))


def test_the_first_original_is_the_one_that_is_kept(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(text="першы")
    for words in ("другі", "трэці"):
        volha.do("edit", now_of(greeting), text=words, name="Ганна", town="Вільня")
    page = text(volha.get(f"/desk/greetings/{greeting.id}/edit"))
    assert "<del>першы</del><ins>трэці</ins>" in page


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.ERASED])
def test_no_words_come_back_into_what_was_taken_back(
    volha: Desk, sent: Sent, now_of: NowOf, house: House, state: State
):
    """Whoever opened the page before it was taken back knows its new version, too, by a look at the item."""
    greeting = sent(state=state)
    before = entries(house, greeting)
    answer = volha.do("edit", now_of(greeting), text="Словы", name="Ганна", town="Вільня")
    assert answer.status_code in {409, 410}
    after = now_of(greeting)
    assert (after.text, after.name, after.town, after.search_text) == ("", "", "", "")
    assert entries(house, greeting) == before


def test_a_change_of_words_tells_its_hour_and_no_more(volha: Desk, sent: Sent, now_of: NowOf):
    """The row of a greeting holds no finer time, whoever changed it: it would tell when somebody was here."""
    greeting = sent()
    volha.do("edit", greeting, text="Іншыя словы", name="Ганна", town="Вільня")
    changed_at = now_of(greeting).changed_at
    assert (changed_at.minute, changed_at.second) == (0, 0)


def test_saving_without_a_change_changes_nothing(volha: Desk, sent: Sent, now_of: NowOf, house: House):
    greeting = sent()
    volha.do("edit", greeting, text=greeting.text, name=greeting.name, town=greeting.town)
    assert now_of(greeting).version == greeting.version
    assert entries(house, greeting) == []


def test_two_who_mend_at_once_are_told(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("edit", greeting, text="Першая", name="", town="")
    response = jan.do("edit", greeting, text="Другая", name="", town="")
    assert response.status_code == 409
    assert now_of(greeting).text == "Першая"
    page = text(response)
    assert "Другая</textarea>" in page, "nothing that was typed is lost"
    assert '"difference">Першая</p>' in page
    jan.do("edit", now_of(greeting), text="Другая", name="", town="")
    assert now_of(greeting).text == "Другая"


@pytest.mark.parametrize("words", ["", " ", "а" * 2001])
def test_what_can_not_be_kept_is_said_and_still_there(volha: Desk, sent: Sent, now_of: NowOf, words: str):
    greeting = sent()
    response = volha.do("edit", greeting, text=words, name="<b>", town="")
    assert response.status_code == 422
    assert 'value="&lt;b&gt;"' in text(response)
    assert now_of(greeting).text == greeting.text


def test_the_wall_and_the_receipt_show_the_mended_words(
    volha: Desk, client, sent: Sent, now_of: NowOf, house: House
):
    from greetings.submissions.codes import code_digest

    code = "K7QF 92MX 4TRD 8WZA"
    greeting = sent(state=State.APPROVED, text="Памылкка", code_digest=code_digest(house.keys, code))
    volha.do("edit", greeting, text="Памылка", name="Ганна", town="Вільня")
    assert "Памылка" in text(client.get(f"/ales/en/greetings/{greeting.id}"))
    receipt = text(client.post("/ales/en/receipt", data={"code": code, "do": "status"}))
    assert "Памылка" in receipt
    assert "Памылкка" not in receipt
    assert "A moderator mended a slip" in receipt


def test_what_is_gone_can_not_be_mended_or_noted(volha: Desk, sent: Sent):
    greeting = sent(state=State.WITHDRAWN)
    assert volha.get(f"/desk/greetings/{greeting.id}/edit").status_code == 410
    assert volha.do("edit", greeting, text="x", name="", town="").status_code == 410
    assert volha.do("note", greeting, note="x").status_code == 410


# ---------- notes


def test_a_note_is_read_by_the_team_and_by_nobody_else(
    volha: Desk, jan: Desk, client, sent: Sent, now_of: NowOf, house: House
):
    greeting = sent(photos=1)
    volha.do("note", greeting, note="<i>Looks like my cousin</i>\nAsk Ana")
    page = text(jan.get(f"/desk/queue?at={greeting.id}"))
    assert "&lt;i&gt;Looks like my cousin&lt;/i&gt;" in page
    assert "Volha, " in page
    assert "Looks like my cousin" in text(jan.get(f"/desk/greetings/{greeting.id}"))
    assert now_of(greeting).version == greeting.version, "a note is no change of the greeting"
    jan.do("approve", greeting)
    assert "cousin" not in text(client.get(f"/ales/en/greetings/{greeting.id}"))
    assert entries(house, greeting)[0] == ("note", "{}")
    with house.database.reading() as session:
        held = session.execute(sql("SELECT details FROM audit_entry")).scalars().all()
    assert not any("cousin" in details for details in held)


def test_an_empty_note_is_none(volha: Desk, sent: Sent, house: House):
    greeting = sent()
    volha.do("note", greeting, note=" \u202e ")
    assert entries(house, greeting) == []


# ---------- flags


def test_flags_are_said_in_words_and_marked_where_they_stand(volha: Desk, sent: Sent):
    sent(text="Пішы <мне>: +370 600 00 000", name="Aлесь")
    page = text(volha.get("/desk/queue"))
    assert "A phone number in the words" in page
    assert "Latin and Cyrillic letters in one word" in page
    assert (
        'Пішы &lt;мне&gt;: <mark class="whole" dir="ltr" title="A phone number in the words">+370 600 00 000</mark>'
        in page
    )


# ---------- near-duplicates


def test_the_same_words_again_stand_beside_it_with_what_was_decided(
    volha: Desk, sent: Sent, now_of: NowOf, house: House
):
    first, second, other = (
        sent(text=LONG),
        sent(text=LONG + "!"),
        sent(text="Зусім іншыя словы пра нешта " * 4),
    )
    index(house, first, second, other)
    volha.do("reject", now_of(first), reason="hurtful")
    before = now_of(first)
    page = text(volha.get(f"/desk/queue?at={second.id}"))
    assert "Have we had this already?" in page
    assert "100% alike in words" in page
    assert f"/desk/greetings/{first.id}" in page
    assert '<span class="badge bad">Rejected</span> Volha' in page
    assert f"/desk/greetings/{other.id}" not in page
    volha.do("approve", now_of(second))
    assert now_of(first).version == before.version, "a duplicate never changes the other"


def test_a_picture_much_like_another_stands_beside_it(volha: Desk, sent: Sent, now_of: NowOf, house: House):
    first, second, other = (sent(photos=1, text="") for _ in range(3))
    with house.database.work() as session:
        for greeting, bits in (
            (first, "ffff0000aaaa5555"),
            (second, "ffff0000aaaa5557"),
            (other, "0f0f3c3c99996666"),
        ):
            session.get_one(Greeting, greeting.sequence).photos[0].difference_hash = bits
    index(house, first, second, other)
    page = text(volha.get(f"/desk/queue?at={second.id}"))
    assert "99% alike in the picture" in page
    assert f"/desk/greetings/{first.id}" in page
    assert f"/desk/greetings/{other.id}" not in page


def test_what_was_withdrawn_is_nobodys_twin(volha: Desk, sent: Sent, now_of: NowOf, house: House):
    from greetings.submissions.receipt import withdraw

    first, second = sent(text=LONG), sent(text=LONG)
    index(house, first, second)
    with house.database.session() as session:
        withdraw(house, session, first.id)
        session.commit()
    with house.database.reading() as session:
        assert set(session.scalars(select(LikenessKey.greeting_sequence))) == {second.sequence}
    assert "Have we had this already?" not in text(volha.get(f"/desk/queue?at={second.id}"))


# ---------- in which language


def voices(page: Element, words: str, language: str = "") -> set[str]:
    """The languages in which these words are read aloud, wherever they stand."""
    language = page.get("lang", language)
    found = {language} if words in (page.text or "") else set()
    return found.union(*(voices(child, words, language) for child in page))


@pytest.mark.parametrize(("words", "language"), [("Sto lat, Aleś!", ""), ("С днём рождения!", "ru")])
def test_the_desk_reads_words_aloud_in_their_language_or_in_none(
    volha: Desk, sent: Sent, words: str, language: str
) -> None:
    greeting = sent(text=words, language="be")
    for path in ("queue", "sheet", f"greetings/{greeting.id}", f"greetings/{greeting.id}/edit"):
        assert voices(tree_of(volha.get(f"/desk/{path}")), words) == {language}, path
