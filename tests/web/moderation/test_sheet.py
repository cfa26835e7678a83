"""The contact sheet: nothing is ticked by the machine, each decision of a selection stands by itself."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event

from greetings.house import House
from greetings.moderation import sheets
from greetings.moderation.claims import claim
from greetings.moderation.sheets import SHEET_ITEMS
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.pages import tree_of
from tests.web.moderation.conftest import THEN_ON_A_PAGE, Desk
from tests.web.moderation.test_queue import text

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]


def pick(*greetings: Greeting) -> list[str]:
    return [f"{greeting.id}:{greeting.version}" for greeting in greetings]


def can_be_ticked(page: str, greeting: Greeting) -> bool:
    tick = re.search(rf'<input type="checkbox"[^>]*value="{greeting.id}:{greeting.version}"[^>]*>', page)
    assert tick, "it isn't on the sheet"
    return " disabled" not in tick[0]


def test_what_waits_stands_small_in_its_order_and_nothing_is_ticked(volha: Desk, sent: Sent):
    first, second = sent(photos=1), sent(text="Вітаю!")
    sent(state=State.APPROVED)
    page = text(volha.get("/desk/sheet"))
    assert page.index(first.id) < page.index(second.id)
    assert page.count('name="pick"') == 2
    assert " checked" not in page


def test_a_tick_is_heard_as_whose_greeting_it_is_from_where_and_of_what_kind(volha: Desk, sent: Sent):
    sent(photos=1, name="Ганна", town="Вільня", country="LT")
    sent(text="Вітаю!", name="", town="", country="")
    labels = (
        " ".join("".join(label.itertext()).replace("\u2068", "").replace("\u2069", "").split())
        for label in tree_of(volha.get("/desk/sheet")).iter("label")
        if label.find("input[@name='pick']") is not None
    )
    assert list(labels) == ["Ганна, Вільня, Lithuania, Photo", "No name, No place, Written greeting"]


def test_a_sheet_asks_the_database_a_fixed_number_of_times(volha: Desk, sent: Sent, house: House):
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))

    def reads_of_a_sheet() -> int:
        asked.clear()
        volha.get("/desk/sheet")
        return sum("FROM greeting" in one or "FROM photo" in one for one in asked)

    sent(photos=1)
    volha.get("/desk/sheet")
    with_one = reads_of_a_sheet()
    for _ in range(5):
        sent(photos=2)
    assert reads_of_a_sheet() == with_one


def test_what_others_look_at_is_dimmed_and_can_not_be_ticked(volha: Desk, jan: Desk, sent: Sent):
    first, second = sent(), sent()
    volha.get("/desk/queue")
    page = text(jan.get("/desk/sheet"))
    assert "Volha is looking at it" in page
    assert not can_be_ticked(page, first)
    assert can_be_ticked(page, second)


def test_what_another_took_and_decided_at_the_same_moment_is_passed_over(
    volha: Desk, sent: Sent, monkeypatch: pytest.MonkeyPatch
):
    decided, other = sent(), sent()

    def claim_late(session, sequences, *more):
        return claim(session, [one for one in sequences if one != decided.sequence], *more)

    monkeypatch.setattr(sheets, "claim", claim_late)
    answer = volha.get("/desk/sheet")
    assert answer.status_code == 200
    page = text(answer)
    assert decided.id not in page
    assert can_be_ticked(page, other)


@pytest.mark.parametrize("photos", [0, 1])
def test_words_too_long_for_a_cell_end_behind_a_word_without_its_comma(volha: Desk, sent: Sent, photos: int):
    sent(photos=photos, text="слова, " * 40)
    page = text(volha.get("/desk/sheet"))
    assert "слова…</" in page
    assert 'data-first="open"' in page  # approved at a swipe only when all of it was seen


def test_a_sheet_is_claimed_and_the_next_moderator_gets_another(volha: Desk, jan: Desk, sent: Sent):
    greetings = [sent() for _ in range(SHEET_ITEMS + 2)]
    mine = text(volha.get("/desk/sheet"))
    assert all(greeting.id in mine for greeting in greetings[:SHEET_ITEMS])
    theirs = text(jan.get("/desk/sheet"))
    for greeting in greetings[SHEET_ITEMS:]:
        assert can_be_ticked(theirs, greeting)


def test_a_selection_is_decided_and_can_be_undone(volha: Desk, sent: Sent, now_of: NowOf):
    first, second, third = sent(photos=1), sent(), sent()
    page = text(volha.post("/desk/sheet", pick=pick(first, third), do="approve"))
    assert "2 are decided." in page
    assert [now_of(one).state for one in (first, second, third)] == [
        State.APPROVED,
        State.PENDING,
        State.APPROVED,
    ]
    page = text(volha.post("/desk/sheet", pick=pick(now_of(first), now_of(third)), do="undo"))
    assert "2 are back in the queue." in page
    assert now_of(first).state is now_of(third).state is State.PENDING


def test_what_changed_meanwhile_is_listed_and_stops_no_other(
    volha: Desk, jan: Desk, sent: Sent, now_of: NowOf
):
    first, second, third = sent(name="Ганна"), sent(photos=1, wants_faces_covered=True, name="Лена"), sent()
    jan.do("reject", first, reason="risk")
    page = text(volha.post("/desk/sheet", pick=pick(first, second, third), do="approve"))
    assert "1 is decided." in page
    assert "2 were not decided:" in page
    assert f"Jan rejected it on {THEN_ON_A_PAGE}." in page
    assert "nobody has confirmed the covers yet" in page
    assert now_of(first).state is State.REJECTED
    assert now_of(second).state is State.PENDING
    assert now_of(third).state is State.APPROVED


def test_a_selection_is_rejected_for_one_reason(volha: Desk, sent: Sent, now_of: NowOf, house: House):
    from sqlalchemy import select

    from greetings.audit.models import AuditEntry

    greetings = [sent() for _ in range(3)]
    volha.post("/desk/sheet", pick=pick(*greetings), reason="hurtful")
    assert {now_of(one).reason for one in greetings} == {"hurtful"}
    with house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "reject")).all()
        assert {entry.subject for entry in entries} == {one.id for one in greetings}
        assert house.audit.troubles(session) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "approve"}, "Nothing is ticked yet."),
        ({"do": "approve", "pick": ["x", "a:1", f"{'a' * 20}:x"]}, "Nothing is ticked yet."),
        ({"reason": "because", "pick": [f"{'a' * 20}:1"]}, "Please choose a reason"),
    ],
)
def test_what_is_missing_is_said(volha: Desk, sent: Sent, fields, said: str):
    sent()
    response = volha.post("/desk/sheet", **fields)
    assert response.status_code == 422
    assert said in text(response)


def test_the_enter_key_in_the_form_decides_nothing_and_keeps_the_ticks(
    volha: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent()
    page = text(volha.post("/desk/sheet", pick=pick(greeting), do="nothing"))
    assert " checked" in page
    assert now_of(greeting).state is State.PENDING
    form = page.split('<form class="sheet-form"')[1]
    assert form.index('value="nothing"') < form.index('name="reason"')


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_sheet_opens_in_each_language_even_empty(seat, sent: Sent, language: str):
    desk = seat("Ala", language=language)
    assert desk.get("/desk/sheet").status_code == 200
    sent(photos=2, shows_children=True, text="https://example.org")
    response = desk.get("/desk/sheet")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
