"""Decisions, one after the other and against one another, by plain forms and as the script makes them."""

from collections.abc import Callable
from typing import Any

import pytest

from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Reason, State, Use
from tests.web.moderation.conftest import THEN, THEN_ON_A_PAGE, Desk

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]


def text(response) -> str:
    return response.get_data(as_text=True)


def as_data(response) -> dict[str, Any]:
    data = response.get_json()
    assert isinstance(data, dict)
    return data


def test_approving_leads_to_the_next_with_a_line_that_can_undo_it(volha: Desk, sent: Sent, now_of: NowOf):
    first, second = sent(), sent()
    response = volha.do("approve", first)
    assert response.status_code == 303
    page = text(volha.get(response.location))
    assert f'data-id="{second.id}"' in page
    assert f'action="/desk/greetings/{first.id}/undo"' in page
    assert ">Approved</p>" in page
    decided = now_of(first)
    assert decided.state is State.APPROVED
    assert decided.decided_by == volha.id
    assert decided.public_sequence is not None


def test_the_undo_line_works_and_puts_the_item_back_on_the_table(volha: Desk, sent: Sent, now_of: NowOf):
    first, _second = sent(), sent()
    volha.do("approve", first)
    response = volha.do("undo", first, version=now_of(first).version)
    assert response.location == f"/desk/queue?at={first.id}"
    assert f'data-id="{first.id}"' in text(volha.get(response.location))
    assert now_of(first).state is State.PENDING
    assert now_of(first).public_sequence is None


