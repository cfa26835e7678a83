"""Several moderators at one queue: claims, and what happens to a decision on what changed meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from greetings.house import House
from greetings.moderation.claims import CLAIM_LASTS, HAND
from greetings.moderation.models import Claim
from greetings.operations.housekeeping import keep_house
from greetings.submissions.models import Greeting
from greetings.submissions.receipt import withdraw
from greetings.submissions.rules import State
from greetings.web.typography import NO_BREAK
from tests.web.moderation.conftest import THEN, Desk
from tests.web.moderation.test_queue import shown, text

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]


def pair(greeting: Greeting) -> str:
    return f"{greeting.id}:{greeting.version}"


def as_data(response) -> dict[str, Any]:
    """The JSON of an answer."""
    return dict(response.json)


def alone(desk: Desk, place: str = "") -> str | None:
    """The item that the page's script is given."""
    return as_data(desk.get(f"/desk/queue{place}", headers={"Accept": "application/json"}))["id"]


def claims_held(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Claim)) or 0


def test_what_lies_on_one_screen_is_passed_over_for_the_other(volha: Desk, jan: Desk, sent: Sent):
    first, second = sent(), sent()
    assert shown(volha.get("/desk/queue")) == first.id
    assert shown(jan.get("/desk/queue")) == second.id
    assert shown(volha.get("/desk/queue")) == first.id, "what is mine comes again"


def test_a_claim_lapses(volha: Desk, jan: Desk, sent: Sent, clock):
    first, _second = sent(), sent()
    volha.get("/desk/queue")
    clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
    assert shown(jan.get("/desk/queue")) == first.id


def test_a_claim_that_is_renewed_lasts(volha: Desk, jan: Desk, sent: Sent, clock):
    first, second = sent(), sent()
    volha.get("/desk/queue")
    for _ in range(4):
        clock.forward(seconds=60)
        assert volha.post("/desk/claims", ids=pair(first), json=True).status_code == 200
    assert shown(jan.get("/desk/queue")) == second.id


def test_whoever_moves_on_leaves_it_to_the_others(volha: Desk, jan: Desk, sent: Sent):
    first, second, third = sent(), sent(), sent()
    volha.get("/desk/queue")
    assert shown(volha.get(f"/desk/queue?after={first.id}")) == second.id
    assert shown(jan.get("/desk/queue")) == first.id
    assert volha.post("/desk/claims", ids=pair(second), do="let-go").status_code == 200
    assert shown(jan.get(f"/desk/queue?after={first.id}")) == second.id
    assert third.state is State.PENDING


def test_only_ones_own_claims_can_be_given_back(volha: Desk, jan: Desk, sent: Sent):
    first, second = sent(), sent()
    volha.get("/desk/queue")
    jan.post("/desk/claims", ids=pair(first), do="let-go")
    assert shown(jan.get("/desk/queue")) == second.id


def test_loading_ahead_claims_too_and_leaves_the_item_on_the_screen(volha: Desk, jan: Desk, sent: Sent):
    first, second, *others = [sent() for _ in range(2 + HAND)]
    volha.get("/desk/queue")
    assert alone(volha, f"?after={first.id}") == second.id
    assert shown(jan.get("/desk/queue")) == others[HAND - 1].id


def test_a_claim_keeps_nobody_from_deciding(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.get("/desk/queue")
    assert jan.do("approve", greeting).status_code == 303
    assert now_of(greeting).state is State.APPROVED


def test_what_is_asked_for_by_name_is_shown_and_says_who_has_it(volha: Desk, jan: Desk, sent: Sent):
    greeting = sent()
    volha.get("/desk/queue")
    empty = text(jan.get("/desk/queue"))
    assert "Others have the rest" in empty
    assert "Volha has the oldest." in empty
    response = jan.get(f"/desk/queue?at={greeting.id}")
    assert shown(response) == greeting.id
    assert "Volha is looking at this one, too." in text(response)


def test_a_decision_and_a_withdrawal_end_the_claim(volha: Desk, jan: Desk, sent: Sent, house: House):
    first, second = sent(), sent()
    volha.get("/desk/queue")
    alone(volha, f"?after={first.id}")
    volha.do("approve", first)
    with house.database.session() as session:
        withdraw(house, session, second.id)
        session.commit()
    assert claims_held(house) == 0
    assert jan.get("/desk/queue").status_code == 200


def test_the_screen_hears_what_others_did_meanwhile(volha: Desk, jan: Desk, sent: Sent):
    first, second = sent(), sent()
    volha.get("/desk/queue")
    jan.do("approve", first)
    told = as_data(volha.post("/desk/claims", ids=[pair(first), pair(second)], json=True))
    assert told["waiting"] == 1
    assert told["oldest"] == "since today"
    assert told["changed"] == [
        {
            "id": first.id,
            "seen": first.version,
            "state": "approved",
            "is_mine": False,
            "message": f"Jan approved it on {THEN}.",
            "moment": {"at": "2026-09-18T14:27+00:00", "said": THEN},
            "url": f"/desk/greetings/{first.id}",
        }
    ]


def test_nothing_tells_later_who_looked_at_what(volha: Desk, sent: Sent, house: House, clock):
    sent()
    volha.get("/desk/queue")
    keep_house(house)
    assert claims_held(house) == 1
    clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
    keep_house(house)
    assert claims_held(house) == 0


@pytest.mark.parametrize("ids", [[], ["x"], ["a" * 20], ["'; DROP TABLE claim;--:1"], [f"{'a' * 20}:x"]])
def test_strange_ids_claim_nothing(volha: Desk, sent: Sent, ids: list[str]):
    sent()
    assert as_data(volha.post("/desk/claims", ids=ids, json=True))["changed"] == []


def test_a_decision_asked_twice_because_its_answer_was_lost_is_made_once(
    volha: Desk, jan: Desk, sent: Sent, now_of: NowOf
):
    greeting = sent()
    first = volha.do("approve", greeting, json=True)
    again = volha.do("approve", greeting, json=True)
    assert first.status_code == again.status_code == 200
    assert as_data(again)["version"] == now_of(greeting).version
    assert volha.do("reject", greeting, json=True, reason="risk").status_code == 409
    assert jan.do("approve", greeting, json=True).status_code == 409


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("be", "Ухвалена: Volha, 18 верасня 2026 года, 14:27 UTC."),
        ("ru", "Одобрено: Volha, 18 сентября 2026 года, 14:27 UTC."),
        ("en", "Volha approved it on 18 September 2026, 14:27 UTC."),
    ],
)
def test_what_happened_is_said_in_the_language_of_the_page(seat, volha: Desk, sent: Sent, language, said):
    greeting = sent()
    volha.do("approve", greeting)
    response = seat("Ala", language=language).do("approve", greeting, json=True)
    assert response.status_code == 409
    assert as_data(response)["message"].replace(NO_BREAK, " ") == said
