"""Exports on both databases: what goes in, who writes, what spoils them, and that they really go."""

import csv
import io
import json
import threading
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.db.session import begin_writing
from greetings.exports import service, writing
from greetings.exports.models import Export, ExportedGreeting
from greetings.exports.queries import page_to_write
from greetings.exports.rules import FIELDS, LEASE, PART_BYTES, Form, Progress, part_key
from greetings.exports.writing import PartedFile, write_export
from greetings.house import House
from greetings.ids import new_id
from greetings.imaging import MASTER
from greetings.moderation.covers import burn_in, take_back
from greetings.moderation.editing import correct
from greetings.moderation.rules import Cover, PixelChange
from greetings.moderation.service import disallow, undo
from greetings.operations.backup import back_up
from greetings.operations.housekeeping import Clerk, keep_house, sweep
from greetings.operations.integrity import examine
from greetings.operations.restoring import restore_backup
from greetings.submissions.files import private_key
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.receipt import revoke, withdraw
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.patience import until
from tests.conftest import TestClock
from tests.disks import leave_free
from tests.factories import make_action, make_greeting

HALF = Cover(0, 0, 50, 100)


@pytest.fixture
def make(house_on_each_database: House) -> Callable[..., str]:
    """Takes facts of a greeting of the action `ales`, gives its ID."""
    house = house_on_each_database
    with house.database.work() as session:
        make_action(session)

    def greeting(**facts: Any) -> str:
        with house.database.work() as session:
            action = session.scalars(select(Action).where(Action.slug == "ales")).one()
            return make_greeting(house, session, action, **facts).id

    return greeting


def ask(house: House, use: Use = Use.POST, form: Form = Form.JSON) -> str:
    with house.database.session() as session:
        export_id = service.ask(house, session, "ales", use, form, actor="olga")
        session.commit()
        return export_id


def made(house: House, use: Use = Use.POST, form: Form = Form.JSON) -> bytes:
    """The bytes of a fresh export."""
    export_id = ask(house, use, form)
    assert service.write_next(house)
    held = taken(house, export_id)
    assert held is not None
    return held


def taken(house: House, export_id: str) -> bytes | None:
    with house.database.session() as session:
        export = service.give_out(house, session, export_id, actor="olga")
        session.commit()
        if export is None:
            return None
        data = b"".join(service.read_parts(house.storage, export))
        assert len(data) == export.size_bytes
        return data


def ids_in(data: bytes) -> set[str]:
    return {greeting["id"] for greeting in json.loads(data)["greetings"]}


def row(house: House, export_id: str) -> Export:
    with house.database.reading() as session:
        export = session.get_one(Export, export_id)
        session.expunge_all()
        return export


def parts(house: House) -> list[str]:
    return [found.key for found in house.storage.files("exports")]


def change(house: House, greeting_id: str, how: str) -> None:
    """Take a greeting, or its consent, back or change it, in one of the ways there are."""
    with house.database.session() as session:
        if how == "withdraw":
            withdraw(house, session, greeting_id)
        elif how == "revoke":
            revoke(house, session, greeting_id, {Use.POST})
        else:
            version = session.scalars(select(Greeting.version).where(Greeting.id == greeting_id)).one()
            if how == "erase":
                begin_writing(session)
                greeting = greeting_to_change(session, greeting_id)
                take_step(house, session, greeting, Step.ERASE, actor="olga")
            elif how == "cover":
                photo = session.scalars(
                    select(Photo.number).join(Greeting).where(Greeting.id == greeting_id)
                ).one()
                burn_in(house, session, greeting_id, version, {photo: PixelChange((HALF,))}, actor="ana")
            elif how == "uncover":
                take_back(house, session, greeting_id, version, actor="ana")
            elif how == "correct":
                correct(house, session, greeting_id, version, {"name": "Алена"}, actor="ana")
            elif how == "reopen":
                undo(house, session, greeting_id, version, actor="ana")
            else:
                disallow(house, session, greeting_id, version, actor="ana", disallowed={Use.POST})
        session.commit()


# ---------- what goes in


@pytest.mark.parametrize("use", list(Use))
def test_only_what_is_approved_and_agreed_to_and_not_held_back_goes_out(
    house_on_each_database: House, make: Callable[..., str], use: Use
):
    others = frozenset(Use) - {use}
    goes = {make(), make(granted=frozenset({use})), make(disallowed=others)}
    for facts in ({"granted": others}, {"disallowed": frozenset({use})}):
        make(**facts)
    for state in (State.PENDING, State.REJECTED, State.WITHDRAWN, State.ERASED):
        make(state=state)
    assert ids_in(made(house_on_each_database, use)) == goes


