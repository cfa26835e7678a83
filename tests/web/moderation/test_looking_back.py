"""Covers, reports, one item with its history, what was decided, the log, erasing: as pages."""

from collections.abc import Callable

import pytest
from sqlalchemy import text as sql

from greetings.house import House
from greetings.moderation import service
from greetings.moderation.rules import PAGE_ROWS, Concern
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.disks import full_after
from tests.folders import all_bytes_in
from tests.web.moderation.conftest import Desk

Sent = Callable[..., Greeting]
NowOf = Callable[[Greeting], Greeting]


def text(response) -> str:
    return response.get_data(as_text=True)


def box(number: int, *sides: str) -> dict[str, str]:
    return {
        f"{name}-{number}": value
        for name, value in zip(("left", "top", "width", "height"), sides, strict=True)
    }


# ---------- covering


def test_covers_are_burnt_in_and_then_confirmed(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=2, wants_faces_covered=True)
    page = text(volha.get(f"/desk/greetings/{greeting.id}/cover"))
    assert page.count('class="cover-tool"') == 2
    number = greeting.photos[1].number
    burnt = volha.do("cover", greeting, do="burn", **box(number, "10", "10", "25,5", "30"))
    assert burnt.status_code == 303
    assert "burnt in" in text(volha.get(burnt.location))
    after = now_of(greeting)
    assert after.photos[0].private_name == greeting.photos[0].private_name
    assert after.photos[1].private_name != greeting.photos[1].private_name
    confirmed = volha.do("cover", after, do="confirm")
    assert confirmed.location == f"/desk/queue?at={greeting.id}"
    assert volha.do("approve", now_of(greeting)).status_code == 303
    assert now_of(greeting).state is State.APPROVED


def test_nothing_is_confirmed_while_a_drawn_rectangle_is_not_burnt_in(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1, wants_faces_covered=True)
    response = volha.do("cover", greeting, do="confirm", **box(greeting.photos[0].number, "1", "2", "3", "4"))
    assert response.status_code == 422
    assert "not burnt in yet" in text(response)
    assert now_of(greeting).needs_covers


@pytest.mark.parametrize("sides", [("10", "", "", ""), ("a", "b", "c", "d"), ("0", "0", "0", "0")])
def test_an_unclear_rectangle_is_said_and_kept(volha: Desk, sent: Sent, now_of: NowOf, sides):
    greeting = sent(photos=1)
    response = volha.do("cover", greeting, do="burn", **box(greeting.photos[0].number, *sides))
    assert response.status_code == 422
    assert "four numbers" in text(response)
    assert f'value="{sides[0]}"' in text(response)
    assert now_of(greeting).version == greeting.version


def test_burning_in_nothing_asks_for_a_rectangle(volha: Desk, sent: Sent):
    greeting = sent(photos=1)
    assert volha.do("cover", greeting, do="burn").status_code == 422


def test_a_picture_is_turned_and_cropped_and_taken_back(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1)
    number = greeting.photos[0].number
    crop = {f"crop-{name}": value for name, value in box(number, "0", "0", "50", "100").items()}
    volha.do("cover", greeting, do="burn", **crop, **{f"turns-{number}": "1"})
    after = now_of(greeting)
    assert (after.photos[0].width_px, after.photos[0].height_px) == (40, 30)
    assert "Take the last change back" in text(volha.get(f"/desk/greetings/{greeting.id}/cover"))
    assert volha.do("cover", after, do="take-back").status_code == 303
    restored = now_of(greeting)
    assert restored.photos[0].private_name == greeting.photos[0].private_name
    response = volha.do("cover", restored, do="take-back")
    assert response.status_code == 422
    assert "taken back any more" in text(response)


