"""An action that asks for two different moderators: the first approval, the second, and what comes in between."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from greetings.accounts.models import Moderator
from greetings.actions.models import Action
from greetings.house import House
from greetings.moderation import service
from greetings.moderation.models import Approval
from greetings.moderation.rules import Concern
from greetings.submissions.models import Greeting
from greetings.submissions.receipt import withdraw
from greetings.submissions.rules import State, Use
from tests.web.actions.test_desk import fields_of
from tests.web.moderation.conftest import THEN_ON_A_PAGE, Desk
from tests.web.moderation.test_queue import shown, text
from tests.web.moderation.test_together import alone, as_data

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]
AWAITED = "One more approval is needed."


@pytest.fixture(autouse=True)
def asks_for_two(house: House, action: Action) -> None:
    with house.database.work() as session:
        session.execute(update(Action).values(needs_two=True))


def test_the_second_of_two_different_moderators_publishes(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    assert volha.do("approve", greeting).status_code == 303
    assert now_of(greeting).state is State.PENDING
    assert now_of(greeting).public_sequence is None
    page = text(jan.get("/desk/queue"))
    assert f"Volha approved it on {THEN_ON_A_PAGE}." in page
    assert AWAITED in page
    assert jan.do("approve", greeting).status_code == 303
    after = now_of(greeting)
    assert (after.state, after.decided_by) == (State.APPROVED, jan.id)
    assert after.public_sequence is not None
    history = text(jan.get(f"/desk/greetings/{greeting.id}"))
    assert "Volha: approved, as the first of two" in history
    assert "Jan: approved" in history


def test_the_same_moderator_twice_is_one_approval(house: House, volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    for _ in range(2):
        answer = volha.do("approve", greeting, json=True)
        assert answer.status_code == 200
        assert as_data(answer)["message"] == "Approved. Now somebody else must approve it, too."
        assert as_data(answer)["state"] == "pending"
    assert now_of(greeting).state is State.PENDING
    assert text(volha.get(f"/desk/greetings/{greeting.id}")).count("as the first of two") == 1


def test_ones_own_approvals_are_passed_over_and_not_counted_among_those_that_wait(
    volha: Desk, jan: Desk, sent: Sent
):
    first, second = sent(), sent()
    assert as_data(volha.do("approve", first, json=True))["waiting"] == 1
    assert alone(volha) == second.id
    assert alone(jan) == first.id
    assert first.id not in volha.get("/desk/sheet").get_data(as_text=True)
    volha.do("approve", second)
    page = text(volha.get("/desk/queue"))
    assert "Now it is others’ turn" in page
    assert "2 greetings have your approval" in page
    assert "Now it is others’ turn" in text(volha.get("/desk/sheet"))
    assert shown(volha.get(f"/desk/queue?at={first.id}")) == first.id, "asked for by name it comes"


@pytest.mark.parametrize(
    "facts",
    [{"state": State.REJECTED}, {"state": State.APPROVED}, {"photos": 1, "wants_faces_covered": True}],
)
def test_the_first_approval_is_only_of_what_waits_and_whose_covers_somebody_has_looked_at(
    house: House, volha: Desk, sent: Sent, now_of: NowOf, facts: dict[str, object]
):
    """What can't be approved alone can't be approved as the first of two."""
    greeting = sent(**facts)
    assert volha.do("approve", greeting, json=True).status_code >= 400
    after = now_of(greeting)
    assert (after.state, after.version) == (greeting.state, greeting.version)
    with house.database.reading() as session:
        assert session.scalars(select(Approval)).all() == []


def test_either_of_them_alone_rejects(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    first, second = sent(), sent()
    volha.do("approve", first)
    assert jan.do("reject", first, reason="risk").status_code == 303
    assert volha.do("reject", second, reason="risk").status_code == 303
    assert now_of(first).state is now_of(second).state is State.REJECTED


def test_each_takes_back_only_ones_own_approval(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("approve", greeting)
    jan.do("approve", greeting)
    published = now_of(greeting)
    assert jan.do("undo", published).status_code == 303
    reopened = now_of(greeting)
    assert reopened.state is State.PENDING
    assert f"Volha approved it on {THEN_ON_A_PAGE}." in text(jan.get(f"/desk/queue?at={greeting.id}"))
    assert volha.do("undo", reopened).status_code == 303
    assert AWAITED not in text(jan.get(f"/desk/queue?at={greeting.id}"))
    assert jan.do("approve", reopened).status_code == 303
    assert now_of(greeting).state is State.PENDING, "now it is the first one"


def test_what_somebody_else_takes_back_asks_for_both_anew(
    volha: Desk, jan: Desk, organiser: Desk, sent: Sent, now_of: NowOf
):
    """They saw something in it that neither of the two did; it is no second thought of the one who published."""
    greeting = sent()
    volha.do("approve", greeting)
    jan.do("approve", greeting)
    assert organiser.do("undo", now_of(greeting)).status_code == 303
    assert AWAITED not in text(jan.get(f"/desk/queue?at={greeting.id}"))
    jan.do("approve", now_of(greeting))
    assert now_of(greeting).state is State.PENDING, "Volha has not looked again"


def test_what_the_public_reported_asks_for_both_anew(
    house: House, volha: Desk, jan: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent()
    volha.do("approve", greeting)
    jan.do("approve", greeting)
    published = now_of(greeting)
    with house.database.work() as session:
        service.report(session, published, Concern.DANGER, "", house.clock)
    jan.do("settle", published, do="reopen")
    assert AWAITED not in text(jan.get(f"/desk/queue?at={greeting.id}"))
    jan.do("approve", now_of(greeting))
    assert now_of(greeting).state is State.PENDING, "Volha has not seen what was reported"


def test_the_line_above_the_next_item_offers_to_undo_a_first_approval(volha: Desk, sent: Sent, now_of: NowOf):
    greeting, _next = sent(), sent()
    way = volha.do("approve", greeting).headers["Location"]
    page = volha.get(way).get_data(as_text=True)
    assert "Approved. Now somebody else must approve it, too." in page
    assert f"/desk/greetings/{greeting.id}/undo" in page
    assert volha.do("undo", greeting).status_code == 303
    assert "as the first of two" in text(volha.get(f"/desk/greetings/{greeting.id}")), "the history keeps it"
    assert shown(volha.get("/desk/queue")) == greeting.id


def test_what_changes_afterwards_asks_for_both_anew(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("approve", greeting)
    jan.post(f"/desk/greetings/{greeting.id}/edit", version=greeting.version, text="Mended", name="", town="")
    mended = now_of(greeting)
    assert mended.text == "Mended"
    assert jan.do("approve", mended).status_code == 303
    assert now_of(greeting).state is State.PENDING, "Volha has not seen these words"
    assert volha.do("approve", mended).status_code == 303
    assert now_of(greeting).state is State.APPROVED


def test_the_approval_of_somebody_who_left_the_team_falls(
    house: House, volha: Desk, jan: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent()
    volha.do("approve", greeting)
    with house.database.work() as session:
        session.execute(update(Moderator).where(Moderator.id == volha.id).values(is_active=False))
    assert AWAITED not in text(jan.get("/desk/queue"))
    jan.do("approve", greeting)
    assert now_of(greeting).state is State.PENDING


def test_what_one_of_two_holds_back_stays_held_back(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("approve", greeting, disallowed=["press"])
    jan.do("approve", greeting, disallowed=["events"])
    assert now_of(greeting).disallowed == {Use.PRESS, Use.EVENTS}


def test_the_contact_sheet_says_how_many_wait_for_others(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greetings = [sent(), sent()]
    picks = [f"{one.id}:{one.version}" for one in greetings]
    volha.get("/desk/sheet")
    page = text(volha.post("/desk/sheet", pick=picks, do="approve"))
    assert "2 of them wait for somebody else’s approval now." in page
    jan.get("/desk/sheet")
    page = text(jan.post("/desk/sheet", pick=picks, do="approve"))
    assert "somebody else’s approval" not in page
    assert all(now_of(one).state is State.APPROVED for one in greetings)


def test_a_withdrawal_takes_the_approval_along(
    house: House, volha: Desk, jan: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent()
    volha.do("approve", greeting)
    with house.database.session() as session:
        withdraw(house, session, greeting.id)
        session.commit()
    assert jan.do("approve", greeting).status_code == 409
    assert now_of(greeting).state is State.WITHDRAWN


def test_when_one_is_enough_again_nobody_s_item_is_left_behind(
    action: Action, house: House, organiser: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent()
    organiser.do("approve", greeting)
    assert shown(organiser.get("/desk/queue")) is None
    with house.database.reading() as session:
        fields = fields_of(session.get_one(Action, action.id))
    ticked = re.search(r'<input[^>]*name="needs_two"[^>]*>', text(organiser.get("/desk/actions/ales")))
    assert ticked is not None
    assert "checked" in ticked[0], "what is set is shown"
    assert organiser.post("/desk/actions/ales", json=False, **fields).status_code == 303
    assert shown(organiser.get("/desk/queue")) == greeting.id
    organiser.do("approve", greeting)
    assert now_of(greeting).state is State.APPROVED