def test_a_greeting_of_another_action_stays_where_it_is(
    house_on_each_database: House, make: Callable[..., str]
):
    house, own = house_on_each_database, make()
    with house.database.work() as session:
        make_greeting(house, session, make_action(session, "maria"))
    assert ids_in(made(house)) == {own}


def test_a_table_opens_as_a_table_and_holds_no_formula(
    house_on_each_database: House, make: Callable[..., str]
):
    greeting_id = make(text="=cmd|' /C calc'!A0\nўсмешка, \"так\"", name="+375", town="@x", organisation="-1")
    data = made(house_on_each_database, form=Form.CSV)
    assert data.startswith(b"\xef\xbb\xbf")
    head, only = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert head == list(FIELDS)
    cells = dict(zip(head, only, strict=True))
    assert cells["id"] == greeting_id
    assert cells["text"] == "'=cmd|' /C calc'!A0\nўсмешка, \"так\""
    assert (cells["name"], cells["town"], cells["organisation"]) == ("'+375", "'@x", "'-1")
    assert cells["received_on"] == "2026-09-18", "what senders do is told to the day"


def test_no_cell_of_a_table_ends_where_other_countries_end_one(
    house_on_each_database: House, make: Callable[..., str]
):
    make(text="адзін;два\tтры|чатыры")
    data = made(house_on_each_database, form=Form.CSV).decode("utf-8-sig")
    assert '"адзін;два\tтры|чатыры"' in data, "in quotation marks, as every cell is"


def test_an_export_tells_the_uses_that_nobody_holds_back(
    house_on_each_database: House, make: Callable[..., str]
):
    make(granted=frozenset({Use.POST, Use.PRESS, Use.EVENTS}), disallowed=frozenset({Use.PRESS}))
    (greeting,) = json.loads(made(house_on_each_database))["greetings"]
    assert greeting["uses"] == ["events", "post"]


def test_what_is_taken_back_while_a_file_is_being_written_is_not_even_read(
    house_on_each_database: House, make: Callable[..., str]
):
    house = house_on_each_database
    taken_back, left = make(), make()
    ask(house)
    held = service._take(house)
    assert held is not None
    change(house, taken_back, "revoke")
    with house.database.reading() as session:
        assert [greeting.id for greeting in page_to_write(session, held.export, 0, 10)] == [left]


def test_json_keeps_every_letter(house_on_each_database: House, make: Callable[..., str]):
    make(text='=1+1 "ў" </script>', granted=frozenset({Use.POST, Use.PRESS}), shows_children=True)
    told = json.loads(made(house_on_each_database))
    assert (told["action"], told["use"]) == ("ales", "post")
    (greeting,) = told["greetings"]
    assert greeting["text"] == '=1+1 "ў" </script>'
    assert greeting["uses"] == ["post", "press"]
    assert greeting["children"] is True


def test_what_can_be_seen_in_each_picture_goes_out_with_it(
    house_on_each_database: House, make: Callable[..., str]
):
    make(photos=3, descriptions=["Плакат", "", "=1+1"])
    (greeting,) = json.loads(made(house_on_each_database))["greetings"]
    assert greeting["descriptions"] == ["Плакат", "", "=1+1"]
    assert len(greeting["pictures"]) == 3
    table = made(house_on_each_database, form=Form.CSV).decode("utf-8-sig")
    (row_of_it,) = csv.DictReader(io.StringIO(table, newline=""))
    assert row_of_it["descriptions"] == "Плакат\n\n'=1+1"


def test_an_archive_holds_the_table_the_texts_and_every_picture(
    house_on_each_database: House, make: Callable[..., str]
):
    house = house_on_each_database
    many, none = make(photos=3), make(photos=0)
    archive = zipfile.ZipFile(io.BytesIO(made(house, form=Form.ZIP)))
    assert archive.testzip() is None
    assert ids_in(archive.read("greetings.json")) == {many, none}
    pictures = [name for name in archive.namelist() if name.startswith("pictures/")]
    assert pictures == [f"pictures/{many}-{place}.jpg" for place in (1, 2, 3)]
    with house.database.reading() as session:
        photos = session.scalars(select(Greeting).where(Greeting.id == many)).one().photos
        masters = [house.storage.read(private_key(photo.private_name, MASTER)) for photo in photos]
    assert [archive.read(name) for name in pictures] == masters
    assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in archive.infolist())
    assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o600}, "for who unpacks it alone"