def test_faces_found_are_proposed_and_decided_by_people(
    volha: Desk, sent: Sent, now_of: NowOf, house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(house.pictures, "can_find_faces", True)
    monkeypatch.setattr(house.pictures, "find_faces", lambda *_picture, **_how: ((6, 4, 18, 16),))
    greeting = sent(photos=1)
    answer = volha.do("cover", greeting, json=True, do="find")
    assert answer.get_json() == {"faces": {str(greeting.photos[0].number): [[10.0, 10.0, 20.0, 30.0]]}}
    page = text(volha.do("cover", greeting, do="find"))
    assert [page.count(f'value="{share}"') for share in ("10.0", "20.0", "30.0")] == [2, 1, 1]
    assert now_of(greeting).version == greeting.version


def test_more_rectangles_than_can_be_burnt_in_are_refused_whole(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1)
    number = greeting.photos[0].number
    sides = {f"{name}-{number}": ["1"] * 41 for name in ("left", "top", "width", "height")}
    assert volha.do("cover", greeting, do="burn", **sides).status_code == 422
    assert now_of(greeting).photos[0].private_name == greeting.photos[0].private_name


def test_a_photo_of_another_greeting_is_not_covered(volha: Desk, sent: Sent, now_of: NowOf):
    greeting, other = sent(photos=1), sent(photos=1)
    response = volha.do("cover", greeting, do="burn", **box(other.photos[0].number, "1", "1", "50", "50"))
    assert response.status_code == 422
    assert now_of(other).photos[0].private_name == other.photos[0].private_name


def test_a_stale_cover_is_told(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(photos=1)
    jan.do("approve", greeting)
    response = volha.do("cover", greeting, do="burn", **box(greeting.photos[0].number, "1", "1", "50", "50"))
    assert response.status_code == 409
    assert "Jan approved it" in text(response)


def test_a_full_disk_says_so_and_leaves_no_half_covered_picture(
    volha: Desk, sent: Sent, house: House, monkeypatch: pytest.MonkeyPatch
):
    greeting = sent(photos=1)
    held = {file.key for file in house.storage.files("private/")}
    full_after(monkeypatch, house.storage, 2)
    response = volha.do("cover", greeting, do="burn", **box(greeting.photos[0].number, "1", "1", "50", "50"))
    assert response.status_code == 507
    assert {file.key for file in house.storage.files("private/")} == held


# ---------- reports


def test_reported_greetings_stand_on_top_until_somebody_settles_them(
    volha: Desk, sent: Sent, house: House, now_of: NowOf
):
    greeting, _waiting = sent(state=State.APPROVED, photos=1), sent()
    with house.database.session() as session:
        service.report(session, greeting, Concern.DANGER, "<i>my brother</i>", house.clock)
        session.commit()
    page = text(volha.get("/desk/queue"))
    assert "1 greeting on the wall was reported" in page
    assert "&lt;i&gt;my brother&lt;/i&gt;" in page
    assert volha.do("settle", greeting, do="keep").status_code == 303
    assert "was reported" not in text(volha.get("/desk/queue"))
    assert now_of(greeting).state is State.APPROVED


def test_long_words_of_a_reported_greeting_are_cut_behind_a_word(volha: Desk, sent: Sent, house: House):
    greeting = sent(state=State.APPROVED, text="слова, " * 40)
    with house.database.session() as session:
        service.report(session, greeting, Concern.WRONG, "", house.clock)
        session.commit()
    assert "слова…</blockquote>" in text(volha.get("/desk/queue"))


def test_a_reported_greeting_can_be_taken_off_the_wall_and_decided_anew(
    volha: Desk, sent: Sent, house: House, now_of: NowOf
):
    greeting = sent(state=State.APPROVED)
    with house.database.session() as session:
        service.report(session, greeting, Concern.THIS_IS_ME, "", house.clock)
        session.commit()
    response = volha.do("settle", greeting, do="reopen")
    assert response.location == f"/desk/queue?at={greeting.id}"
    assert "“This is me”" in text(volha.get(response.location))
    assert now_of(greeting).public_sequence is None


# ---------- one item


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_an_item_can_be_looked_at_in_every_state_and_language(seat, sent: Sent, state: State, language: str):
    greeting = sent(state=state, photos=1)
    desk = seat("Ala", language=language)
    response = desk.get(f"/desk/greetings/{greeting.id}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


def test_the_history_names_who_did_what(volha: Desk, jan: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    volha.do("reject", greeting, reason="hurtful")
    jan.do("undo", now_of(greeting))
    jan.do("approve", now_of(greeting), disallowed="press")
    page = text(volha.get(f"/desk/greetings/{greeting.id}"))
    for said in (
        "Volha: rejected",
        "Hurtful or advertising",
        "Jan: put back into the queue",
        "Jan: approved",
        "held back: give to the press",
        "on the wall",
    ):
        assert said in page, said
    assert page.index("Volha: rejected") < page.index("Jan: approved")


def test_putting_back_from_the_item_stays_at_the_item(volha: Desk, sent: Sent):
    greeting = sent(state=State.REJECTED)
    response = volha.do("undo", greeting, then="item")
    assert response.location == f"/desk/greetings/{greeting.id}"


# ---------- erasing


def test_an_organiser_erases_after_typing_four_letters(
    organiser: Desk, sent: Sent, now_of: NowOf, house: House
):
    greeting = sent(state=State.APPROVED, photos=1)
    refused = organiser.do("erase", greeting, confirm="nope")
    assert refused.status_code == 422
    assert 'value="nope" aria-invalid="true" aria-describedby="confirm-error"' in refused.text
    assert 'id="confirm-error"' in refused.text
    assert now_of(greeting).state is State.APPROVED
    assert organiser.do("erase", greeting, confirm=f" {greeting.id[:4].upper()} ").status_code == 303
    assert now_of(greeting).state is State.ERASED
    assert now_of(greeting).text == ""
    assert not list(house.storage.files("private/"))
    assert not list(house.storage.files("public/"))
    page = text(organiser.get(f"/desk/greetings/{greeting.id}"))
    assert "gone for good" in page
    assert "Maryna: erased" in page


def test_a_moderator_can_not_erase(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent()
    assert "Erase for good" not in text(volha.get(f"/desk/greetings/{greeting.id}"))
    assert volha.do("erase", greeting, confirm=greeting.id[:4]).status_code == 403
    assert now_of(greeting).state is State.PENDING


# ---------- lists


def test_decided_ones_are_paged_newest_first_without_a_gap(volha: Desk, sent: Sent, clock, seat):
    made = []
    for number in range(PAGE_ROWS + 7):
        made.append(sent(state=State.REJECTED if number % 3 else State.APPROVED).id)
        if number % 4 == 0:
            clock.forward(seconds=1)  # several decisions share a moment
    page = text(volha.get("/desk/decided"))
    found = ids_in(page)
    assert len(found) == PAGE_ROWS
    older = page.split("/desk/decided?after=")[1].split('"')[0]
    found += ids_in(text(volha.get(f"/desk/decided?after={older}")))
    assert found == made[::-1]


def ids_in(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('<a class="found" href="/desk/greetings/')[1:]]


@pytest.mark.parametrize("state", ["approved", "rejected", "withdrawn", "erased"])
def test_one_state_can_be_shown_alone(volha: Desk, sent: Sent, state: str):
    made = {one.value: sent(state=one, photos=1).id for one in State}
    assert ids_in(text(volha.get(f"/desk/decided?state={state}"))) == [made[state]]


def test_a_photo_without_words_has_a_link_that_can_be_read(volha: Desk, sent: Sent):
    photo = sent(state=State.APPROVED, photos=1, text="")
    link = text(volha.get("/desk/decided")).split(f'href="/desk/greetings/{photo.id}">')[1].split("</a>")[0]
    assert 'alt=""' in link, "its name is heard once"
    assert link.endswith("<span>Picture</span>")


@pytest.mark.parametrize("query", ["state='", "after=x", "after=1-1-1", f"after={'9' * 30}-1"])
def test_a_strange_address_of_the_list_shows_its_beginning(volha: Desk, sent: Sent, query: str):
    greeting = sent(state=State.APPROVED)
    sent()
    assert ids_in(text(volha.get(f"/desk/decided?{query}"))) == [greeting.id]


def test_the_lists_ask_the_database_a_fixed_number_of_times(
    volha: Desk, organiser: Desk, sent: Sent, house: House
):
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))

    def count(desk: Desk, path: str) -> int:
        asked.clear()
        assert desk.get(path).status_code == 200
        # whether anything public has changed is asked twice a second, whoever asks for what
        return len([words for words in asked if words != "BEGIN DEFERRED" and "public_change" not in words])

    sent(state=State.APPROVED, photos=1)
    organiser.get("/desk/log")  # the first check of the log in a process works out more than those after it
    before = [count(organiser, path) for path in ("/desk/decided", "/desk/log")]
    for _ in range(9):
        sent(state=State.APPROVED, photos=2)
    assert [count(organiser, path) for path in ("/desk/decided", "/desk/log")] == before


def test_the_log_is_for_organisers(volha: Desk, organiser: Desk):
    assert volha.get("/desk/log").status_code == 403
    assert organiser.get("/desk/log").status_code == 200


def test_the_log_says_that_it_is_whole_and_when_it_is_not(
    organiser: Desk, sent: Sent, house: House, now_of: NowOf
):
    greeting = sent()
    organiser.do("approve", greeting)
    organiser.do("undo", now_of(greeting))
    page = text(organiser.get("/desk/log"))
    assert "The log is whole" in page
    assert page.index("put back into the queue") < page.index("approved")
    assert f"greeting {greeting.id[:4]}…" in page
    with house.database.work() as session:
        session.execute(sql("UPDATE audit_entry SET actor = 'somebodyelse' WHERE number = 1"))
    assert "The log was tampered with" in text(organiser.get("/desk/log"))


def test_the_log_is_paged(organiser: Desk, sent: Sent):
    for _ in range(PAGE_ROWS + 3):
        sent(state=State.APPROVED)
    page = text(organiser.get("/desk/log"))
    assert page.count("<tr>") - 1 == PAGE_ROWS
    older = page.split("/desk/log?before=")[1].split('"')[0]
    following = text(organiser.get(f"/desk/log?before={older}"))
    assert following.count("<tr>") - 1 == 3
    assert "log is whole" not in following, "the chain is verified on the first page only"


def test_times_of_senders_stand_in_the_log_to_the_day(organiser: Desk, sent: Sent):
    sent(state=State.WITHDRAWN, actor="sender")
    page = text(organiser.get("/desk/log"))
    assert "The sender" in page
    assert "14:00" not in page


# ---------- searching


def test_what_was_decided_is_found_by_words_name_moderator_reason_and_state(
    volha: Desk, jan: Desk, sent: Sent
):
    by_jan = sent(text="Сонца і дарога", name="Ева", search_text="сонца і дарога ева")
    by_volha = sent(text="Ліст", name="Адам", search_text="ліст адам")
    jan.do("approve", by_jan)
    volha.do("reject", by_volha, reason="risk")
    for query, wanted in [
        ("q=Сонца", [by_jan.id]),
        ("q=адам", [by_volha.id]),
        (f"q={by_jan.id}", [by_jan.id]),
        (f"by={jan.id}", [by_jan.id]),
        ("reason=risk", [by_volha.id]),
        ("state=approved", [by_jan.id]),
        ("q=сонца&state=rejected", []),
        ("since=2026-09-18&until=2026-09-18", [by_volha.id, by_jan.id]),
        ("since=2026-09-19", []),
    ]:
        page = text(volha.get(f"/desk/decided?{query}"))
        assert ids_in(page) == wanted, query
        assert ("Nothing found" in page) == (not wanted)


def test_the_form_of_the_search_shows_what_was_asked_and_older_pages_keep_it(volha: Desk, sent: Sent, clock):
    for _ in range(PAGE_ROWS + 2):
        sent(state=State.REJECTED, search_text="ліст")
        sent(state=State.APPROVED, search_text="ліст")
    page = text(volha.get("/desk/decided?q=ліст&state=rejected"))
    assert 'value="ліст"' in page
    assert '<option value="rejected" selected>' in page
    older = page.split('href="/desk/decided?')[-1].split('"')[0].replace("&amp;", "&")
    assert "after=" in older
    assert len(ids_in(text(volha.get(f"/desk/decided?{older}")))) == 2


def test_what_stands_on_the_wall_is_taken_off_from_the_list(volha: Desk, sent: Sent, now_of: NowOf):
    greeting = sent(state=State.APPROVED)
    page = text(volha.get("/desk/decided"))
    assert "Take off the wall" in page
    assert f'action="/desk/greetings/{greeting.id}/undo"' in page
    response = volha.do("undo", greeting, then="item")
    assert response.location == f"/desk/greetings/{greeting.id}"
    assert now_of(greeting).state is State.PENDING
    assert now_of(greeting).public_sequence is None


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_looking_back_speaks_each_language(seat, sent: Sent, language: str):
    sent(state=State.APPROVED)
    desk = seat("Ala", language=language)
    for path in ("/desk/decided", "/desk/decided?q=nothing"):
        response = desk.get(path)
        assert f'<html lang="{language}">' in text(response)
        assert response.headers["Cache-Control"] == "no-store"


# ---------- who left


def test_the_log_and_the_histories_survive_whoever_left(organiser: Desk, jan: Desk, sent: Sent, house: House):
    from sqlalchemy import select

    from greetings.accounts.models import Moderator
    from greetings.accounts.service import deactivate

    greeting = sent()
    jan.do("approve", greeting)
    with house.database.work() as session:
        deactivate(house, session, jan.id, organiser.id)
    assert "Jan: approved" in text(organiser.get(f"/desk/greetings/{greeting.id}"))
    assert "Jan" in text(organiser.get("/desk/log"))
    assert ids_in(text(organiser.get(f"/desk/decided?by={jan.id}"))) == [greeting.id]
    # even with the row of the member gone altogether
    with house.database.work() as session:
        session.delete(session.scalars(select(Moderator).where(Moderator.id == jan.id)).one())
    assert "Someone who left the team: approved" in text(organiser.get(f"/desk/greetings/{greeting.id}"))
    page = text(organiser.get("/desk/log"))
    assert "The log is whole" in page
    assert "Someone who left the team" in page


def test_no_address_of_a_member_is_kept_anywhere(app, organiser: Desk, sent: Sent, house: House):
    greeting = sent()
    organiser.client.post(
        f"/desk/greetings/{greeting.id}/approve",
        data={"csrf_token": organiser.csrf_token, "version": greeting.version},
        environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
        headers={"User-Agent": "Unmistakable/1.0"},
    )
    held = all_bytes_in(house.settings.data)
    assert b"203.0.113.77" not in held
    assert b"Unmistakable" not in held


def test_a_town_from_right_to_left_leaves_its_country_where_it_is(volha: Desk, sent: Sent):
    greeting = sent(name="דנה 7", town="תל אביב 12", country="IL")
    isolated = "<bdi>תל אביב 12</bdi>, <bdi>Israel</bdi>"
    for path in ("/desk/sheet", f"/desk/greetings/{greeting.id}", "/desk/decided?state=all"):
        assert isolated in text(volha.get(path)), path