def test_the_undo_line_goes_when_somebody_changed_it_again(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    first = sent()
    location = volha.do("approve", first).location
    jan.do("undo", first, version=now_of(first).version)
    assert "data-undo" not in text(volha.get(location)).split("<template")[0]


@pytest.mark.parametrize("reason", list(Reason))
def test_rejecting_keeps_its_reason(volha: Desk, sent: Sent, now_of: NowOf, reason: Reason):
    greeting = sent()
    assert volha.do("reject", greeting, reason=reason.value).status_code == 303
    assert now_of(greeting).state is State.REJECTED
    assert now_of(greeting).reason == reason


@pytest.mark.parametrize("fields", [{}, {"reason": ""}, {"reason": "because"}])
def test_rejecting_without_a_reason_asks_for_one(volha: Desk, sent: Sent, now_of: NowOf, fields):
    greeting = sent()
    response = volha.do("reject", greeting, **fields)
    assert response.status_code == 422
    assert "Please choose a reason" in text(response)
    assert f'data-id="{greeting.id}"' in text(response)
    assert now_of(greeting).state is State.PENDING
    as_json = volha.do("reject", greeting, json=True, **fields)
    assert as_json.status_code == 422
    assert "reason" in as_data(as_json)["message"]


def test_single_uses_can_be_held_back_while_approving(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("approve", greeting, disallowed=["gallery", "press", "nonsense"])
    assert now_of(greeting).disallowed == {Use.GALLERY, Use.PRESS}
    assert now_of(greeting).public_sequence is None


def test_uses_can_be_held_back_and_given_free_after_the_decision(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(state=State.APPROVED)
    volha.do("disallow", greeting, disallowed="gallery")
    assert now_of(greeting).public_sequence is None
    volha.do("disallow", now_of(greeting))
    assert now_of(greeting).public_sequence is not None


@pytest.mark.parametrize("second", ["approve", "reject", "undo"])
@pytest.mark.parametrize("first", ["approve", "reject"])
def test_the_second_of_two_moderators_is_told_and_overwrites_nothing(
    volha: Desk, jan: Desk, sent: Sent, now_of: NowOf, first: str, second: str
):
    greeting = sent()
    volha.do(first, greeting, reason="hurtful")
    before = now_of(greeting)
    response = jan.do(second, greeting, reason="risk")
    assert response.status_code == 409
    page = text(response)
    assert f"Volha {'approved' if first == 'approve' else 'rejected'} it on {THEN_ON_A_PAGE}." in page
    assert "nothing was overwritten" in page
    assert f'href="/desk/queue?after={greeting.id}"' in page
    after = now_of(greeting)
    assert (after.version, after.state, after.reason) == (before.version, before.state, before.reason)


def test_deciding_twice_with_the_right_version_is_refused_too(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("approve", greeting)
    response = volha.do("approve", now_of(greeting))
    assert response.status_code == 409
    assert now_of(greeting).state is State.APPROVED


def test_a_withdrawn_greeting_never_comes_back(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(state=State.WITHDRAWN)
    for act in ("approve", "reject", "undo"):
        response = volha.do(act, greeting, reason="risk")
        assert response.status_code == 409
        assert "Its sender has withdrawn it." in text(response)
    assert volha.do("disallow", greeting).status_code == 410
    assert volha.get(f"/desk/greetings/{greeting.id}/cover").status_code == 410
    assert now_of(greeting).state is State.WITHDRAWN


def test_a_script_gets_the_same_answers_as_data(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting, _other = sent(), sent()
    done = volha.do("approve", greeting, json=True)
    assert done.status_code == 200
    assert as_data(done) == {
        "id": greeting.id,
        "message": "Approved",
        "state": "approved",
        "undo": f"/desk/greetings/{greeting.id}/undo",
        "version": now_of(greeting).version,
        "waiting": 1,
    }
    refused = jan.do("reject", greeting, json=True, reason="risk")
    assert refused.status_code == 409
    assert as_data(refused)["state"] == "approved"
    assert as_data(refused)["message"] == f"Volha approved it on {THEN}."
    assert as_data(refused)["waiting"] == 1
    assert as_data(refused)["url"] == f"/desk/greetings/{greeting.id}"
    undone = volha.do("undo", greeting, json=True, version=as_data(done)["version"])
    assert as_data(undone)["state"] == "pending"
    assert as_data(undone)["waiting"] == 2


def test_a_form_without_its_token_does_nothing(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    assert volha.do("approve", greeting, csrf_token="").status_code == 403
    assert volha.do("approve", greeting, csrf_token="x" * 64).status_code == 403
    assert now_of(greeting).state is State.PENDING


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "9" * 30, "٣"])
def test_a_form_without_a_version_does_nothing(volha: Desk, sent: Sent, now_of: NowOf, version: str):
    greeting = sent()
    assert volha.do("approve", greeting, version=version).status_code == 400
    assert now_of(greeting).state is State.PENDING


@pytest.mark.parametrize("greeting_id", ["x" * 20, "a" * 20, "'", "1"])
def test_what_does_not_exist_is_not_found(volha: Desk, greeting_id: str):
    assert volha.post(f"/desk/greetings/{greeting_id}/approve", version=1).status_code == 404
    assert volha.get(f"/desk/greetings/{greeting_id}").status_code == 404


def test_faces_to_be_covered_come_before_approval(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1, wants_faces_covered=True)
    page = text(volha.get("/desk/queue"))
    assert "The sender asked for faces to be covered" in page
    assert "Cover faces first" in page
    response = volha.do("approve", greeting)
    assert response.status_code == 409
    assert "nobody has confirmed the covers" in text(response)
    assert f"/desk/greetings/{greeting.id}/cover" in text(response)
    assert now_of(greeting).state is State.PENDING


def test_every_decision_leaves_one_entry(volha: Desk, sent: Sent, now_of: NowOf, house: House):
    from sqlalchemy import select

    from greetings.audit.models import AuditEntry

    greeting = sent()
    volha.do("reject", greeting, reason="unreadable")
    volha.do("reject", greeting, reason="unreadable")
    volha.do("undo", now_of(greeting))
    volha.do("approve", now_of(greeting))
    with house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == greeting.id)).all()
        assert [entry.act for entry in entries] == ["reject", "reopen", "approve"]
        assert {entry.actor for entry in entries} == {volha.id}