def test_an_empty_export_is_whole_too(house_on_each_database: House, make: Callable[..., str]):
    for form in Form:
        data = made(house_on_each_database, form=form)
        if form is Form.JSON:
            assert json.loads(data)["greetings"] == []
        if form is Form.ZIP:
            assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_more_greetings_than_fit_on_a_page_all_go_out_once(
    house_on_each_database: House, make: Callable[..., str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(service, "PAGE_ROWS", 3)
    all_ids = [make() for _ in range(8)]
    told = json.loads(made(house_on_each_database))["greetings"]
    assert [greeting["id"] for greeting in told] == all_ids


def test_a_large_file_lies_in_parts_that_make_it_up(house: House):
    file = PartedFile(house.storage, new_id())
    pieces = [bytes([number]) * 3_000_000 for number in range(7)]
    for piece in pieces:
        file.write(piece)
    file.finish()
    assert file.parts == -(-21_000_000 // PART_BYTES)
    held = [house.storage.read(part_key(file._file_name, number)) for number in range(file.parts)]
    assert b"".join(held) == b"".join(pieces)


# ---------- what spoils a file


@pytest.mark.parametrize("how", ["withdraw", "erase", "cover", "uncover", "correct"])
def test_what_is_erased_covered_or_mended_takes_every_file_it_is_in_along_at_once(
    house_on_each_database: House, make: Callable[..., str], how: str
):
    house = house_on_each_database
    gone, stays = make(photos=1), make()
    if how == "uncover":
        change(house, gone, "cover")
    ready = ask(house, form=Form.ZIP)
    assert service.write_next(house)
    assert parts(house)
    change(house, gone, how)
    assert not parts(house), "with the commit, not a moment later"
    assert row(house, ready).progress is Progress.GONE
    assert taken(house, ready) is None
    assert ids_in(made(house)) == ({stays} if how in {"withdraw", "erase"} else {gone, stays})


@pytest.mark.parametrize("how", ["revoke", "reopen", "disallow"])
def test_what_may_not_go_out_any_more_is_never_given_out_and_soon_deleted(
    house_on_each_database: House, make: Callable[..., str], how: str
):
    house, greeting_id = house_on_each_database, make()
    asked, watched = ask(house), ask(house, form=Form.CSV)
    while service.write_next(house):
        pass
    change(house, greeting_id, how)
    assert taken(house, asked) is None
    assert row(house, asked).progress is Progress.GONE
    assert service.look_after_exports(house) == 1
    assert row(house, watched).progress is Progress.GONE
    assert not parts(house)


def test_a_consent_that_the_file_does_not_rest_on_may_be_taken_back(
    house_on_each_database: House, make: Callable[..., str]
):
    house, greeting_id = house_on_each_database, make()
    export_id = ask(house, Use.PRESS)
    service.write_next(house)
    change(house, greeting_id, "revoke")
    assert service.look_after_exports(house) == 0
    data = taken(house, export_id)
    assert data is not None
    assert ids_in(data) == {greeting_id}


def test_what_is_erased_while_its_file_is_written_is_in_no_file(
    house_on_each_database: House, make: Callable[..., str], monkeypatch: pytest.MonkeyPatch
):
    house = house_on_each_database
    first, second = make(), make()
    monkeypatch.setattr(service, "PAGE_ROWS", 1)
    monkeypatch.setattr(writing, "PART_BYTES", 50)
    export_id, renew, renewals = ask(house), service._renew, iter(range(99))

    def erased_meanwhile(*facts: Any) -> None:
        if next(renewals) == 1:
            assert parts(house), "its words are in the store already"
            change(house, first, "erase")
        renew(*facts)

    monkeypatch.setattr(service, "_renew", erased_meanwhile)
    assert service.write_next(house)
    assert row(house, export_id).progress is Progress.WAITING, "to be begun anew"
    assert not parts(house)
    monkeypatch.setattr(service, "_renew", renew)
    assert service.write_next(house)
    data = taken(house, export_id)
    assert data is not None
    assert ids_in(data) == {second}


# ---------- leases


def test_whoever_falls_silent_is_followed_by_any_other_process(
    house_on_each_database: House, make: Callable[..., str], clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    house, greeting_id = house_on_each_database, make()
    export_id = ask(house)

    class Killed(BaseException):
        pass

    def killed(*_facts: Any) -> None:
        house.storage.put(part_key(row(house, export_id).file_name or "", 0), b"half a file")
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(service, "write_export", killed)
        service.write_next(house)
    assert row(house, export_id).progress is Progress.WRITING
    assert not service.write_next(house), "its lease still runs"
    clock.now += LEASE
    clock.forward(seconds=1)
    left = parts(house)
    assert service.write_next(house)
    data = taken(house, export_id)
    assert data is not None
    assert ids_in(data) == {greeting_id}
    assert not set(left) & set(parts(house)), "what the dead one left is gone"


def test_whoever_comes_back_after_losing_the_lease_changes_nothing(
    house_on_each_database: House, make: Callable[..., str], clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    house = house_on_each_database
    make()
    export_id, write = ask(house), write_export

    def slept(*facts: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(service, "write_export", write)
            clock.now += LEASE
            clock.forward(seconds=1)
            assert service.write_next(house), "another process takes over"
        monkeypatch.setattr(writing, "PART_BYTES", 50)
        try:
            write(*facts)
        finally:
            assert len(parts(house)) > row(house, export_id).parts

    monkeypatch.setattr(service, "write_export", slept)
    assert service.write_next(house)
    held = row(house, export_id)
    assert held.progress is Progress.READY
    assert taken(house, export_id) is not None
    assert len(parts(house)) == held.parts, "the sleeper deleted what it had put"


def test_of_several_clerks_each_file_is_written_by_one(
    house_on_each_database: House, make: Callable[..., str]
):
    house = house_on_each_database
    make()
    asked = [ask(house) for _ in range(4)]
    threads = [threading.Thread(target=service.write_next, args=(house,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while service.write_next(house):
        pass
    assert all(row(house, export_id).progress is Progress.READY for export_id in asked)
    assert len(parts(house)) == 4


def test_a_file_that_can_not_be_written_is_told_and_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    from greetings.storage import StorageFull

    with house.database.work() as session:
        make_greeting(house, session, make_action(session))
    export_id = ask(house)

    def full(*_facts: Any) -> None:
        raise StorageFull

    with monkeypatch.context() as patch:
        patch.setattr(house.storage, "put", full)
        assert service.write_next(house)
    assert row(house, export_id).progress is Progress.FAILED
    assert not parts(house)
    assert not service.write_next(house)


def test_an_export_leaves_the_room_that_is_kept_for_taking_back(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    with house.database.work() as session:
        make_greeting(house, session, make_action(session))
    export_id = ask(house)
    leave_free(monkeypatch, 20_000_000)
    assert service.write_next(house)
    assert row(house, export_id).progress is Progress.FAILED
    assert not parts(house)


# ---------- going


def test_a_file_lies_for_a_day(house_on_each_database: House, make: Callable[..., str], clock: TestClock):
    house = house_on_each_database
    make()
    export_id = ask(house)
    service.write_next(house)
    clock.forward(hours=23, minutes=59)
    assert taken(house, export_id) is not None
    clock.forward(minutes=1)
    assert taken(house, export_id) is None, "not a second longer, even before the clerk comes by"
    other = ask(house)
    service.write_next(house)
    clock.forward(days=1, seconds=1)
    assert service.look_after_exports(house) == 1
    assert not parts(house)
    with house.database.reading() as session:
        assert session.get(Export, other) is None
        assert not session.scalars(select(ExportedGreeting)).all()


def test_ten_files_are_enough(house: House):
    with house.database.work() as session:
        make_action(session)
    for _ in range(10):
        ask(house)
    with pytest.raises(service.TooManyExports):
        ask(house)


def test_files_are_neither_stray_nor_missing_and_those_without_a_row_are_swept(
    house: House, clock: TestClock
):
    with house.database.work() as session:
        make_greeting(house, session, make_action(session), photos=1)
    ask(house, form=Form.ZIP)
    service.write_next(house)
    stray = part_key(new_id(), 0)
    house.storage.put(stray, b"x")
    with house.database.reading() as session:
        found = [finding.subject for finding in examine(house, session) if finding.code == "file-without-row"]
    assert found == [stray]
    clock.forward(days=400)  # files carry the real clock's time
    with house.database.work() as session:
        for export in session.scalars(select(Export)):
            export.ready_at = clock()
    sweep(house)
    assert stray not in parts(house)
    assert len(parts(house)) == 1


def test_a_backup_takes_no_export_along(house: House, tmp_path, clock: TestClock):
    from greetings.house import open_house
    from greetings.settings import load_settings

    with house.database.work() as session:
        make_greeting(house, session, make_action(session))
    ask(house)
    service.write_next(house)
    file = tmp_path / "backup.tar"
    back_up(house, file)
    environ = {"GREETINGS_DATA": str(tmp_path / "other"), "GREETINGS_RATE_LIMITS": "off"}
    other = open_house(load_settings(environ), clock)
    try:
        restore_backup(other, file, None)
    finally:
        other.close()
    restored = open_house(load_settings(environ), clock)  # with the secret that came back
    try:
        with restored.database.reading() as session:
            assert not session.scalars(select(Export)).all()
            assert not list(examine(restored, session))
    finally:
        restored.close()


def test_housekeeping_by_hand_writes_what_waits(house: House):
    with house.database.work() as session:
        make_action(session)
    export_id = ask(house)
    keep_house(house)
    assert row(house, export_id).progress is Progress.READY


def test_the_clerk_is_woken_by_the_asking(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("greetings.operations.housekeeping.SETTLE_SECONDS", 3600)  # not by the time
    with house.database.work() as session:
        make_action(session)
    clerk = Clerk(house)
    clerk.start()
    export_id = ask(house)
    try:
        until(lambda: row(house, export_id).progress, lambda progress: progress is Progress.READY)
    finally:
        clerk.stop()
