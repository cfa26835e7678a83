"""Sending with photos: what is taken in, what is refused and how that is said, what happens when we have trouble."""

import logging
import os
import threading
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.app import create_app
from greetings.house import House
from greetings.imaging import RENDITIONS, HouseFull
from greetings.storage import StorageFull
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import Kind, Use
from greetings.web.arrivals import SMALL_BODY_BYTES, Places
from tests.folders import all_bytes_in
from tests.integration.submissions.sending import count, stored_files
from tests.pages import PageClient
from tests.web.submissions.sender import (
    Sender,
    alert_of,
    by_id,
    code_of,
    key_of,
    parsed,
    photo,
    reasons_of,
    state_of,
    text_of,
    typed,
)


def the_greeting(house: House) -> Greeting:
    with house.database.reading() as session:
        greeting = session.query(Greeting).one()
        assert greeting.photos is not None
        session.expunge_all()
        return greeting


def nothing_is_kept(house: House) -> bool:
    return count(house, Greeting) == count(house, Photo) == len(stored_files(house)) == 0


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_answer_to_a_greeting_is_its_receipt(client, house: House, language: str):
    sender = Sender(client, language)
    page = sender.send(photo(), name="Ганна", town="Вільня", country="LT")
    assert page.status_code == 201
    assert page.headers["Cache-Control"] == "no-store"
    assert state_of(page) == "pending"
    assert len(code_of(page).replace(" ", "")) == 16
    greeting = the_greeting(house)
    assert (greeting.language, greeting.kind, greeting.name) == (language, Kind.PHOTO, "Ганна")
    assert greeting.granted == {Use.GALLERY, Use.POST}
    assert greeting.shows_people_who_agreed
    assert len(stored_files(house)) == len(RENDITIONS)


def test_words_alone_are_a_greeting_and_so_is_a_photo_alone(sender: Sender, house: House):
    assert sender.send(kind="photo").status_code == 201
    assert the_greeting(house).kind is Kind.TEXT
    sender.key = ""
    assert sender.send(photo(), text="").status_code == 201
    assert count(house, Greeting) == 2


def test_an_empty_file_input_is_no_photo(sender: Sender, house: House):
    assert sender.send((b"", ""), agreed=None).status_code == 201
    assert the_greeting(house).photos == []


