"""Exports at the desk: asking, the display of progress, the file itself, and who may."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from greetings.accounts.rules import Role
from greetings.audit.models import AuditEntry
from greetings.exports import service
from greetings.exports.models import Export
from greetings.exports.rules import LASTS
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Use
from greetings.submissions.use_words import PURPOSES
from tests.factories import make_action
from tests.web.moderation.conftest import Desk

Sent = Callable[..., Greeting]


def text(response) -> str:
    return response.get_data(as_text=True)


def only(house: House) -> Export:
    with house.database.reading() as session:
        export = session.scalars(select(Export)).one()
        session.expunge_all()
        return export


def test_a_file_is_asked_for_written_and_saved(organiser: Desk, sent: Sent, house: House):
    greeting = sent(state=State.APPROVED, text="Жыве!")
    sent(state=State.PENDING)
    assert "1\u00a0greeting" in text(organiser.get("/desk/exports"))
    asked = organiser.post("/desk/exports", action="ales", use="press", form="json")
    assert asked.location == "/desk/exports?done=asked"
    page = text(organiser.get("/desk/exports"))
    assert 'data-progress="waiting"' in page
    export_id = only(house).id
    assert organiser.get("/desk/exports/progress").json == {export_id: {"progress": "waiting", "percent": 0}}
    service.write_next(house)
    assert 'data-progress="ready"' in text(organiser.get("/desk/exports"))
    answer = organiser.post(f"/desk/exports/{export_id}/file")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="greetings-ales-press-2026-09-18.json"'
    )
    assert answer.headers["Content-Length"] == str(only(house).size_bytes)
    assert [one["id"] for one in json.loads(answer.data)["greetings"]] == [greeting.id]


def test_how_many_a_file_would_hold_is_asked_once_for_all_actions_and_uses(
    organiser: Desk, sent: Sent, house: House
):
    sent(state=State.APPROVED)
    sent(state=State.APPROVED, disallowed=frozenset({Use.PRESS}))
    with house.database.work() as session:
        make_action(session, slug="other")
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    page = text(organiser.get("/desk/exports"))
    assert sum("FROM greeting" in one for one in asked) == 1
    told = re.findall(r'data-of="(\w+)">(?:<span data-named>[^<]*</span>)?(\d+)\xa0greetings?<', page)
    assert dict.fromkeys(told) == {("ales", "2"): None, ("other", "0"): None, ("ales", "1"): None}
    assert told.count(("ales", "1")) == 1  # for the press
    assert told.count(("other", "0")) == len(PURPOSES)


def test_the_log_names_use_and_form_and_nothing_of_the_greetings(
    organiser: Desk,
    sent: Sent,
    house: House,
):
    sent(state=State.APPROVED, name="Непаўторная")
    organiser.post("/desk/exports", action="ales", use="post", form="csv")
    service.write_next(house)
    export_id = only(house).id
    organiser.post(f"/desk/exports/{export_id}/file")
    organiser.post(f"/desk/exports/{export_id}/discard")
    with house.database.reading() as session:
        entries = [
            entry
            for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number))
            if entry.act.startswith("export")
        ]
        assert [entry.act for entry in entries] == ["export", "export-given-out", "export-discarded"]
        assert {entry.subject for entry in entries} == {export_id}
        assert {entry.details for entry in entries} == {'{"form":"csv","use":"post"}'}
        assert {entry.actor for entry in entries} == {organiser.id}
    assert not list(house.storage.files("exports"))
    assert "asked for an export" in text(organiser.get("/desk/log"))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"action": "ales", "use": "everything", "form": "zip"},
        {"action": "ales", "use": "post", "form": "exe"},
        {"action": "nobody", "use": "post", "form": "zip"},
    ],
)
def test_what_can_not_be_asked_for_is_said(organiser: Desk, house: House, fields):
    response = organiser.post("/desk/exports", **fields)
    assert response.status_code == 422
    assert "Please choose" in text(response)
    if fields.get("use") == "post":
        assert 'value="post" checked' in text(response), "what was chosen stays chosen"
    with house.database.reading() as session:
        assert not session.scalars(select(Export)).all()


def test_a_file_whose_greeting_was_taken_back_is_told_as_gone(
    organiser: Desk,
    sent: Sent,
    house: House,
):
    greeting = sent(state=State.APPROVED)
    organiser.post("/desk/exports", action="ales", use="post", form="json")
    service.write_next(house)
    organiser.do("erase", greeting, confirm=greeting.id[:4])
    page = text(organiser.get("/desk/exports"))
    assert "One of its greetings was taken back" in page
    answer = organiser.post(f"/desk/exports/{only(house).id}/file")
    assert answer.status_code == 410
    assert "This file is gone" in text(answer)


def test_the_eleventh_file_has_to_wait(organiser: Desk, action):
    for _ in range(10):
        organiser.post("/desk/exports", action="ales", use="post", form="json")
    response = organiser.post("/desk/exports", action="ales", use="post", form="json")
    assert response.status_code == 409
    assert "Ten files are enough" in text(response)


def test_exports_are_for_organisers_and_never_public(volha: Desk, organiser: Desk, client, house: House):
    organiser.post("/desk/exports", action="ales", use="post", form="json")
    service.write_next(house)
    export = only(house)
    assert volha.get("/desk/exports").status_code == 403
    assert volha.post(f"/desk/exports/{export.id}/file").status_code == 403
    assert client.post(f"/desk/exports/{export.id}/file").status_code == 401
    assert client.get(f"/media/{export.file_name}-00000.part").status_code == 404
    assert organiser.post("/desk/exports/abcdefghjkmnpqrstuvw/file").status_code == 404


def test_a_file_whose_day_is_over_is_told_to_be_gone_on_the_page_itself(organiser: Desk):
    for what in ("file", "discard"):
        answer = organiser.post(f"/desk/exports/abcdefghjkmnpqrstuvw/{what}")
        assert answer.status_code == 404
        assert "This file is gone" in text(answer)


def test_a_file_whose_day_is_over_is_not_called_ready_while_it_waits_to_be_swept(
    organiser: Desk, house: House
):
    for _ in range(10):
        organiser.post("/desk/exports", action="ales", use="post", form="json")
        service.write_next(house)
    assert text(organiser.get("/desk/exports")).count('data-progress="ready"') == 10
    with house.database.work() as session:
        for export in session.scalars(select(Export)):
            export.ready_at = house.clock() - LASTS
    assert "data-progress" not in text(organiser.get("/desk/exports"))
    assert organiser.get("/desk/exports/progress").json == {}
    asked = organiser.post("/desk/exports", action="ales", use="post", form="json")
    assert asked.status_code == 303, "none of them stands in the way"
    assert service.look_after_exports(house) == 10


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_pages_of_numbers_speak_each_language(seat, sent: Sent, house: House, language: str):
    for state in State:
        sent(state=state)
    desk = seat("Maryna", Role.ORGANISER, language=language)
    for form in ("zip", "csv"):
        desk.post("/desk/exports", action="ales", use="post", form=form)
    service.write_next(house)
    for path in ("/desk/exports", "/desk/figures", "/desk/figures?action=ales", "/desk/figures?action=x"):
        response = desk.get(path)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
