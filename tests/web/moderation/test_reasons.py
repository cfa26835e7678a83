"""Reasons for rejecting: changed by organisers, offered at the desk, read on the receipt."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.audit.models import AuditEntry
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.submissions.codes import code_digest, code_for
from greetings.submissions.models import Greeting, RejectionReason
from greetings.submissions.reasons import offered_reasons
from greetings.submissions.rules import State
from greetings.web.typography import NO_BREAK
from tests.web.moderation.conftest import Desk

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]
SUBMISSION_KEY = "f" * 32


def text(response) -> str:
    return response.get_data(as_text=True)


def words(**changed: str) -> dict[str, Any]:
    """The texts of a whole reason, as the form sends them."""
    said = {
        f"{language}_{part}": f"{part} in {language}"
        for language in LANGUAGES
        for part in ("name", "why", "now")
    }
    return {**said, **changed}


def kept(house: House, code: str) -> RejectionReason:
    with house.database.reading() as session:
        reason = session.get_one(RejectionReason, code)
        session.expunge_all()
        return reason


def offered(house: House) -> list[tuple[str, int | None]]:
    with house.database.reading() as session:
        return [(reason.name, reason.digit) for reason in offered_reasons(session, "en")]


def arrange(desk: Desk, house: House, code: str, do: str, **fields: Any):
    version = str(kept(house, code).version)
    return desk.post(f"/desk/reasons/{code}/arrange", do=do, **{"version": version, **fields})


def test_an_installation_begins_with_five_reasons_on_the_keys_one_to_five(house: House):
    assert [digit for _name, digit in offered(house)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_reasons_speak_each_language_and_are_never_kept(seat, language: str):
    from greetings.accounts.rules import Role

    desk = seat("Maryna", Role.ORGANISER, language=language)
    for path in ("/desk/reasons", "/desk/reasons/add", "/desk/reasons/risk"):
        response = desk.get(path)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"


def test_moderators_use_reasons_and_do_not_change_them(volha: Desk, house: House):
    assert volha.get("/desk/reasons").status_code == 403
    assert volha.post("/desk/reasons/add", **words()).status_code == 403
    assert arrange(volha, house, "risk", "retire").status_code == 403


def test_a_new_reason_is_in_the_queue_under_its_key_and_rejects(
    organiser: Desk, volha: Desk, sent: Sent, now_of: NowOf, house: House
):
    assert organiser.post("/desk/reasons/add", digit="7", **words(en_name="Too political")).status_code == 303
    greeting = sent()
    page = text(volha.get("/desk/queue"))
    button = re.search(r'<button[^>]*name="reason" value="(\w+)" data-key="7"[^>]*>.*?Too political', page)
    assert button
    assert volha.do("reject", greeting, reason=button[1]).status_code == 303
    assert now_of(greeting).reason == button[1]
    assert offered(house)[-1] == ("Too political", 7)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_says_in_its_own_language_why_and_what_may_be_done_now(
    organiser: Desk, volha: Desk, client, sent: Sent, house: House, action: Action, language: str
):
    organiser.post("/desk/reasons/add", digit="", **words(en_name="New"))
    with house.database.reading() as session:
        code = offered_reasons(session, "en")[-1].code
    receipt_code = code_for(house.keys, SUBMISSION_KEY)
    greeting = sent(code_digest=code_digest(house.keys, receipt_code))
    volha.do("reject", greeting, reason=code)
    arrange(organiser, house, code, "retire")
    page = text(client.post(f"/ales/{language}/receipt", data={"code": receipt_code, "do": "status"}))
    between = " " if language == "en" else NO_BREAK
    assert f"why in{between}{language}" in page
    assert f"now in{between}{language}" in page


def test_a_retired_reason_is_offered_no_more_and_stays_with_what_was_rejected_with_it(
    organiser: Desk, volha: Desk, sent: Sent, now_of: NowOf, house: House
):
    rejected, waiting = sent(), sent()
    volha.do("reject", rejected, reason="hurtful")
    assert arrange(organiser, house, "hurtful", "retire").status_code == 303
    assert "Hurtful or advertising" not in text(volha.get(f"/desk/queue?at={waiting.id}"))
    assert volha.do("reject", waiting, reason="hurtful").status_code == 422
    assert now_of(waiting).state is State.PENDING
    assert "Hurtful or advertising" in text(volha.get(f"/desk/greetings/{rejected.id}"))
    assert "Hurtful or advertising" in text(volha.get("/desk/decided"))


def test_a_retired_reason_frees_its_key_and_comes_back_without_one(organiser: Desk, house: House):
    arrange(organiser, house, "risk", "retire")
    assert organiser.post("/desk/reasons/add", digit="2", **words()).status_code == 303
    assert arrange(organiser, house, "risk", "restore").status_code == 303
    assert offered(house)[-1] == ("Someone may be put at risk", None)


def test_a_key_belongs_to_one_reason(organiser: Desk, house: House):
    response = organiser.post("/desk/reasons/add", digit="2", **words())
    assert response.status_code == 422
    assert "Another reason has this key" in text(response)
    assert len(offered(house)) == 5


@pytest.mark.parametrize("digit", ["0", "10", "x", "-1", "²"])
def test_a_strange_key_is_refused(organiser: Desk, house: House, digit: str):
    assert organiser.post("/desk/reasons/add", digit=digit, **words()).status_code == 422
    assert len(offered(house)) == 5


@pytest.mark.parametrize(
    "missing", [f"{language}_{part}" for language in LANGUAGES for part in ("name", "why", "now")]
)
def test_a_missing_text_is_asked_for_and_nothing_typed_is_lost(organiser: Desk, house: House, missing: str):
    response = organiser.post("/desk/reasons/add", digit="", **words(**{missing: " \u200b "}))
    page = text(response)
    assert response.status_code == 422
    assert f'href="#{missing}"' in page
    other = "be_why" if missing != "be_why" else "ru_why"
    assert words()[other] in page
    assert len(offered(house)) == 5


def test_a_reason_that_is_too_long_for_its_place_is_refused(organiser: Desk):
    assert organiser.post("/desk/reasons/add", digit="", **words(en_name="a" * 61)).status_code == 422
    assert organiser.post("/desk/reasons/add", digit="", **words(ru_why="я" * 401)).status_code == 422


def test_changed_words_are_said_everywhere_at_once(organiser: Desk, volha: Desk, sent: Sent, house: House):
    sent()
    version = str(kept(house, "risk").version)
    fields = words(en_name="It could harm somebody")
    assert organiser.post("/desk/reasons/risk", version=version, digit="2", **fields).status_code == 303
    assert "It could harm somebody" in text(volha.get("/desk/queue"))
    assert "It could harm somebody" in text(organiser.get("/desk/reasons"))


def test_of_two_organisers_the_second_overwrites_nothing_and_loses_nothing(organiser: Desk, house: House):
    version = str(kept(house, "risk").version)
    organiser.post("/desk/reasons/risk", version=version, digit="2", **words(en_name="The first"))
    response = organiser.post("/desk/reasons/risk", version=version, digit="2", **words(en_name="The second"))
    assert response.status_code == 409
    assert 'value="The second"' in text(response)
    assert re.findall(r'<p lang="en">(.*?)</p>', text(response)) == ["The first"]
    assert kept(house, "risk").words["en"]["name"] == "The first"
    newer = re.search(r'name="version" value="(\d+)"', text(response))
    assert newer
    again = organiser.post("/desk/reasons/risk", version=newer[1], digit="2", **words(en_name="The second"))
    assert again.status_code == 303


def test_the_order_is_the_organisers(organiser: Desk, volha: Desk, sent: Sent, house: House):
    before = [name for name, _digit in offered(house)]
    assert arrange(organiser, house, "risk", "up").status_code == 303
    assert [name for name, _digit in offered(house)] == [before[1], before[0], *before[2:]]
    assert arrange(organiser, house, "risk", "up").status_code == 303, "at the top nothing happens"
    assert arrange(organiser, house, "risk", "down").status_code == 303
    assert [name for name, _digit in offered(house)] == before
    sent()
    page = text(volha.get("/desk/queue"))
    places = [page.index(f"</kbd> {name}") for name in before]
    assert places == sorted(places)


def test_the_last_reason_stays(organiser: Desk, house: House):
    for code in ("duplicate", "risk", "not_a_greeting", "hurtful"):
        assert arrange(organiser, house, code, "retire").status_code == 303
    response = arrange(organiser, house, "unreadable", "retire")
    assert response.status_code == 409
    assert "The last reason stays" in text(response)
    assert len(offered(house)) == 1


def test_a_stale_or_strange_act_does_nothing(organiser: Desk, house: House):
    assert arrange(organiser, house, "risk", "retire", version="99").status_code == 409
    assert arrange(organiser, house, "risk", "delete").status_code == 400
    assert organiser.post("/desk/reasons/nothing/arrange", do="up", version="1").status_code == 404
    assert organiser.get("/desk/reasons/nothing").status_code == 404
    assert len(offered(house)) == 5


def test_each_change_is_in_the_log_as_a_code_and_never_in_words(organiser: Desk, house: House):
    organiser.post("/desk/reasons/add", digit="9", **words(en_name="Secret wording"))
    arrange(organiser, house, "risk", "down")
    arrange(organiser, house, "risk", "retire")
    arrange(organiser, house, "risk", "restore")
    version = str(kept(house, "risk").version)
    organiser.post("/desk/reasons/risk", version=version, digit="", **words(en_name="Secret wording 2"))
    with house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        own = [entry for entry in entries if entry.act.endswith("-reason")]
        acts = ["add-reason", "move-reason", "retire-reason", "restore-reason", "change-reason"]
        assert [entry.act for entry in own] == acts
        assert {entry.actor for entry in own} == {organiser.id}
        assert "wording" not in str([(entry.subject, entry.details) for entry in own])
        assert house.audit.troubles(session) == []
    page = text(organiser.get("/desk/log"))
    assert "retired a reason for rejecting" in page