def send_raw(sender: Sender, data: bytes, name: str, **environ: str) -> TestResponse:
    """The same request made by hand: names that no client would send, files too large for the client's memory."""
    sender.open()
    fields = {"key": sender.key, "text": "Ёсць", "uses": "gallery", "agreed": "1"}
    parts = [
        f'--frontier\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    head = f'--frontier\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + data + b"\r\n--frontier--\r\n"
    return sender.client.post(
        sender.path,
        data=body,
        content_type="multipart/form-data; boundary=frontier",
        environ_overrides=environ,
    )


def test_a_photo_without_a_name_is_a_photo(sender: Sender, house: House):
    page = send_raw(sender, photo(), "")
    assert page.status_code == 201
    assert count(house, Photo) == 1


def test_ten_photos_fit_and_keep_their_order(sender: Sender, house: House):
    photos = [photo((60 + number, 40)) for number in range(10)]
    assert sender.send(*photos).status_code == 201
    assert [one.width_px for one in the_greeting(house).photos] == list(range(60, 70))


def test_eleven_photos_are_too_many(sender: Sender, house: House):
    page = sender.send(*[photo()] * 11)
    assert page.status_code == 422
    assert reasons_of(page) == ["too_many_photos"]
    assert "11" in text_of(by_id(page, "photos-error"))
    assert nothing_is_kept(house)


REFUSED = [
    (b"", "empty"),
    (b"Dear Ales, this is no picture at all.", "a_document"),
    (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a_document"),
    (b"\x00" * 500, "not_a_picture"),
    (photo()[:700], "broken"),
    (photo(form="BMP"), "format_not_supported"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_refused_file_says_why_and_nothing_is_accepted(
    client, house: House, language: str, data: bytes, reason: str
):
    sender = Sender(client, language)
    page = sender.send(photo(), (data, "holiday.jpg"), photo(), text="Застаецца", uses=["gallery"])
    assert page.status_code == 422
    assert reasons_of(page) == [reason]
    assert "2 (holiday.jpg)" in text_of(by_id(page, "photos-error"))
    assert (typed(page)["text"], typed(page)["uses"]) == ("Застаецца", ["gallery"])
    assert nothing_is_kept(house)


def test_every_refused_file_is_named(sender: Sender):
    page = sender.send((b"", "one.jpg"), photo(), (b"\x00" * 300, "three.jpg"))
    assert reasons_of(page) == ["empty", "not_a_picture"]
    message = text_of(by_id(page, "photos-error"))
    assert "1 (one.jpg)" in message
    assert "3 (three.jpg)" in message
    assert "chosen again" in alert_of(page)


def test_a_file_over_20_mb_is_refused_and_the_rest_of_the_form_is_there(sender: Sender, house: House):
    page = send_raw(sender, b"\xff" * 20_000_001, "big.jpg")
    assert page.status_code == 422
    assert reasons_of(page) == ["too_many_bytes"]
    assert typed(page)["text"] == "Ёсць"
    assert nothing_is_kept(house)


def test_more_than_60_mb_are_refused_unread(sender: Sender):
    page = sender.client.post(
        sender.path,
        content_type="multipart/form-data; boundary=x",
        data=b"--x--",
        environ_overrides={"CONTENT_LENGTH": str(60_000_001)},
    )
    assert page.status_code == 413


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_from_more_than_60_mb_what_was_typed_comes_back(client, house: House, language: str):
    """One page back a browser has nothing of it: the form asks it to keep nothing."""
    sender = Sender(client, language)
    page = send_raw(sender, bytes(100_000), "a.jpg", CONTENT_LENGTH="60000002")
    assert page.status_code == 413
    assert (typed(page)["text"], typed(page)["uses"], typed(page)["agreed"]) == ("Ёсць", ["gallery"], "1")
    assert key_of(page) == sender.key
    assert b"data-files-lost" in page.data
    assert nothing_is_kept(house)


def test_a_hostile_file_name_is_shown_as_text_on_this_answer_only(sender: Sender):
    page = sender.send((b"", "<img src=x onerror=alert(1)>\u202egpj.exe" + "x" * 200))
    message = by_id(page, "photos-error")
    assert "<img src=x onerror=alert(1)>gpj.exe" in text_of(message)
    assert not list(message.iter("img"))
    assert len(text_of(message)) < 250


def test_a_file_name_and_what_a_browser_says_are_kept_nowhere(sender: Sender, house: House, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    name, agent = "IMG_Babruisk_Hanna", "Mozilla/5.0 Telltale"
    sender.client.environ_base.update({"HTTP_USER_AGENT": agent, "REMOTE_ADDR": "203.0.113.77"})
    assert sender.send((photo(comment=b"Telltale comment"), f"{name}.jpg")).status_code == 201
    sender.key = ""
    assert sender.send((b"nothing", f"{name}.jpg")).status_code == 422
    with house.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = all_bytes_in(house.settings.data)
    written = caplog.text + "".join(capfd.readouterr())
    for telltale in (name, "Telltale", "203.0.113.77"):
        assert telltale.encode() not in kept
        assert telltale not in written


def test_place_and_camera_of_a_photo_are_not_kept(sender: Sender, house: House):
    exif = Image.Exif()
    exif[0x010F] = "TelltaleCamera"
    exif.get_ifd(0x8825)[29] = "2012:09:25"
    assert sender.send(photo(exif=exif)).status_code == 201
    for key in stored_files(house):
        data = house.storage.read(key)
        assert b"TelltaleCamera" not in data
        assert b"2012:09:25" not in data
        assert b"Exif" not in data


# ---------- the same greeting twice


def test_sending_again_shows_the_same_receipt(sender: Sender, house: House):
    first = sender.send(photo())
    again = sender.send(photo())
    assert again.status_code == 201
    assert code_of(again) == code_of(first)
    assert count(house, Greeting) == 1
    assert len(stored_files(house)) == len(RENDITIONS)


def test_sending_again_after_days_still_shows_the_same_receipt(sender: Sender, house: House, clock):
    first = sender.send()
    clock.forward(days=3)
    again = sender.send(uses=None, text="")
    assert (again.status_code, code_of(again)) == (201, code_of(first))
    assert count(house, Greeting) == 1


def test_sending_again_when_the_action_is_over_still_shows_the_same_receipt(
    sender: Sender, house: House, action: Action
):
    first = sender.send()
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.CLOSED
    again = sender.send()
    assert (again.status_code, code_of(again)) == (201, code_of(first))
    assert count(house, Greeting) == 1


def test_sending_again_what_was_taken_back_says_so_and_thanks_for_nothing(sender: Sender, house: House):
    code = code_of(sender.send())
    sender.receipt(code, "withdraw")
    again = sender.send()
    assert (again.status_code, state_of(again)) == (201, "withdrawn")
    assert "Your greeting is received" not in again.get_data(as_text=True)
    assert count(house, Greeting) == 1


def test_a_double_click_makes_one_greeting(app, house: House):
    first = Sender(app.test_client())
    first.open()
    start = threading.Barrier(3)
    pages: list[TestResponse] = []

    def press() -> None:
        sender = Sender(app.test_client(), key=first.key)
        start.wait()
        pages.append(sender.send(photo()))

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [page.status_code for page in pages] == [201] * 3
    assert len({code_of(page) for page in pages}) == 1
    assert (count(house, Greeting), len(stored_files(house))) == (1, len(RENDITIONS))


# ---------- trouble on our side


def test_a_full_house_gives_the_form_back_and_says_when_to_press_again(
    sender: Sender, house: House, monkeypatch
):
    def full(_file: Any):
        raise HouseFull

    with monkeypatch.context() as patch:
        patch.setattr(house.pictures, "take_in", full)
        page = sender.send(photo(), name="Ганна")
    assert page.status_code == 503
    assert page.headers["Retry-After"] in alert_of(page)
    assert (typed(page)["name"], key_of(page)) == ("Ганна", sender.key)
    assert nothing_is_kept(house)
    assert sender.send(photo(), name="Ганна").status_code == 201


def test_a_full_budget_of_bytes_gives_the_form_back(sender: Sender, house: House, monkeypatch):
    from greetings.web.uploads import UploadBudget

    with monkeypatch.context() as patch:
        patch.setattr(UploadBudget, "take", lambda *_: False)
        page = sender.send(photo(), photo(), name="Ганна")
    assert page.status_code == 503
    assert page.headers["Retry-After"] in alert_of(page)
    assert (typed(page)["name"], key_of(page)) == ("Ганна", sender.key)
    assert nothing_is_kept(house)
    assert sender.send(photo(), name="Ганна").status_code == 201


def test_no_transaction_stands_open_while_a_body_comes_in(sender: Sender, house: House, monkeypatch):
    from greetings.web.uploads import UploadedBytes

    sender.open()
    write, seen = UploadedBytes.write, []

    def look_and_write(self: UploadedBytes, data: Any) -> int:
        seen.append(house.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return write(self, data)

    monkeypatch.setattr(UploadedBytes, "write", look_and_write)
    assert sender.send(photo()).status_code == 201
    assert set(seen) == {0}


def test_a_full_disk_gives_the_form_back_and_tells_the_operator(
    sender: Sender, house: House, monkeypatch, capsys
):
    def full(_key: str, _data: bytes):
        raise StorageFull("full")

    monkeypatch.setattr(house.storage, "put", full)
    page = sender.send(photo(), name="Ганна")
    assert page.status_code == 507
    assert "room" in alert_of(page)
    assert typed(page)["name"] == "Ганна"
    assert nothing_is_kept(house)
    told = capsys.readouterr()
    assert (told.out + told.err).count("the disk is full") == 1
    assert "Ганна" not in told.out + told.err


@pytest.mark.parametrize(
    ("trouble", "status"), [("database or disk is full", 507), ("database is locked", 503)]
)
def test_a_commit_that_fails_gives_the_form_back_and_acknowledges_nothing(
    sender: Sender, house: House, capsys, trouble: str, status: int
):
    sender.open()

    def fail(_connection: Any):
        event.remove(house.database.engine, "commit", fail)
        raise OperationalError("COMMIT", {}, Exception(trouble))

    event.listen(house.database.engine, "commit", fail)
    page = sender.send(photo(), name="Ганна")
    assert page.status_code == status
    assert typed(page)["name"] == "Ганна"
    assert nothing_is_kept(house)
    told = capsys.readouterr()
    assert {507: "the disk is full", 503: "database not available"}[status] in told.out + told.err
    assert sender.send(photo(), name="Ганна").status_code == 201


def test_whoever_reads_the_receipt_has_a_greeting_that_is_committed(
    sender: Sender, house: House, monkeypatch
):
    """The page is made after the commit: at that moment others see the greeting."""
    from greetings.submissions import views

    seen: list[int] = []
    make = views._receipt_page

    def look_and_make(*args: Any, **facts: Any) -> str:
        seen.append(count(house, Greeting))
        return make(*args, **facts)

    monkeypatch.setattr(views, "_receipt_page", look_and_make)
    assert sender.send().status_code == 201
    assert seen == [1]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_an_upload_never_touches_the_temporary_folder(sender: Sender, tmp_path, monkeypatch):
    import tempfile

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    def refuse(*_args: Any, **_facts: Any):
        raise AssertionError("an upload was spooled")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", refuse)
    assert sender.send(photo((1200, 900), quality=100)).status_code == 201
    assert list(folder.iterdir()) == []


def test_the_covers_that_were_asked_for_are_waited_for(sender: Sender, house: House):
    page = sender.send(photo(), cover_faces="1", children="1", guardian="1")
    assert page.status_code == 201
    greeting = the_greeting(house)
    assert greeting.needs_covers
    assert greeting.shows_children
    assert "Faces are covered first" in text_of(next(parsed(page).iter("main")))


def test_words_alone_wait_for_no_covers_and_show_nobody(sender: Sender, house: House):
    """Whoever ticks the boxes of photos and then sends words has words on the wall, too."""
    assert sender.send(cover_faces="1", agreed="1").status_code == 201
    greeting = the_greeting(house)
    assert not greeting.needs_covers
    assert not greeting.shows_people_who_agreed


def test_who_finds_no_place_for_photos_gets_the_words_back_and_sends_nothing_twice(house: House, action):
    """Without JavaScript the page would stand only behind the browser's way back."""
    places = Places(large=1)
    app = create_app(house.settings, house, places)
    app.test_client_class = PageClient
    sender = Sender(app.test_client())
    large = photo((400, 300), quality=100) + bytes(SMALL_BODY_BYTES)
    words = {"text": "З днём\n\nнараджэння! <b>“—”</b>", "name": "Ганна", "uses": ["post"], "country": "BY"}
    sender.open()
    held = places.take(None)
    page = sender.send(large, large, **words)
    assert page.status_code == 503
    assert page.headers["Retry-After"] in alert_of(page)
    assert {name: typed(page)[name] for name in words} == words
    assert (typed(page)["agreed"], key_of(page)) == ("1", sender.key)
    assert b"data-files-lost" in page.data
    assert (count(house, Greeting), stored_files(house)) == (0, set())
    held.release()
    received = sender.send(large, **words)
    assert received.status_code == 201
    held = places.take(None)
    assert code_of(sender.send(large, **words)) == code_of(received), (
        "the answer got lost, the receipt doesn't"
    )
    held.release()
    assert count(house, Greeting) == 1


@pytest.mark.parametrize("fields", [{"text": "a" * 260_000}, {"uses": ["gallery"] * 200}])
def test_more_words_or_more_fields_than_a_form_has_are_refused(
    sender: Sender, house: House, fields: dict[str, Any]
):
    assert sender.send(photo(), **fields).status_code == 413
    assert nothing_is_kept(house)


def test_as_many_words_and_fields_as_a_form_may_have_are_read(sender: Sender):
    assert sender.send(photo(), text="a" * 240_000).status_code == 422
    assert sender.send(photo(), uses=["gallery"] * 150).status_code == 201
