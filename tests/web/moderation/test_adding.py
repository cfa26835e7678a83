"""What came by post, added by the desk: forty painted cards in one go, each through the same intake."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.audit.models import AuditEntry
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Kind, State, Use
from tests.disks import full_after, leave_free
from tests.factories import picture_bytes
from tests.folders import all_bytes_in
from tests.web.moderation.conftest import Desk

BATCH = "abcdefghjkmnpqrstuvw"


def card(number: int) -> tuple[io.BytesIO, str]:
    """One small picture that differs from all others, with the name of its file."""
    return io.BytesIO(picture_bytes(size=(80 + number, 60))), f"card-{number}.jpg"


def add(desk: Desk, pictures: list[Any] | None = None, *, json: bool = False, **changed: Any) -> TestResponse:
    fields: dict[str, Any] = {
        "csrf_token": desk.csrf_token,
        "batch": BATCH,
        "action": "ales",
        "together": "each",
        "kind": "drawing",
        "language": "en",
        "organisation": "Amnesty Eindhoven",
        "town": "Eindhoven",
        "country": "NL",
        "consent_from": "the teacher, by letter",
        "uses": ["gallery", "post"],
        **changed,
    }
    headers = {"Accept": "application/json"} if json else {}
    data = {name: value for name, value in fields.items() if value is not None}
    return desk.client.post(
        "/desk/add",
        data={**data, "photos": pictures or []},
        headers=headers,
        content_type="multipart/form-data",
    )


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def told(response: TestResponse) -> Any:
    """What a script is answered."""
    return response.json


def kept(house: House) -> list[Greeting]:
    with house.database.reading() as session:
        rows = list(session.scalars(select(Greeting).order_by(Greeting.sequence)))
        for row in rows:
            assert row.photos is not None
        session.expunge_all()
        return rows


def test_painted_cards_become_a_greeting_each_and_wait_in_the_queue(
    volha: Desk, house: House, action: Action
):
    response = add(volha, [card(number) for number in range(12)])
    assert response.status_code == 201
    assert "12 greetings are in the queue now" in text(response)
    rows = kept(house)
    assert len(rows) == 12
    assert {row.state for row in rows} == {State.PENDING}
    assert all(len(row.photos) == 1 for row in rows)
    assert {row.kind for row in rows} == {Kind.DRAWING}
    first = rows[0]
    assert (first.organisation, first.town, first.country) == ("Amnesty Eindhoven", "Eindhoven", "NL")
    assert first.granted == {Use.GALLERY, Use.POST}
    assert (first.brought_by, first.consent_from) == (volha.id, "the teacher, by letter")
    assert first.received_at.minute == 0
    page = text(volha.get("/desk/queue"))
    assert "the teacher, by letter" in page
    assert "Came by post" in page


def test_pictures_that_belong_together_stand_in_greetings_of_ten(volha: Desk, house: House, action: Action):
    assert add(volha, [card(number) for number in range(13)], together="together").status_code == 201
    assert [len(row.photos) for row in kept(house)] == [10, 3]


def test_a_letter_of_words_alone_is_a_greeting_too(volha: Desk, house: House, action: Action):
    assert add(volha, text="Трымайся, Алесь!", language="be").status_code == 201
    (row,) = kept(house)
    assert (row.kind, row.language, row.text) == (Kind.TEXT, "be", "Трымайся, Алесь!")


def test_the_log_says_who_added_it_and_nothing_of_what_it_holds(volha: Desk, house: House, action: Action):
    add(volha, [card(1)], name="Непаўторная")
    (row,) = kept(house)
    with house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == row.id)).all()
        assert [(entry.act, entry.actor) for entry in entries] == [("add", volha.id)]
        assert entries[0].details == '{"photos":1,"uses":2}'
    assert "Volha: added for its sender" in text(volha.get(f"/desk/greetings/{row.id}"))


def test_what_one_picture_lacks_does_not_hold_up_the_others(volha: Desk, house: House, action: Action):
    broken = (io.BytesIO(b"no picture at all"), "list.txt")
    response = add(volha, [card(1), broken, card(2)])
    assert response.status_code == 201
    assert "list.txt" in text(response)
    assert len(kept(house)) == 2
    files = list(house.storage.files("private"))
    assert len(files) == 6


def test_a_disk_that_fills_up_on_the_way_keeps_and_tells_what_is_in(
    volha: Desk,
    house: House,
    action: Action,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    full_after(monkeypatch, house.storage, 3)  # the first card
    page = text(add(volha, [card(1), card(2)]))
    assert "1 greeting is in the queue now" in page
    assert "card-2.jpg" in page
    assert "no room left" in page
    assert len(kept(house)) == 1
    told_operator = capsys.readouterr()
    assert "the disk is full" in told_operator.out + told_operator.err


def test_cards_added_by_hand_leave_the_room_that_is_kept_for_taking_back(
    volha: Desk, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
):
    """Whoever adds them could fill the disk as well as those who send."""
    with monkeypatch.context() as patch:
        leave_free(patch, 20_000_000)
        response = add(volha, [card(1)])
        assert response.status_code == 422
        assert "no room left" in text(response)
        assert add(volha, [card(1)], json=True).status_code == 507
    assert not kept(house)
    assert not list(house.storage.files("private"))
    assert add(volha, [card(1)]).status_code == 201


def test_the_same_sending_again_adds_nothing_and_what_was_missing_is_added(
    volha: Desk, house: House, action: Action
):
    add(volha, [card(1), card(2)])
    response = add(volha, [card(3), card(2), card(1)])
    assert response.status_code == 201
    assert len(kept(house)) == 3, "known by their pictures, not by their places"
    add(volha, [card(1)], batch="wvutsrqpnmkjhgfedcba")
    assert len(kept(house)) == 4, "another sending is another one"


def test_codes_to_hand_back_open_the_receipt(volha: Desk, client, house: House, action: Action):
    outcome = told(add(volha, [card(1)], json=True))["outcomes"][0]
    page = text(client.post("/ales/en/receipt", data={"code": outcome["code"], "do": "status"}))
    assert 'data-state="pending"' in page
    client.post("/ales/en/receipt", data={"code": outcome["code"], "do": "withdraw"})
    (row,) = kept(house)
    assert row.state is State.WITHDRAWN
    assert (row.consent_from, row.organisation) == ("", "")
    assert not list(house.storage.files("private"))
    held = all_bytes_in(house.settings.data)
    assert outcome["code"].encode() not in held


def test_a_script_is_told_what_became_of_each(volha: Desk, action: Action):
    broken = (io.BytesIO(b"GIF89a"), "moving.gif")
    response = add(volha, [card(1), broken], json=True)
    good, bad = told(response)["outcomes"]
    assert good["id"]
    assert good["files"] == ["card-1.jpg"]
    assert "moving.gif" in bad["refusals"][0]
    refused = add(volha, [broken], json=True)
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"consent_from": " "}, "consent_from"),
        ({"consent_from": "a" * 201}, "consent_from"),
        ({"uses": ["press"]}, "uses"),
        ({"uses": ["everything"]}, "uses"),
        ({"action": "nobody"}, "action"),
        ({"together": "heap"}, "together"),
        ({"kind": "video"}, "kind"),
        ({"kind": "photo"}, "agreed"),
        ({"children": "1"}, "guardian"),
        ({"country": "XX"}, "country"),
        ({"language": "de"}, "language"),
        ({"text": "a" * 2001}, "text"),
        ({"name": "a" * 81}, "name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    volha: Desk, house: House, action: Action, changed: dict[str, Any], field: str
):
    response = add(volha, [card(1)], **{"office": "the whole class", **changed})
    assert response.status_code == 422
    assert f'href="#{field}"' in text(response)
    assert 'value="the whole class"' in text(response)
    assert BATCH in text(response)
    as_json = add(volha, [card(1)], json=True, **changed)
    assert as_json.status_code == 422
    assert field in {error["field"] for error in told(as_json)["errors"]}
    assert not kept(house)
    assert not list(house.storage.files("private"))


def test_nothing_at_all_is_asked_about(volha: Desk, action: Action):
    assert 'href="#text"' in text(add(volha))


def test_more_than_a_hundred_pictures_are_too_many(volha: Desk, house: House, action: Action):
    response = add(volha, [card(1) for _ in range(101)])
    assert response.status_code == 422
    assert "1 too many" in text(response)
    assert not kept(house)


def test_faces_to_be_covered_hold_up_the_approval(volha: Desk, house: House, action: Action):
    add(volha, [card(1)], kind="photo", agreed="1", cover_faces="1")
    (row,) = kept(house)
    assert row.needs_covers
    assert volha.do("approve", row).status_code == 409


@pytest.mark.parametrize("state", list(ActionState))
def test_post_may_come_late_but_an_archive_takes_nothing(
    volha: Desk, house: House, action: Action, state: ActionState
):
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        here.state, here.is_public = state, False
    status = add(volha, [card(1)]).status_code
    assert status == (422 if state is ActionState.ARCHIVED else 201)


def test_only_the_team_adds(client, house: House, action: Action):
    assert client.get("/desk/add", headers={"Accept": "text/html"}).status_code == 302
    assert client.post("/desk/add", data={"text": "x"}).status_code == 401
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Greeting)) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_adding_speaks_each_language(seat, action: Action, language: str):
    desk = seat("Ala", language=language)
    pages = [desk.get("/desk/add"), add(desk, consent_from=""), add(desk, [card(1)])]
    assert [page.status_code for page in pages] == [200, 422, 201]
    for page in pages:
        assert f'<html lang="{language}">' in text(page)
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("together", "expected"),
    [("each", [["A lion"], [""], ["A boat"]]), ("together", [["A lion", "", "A boat"]])],
)
def test_each_picture_has_its_line_of_what_can_be_seen(
    volha: Desk, house: House, action: Action, together: str, expected: list[list[str]]
):
    pictures = [card(number) for number in range(3)]
    assert add(volha, pictures, together=together, descriptions="A lion\r\n\r\nA boat").status_code == 201
    assert [[photo.description for photo in row.photos] for row in kept(house)] == expected


@pytest.mark.parametrize(
    ("count", "lines"), [(2, "a\nb\nc"), (2, "a\n" + "b" * 301), (0, "a"), (1, "a" * 301)]
)
def test_lines_that_fit_no_picture_are_said_and_kept(
    volha: Desk, house: House, action: Action, count: int, lines: str
):
    answer = add(volha, [card(number) for number in range(count)], descriptions=lines, text="Words")
    assert answer.status_code == 422
    assert f"\n{lines}</textarea>" in text(answer)
    assert 'href="#descriptions"' in text(answer)
    told_to_scripts = told(
        add(volha, [card(number) for number in range(count)], json=True, descriptions=lines, text="Words")
    )
    assert [error["field"] for error in told_to_scripts["errors"]] == ["descriptions"]
    assert kept(house) == []
