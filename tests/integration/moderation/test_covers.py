"""Covers are burnt into every rendition: what was under them is gone, from every store and address."""

import hashlib
import io

import pytest
from PIL import Image
from sqlalchemy import select

from greetings.audit.models import AuditEntry
from greetings.db.session import begin_writing
from greetings.errors import Gone, VersionStale
from greetings.house import House
from greetings.imaging import RENDITIONS
from greetings.moderation import covers, service
from greetings.moderation.rules import Cover, PixelChange
from greetings.operations.housekeeping import forget_earlier_pixels, sweep
from greetings.operations.integrity import examine
from greetings.storage import StorageFull
from greetings.submissions.files import private_key, private_keys, public_keys
from greetings.submissions.models import GonePicture, Greeting
from greetings.submissions.receipt import withdraw
from greetings.submissions.rules import State
from greetings.submissions.steps import greeting_to_change, set_uses
from tests.disks import full_after

LEFT_HALF = Cover(0, 0, 50, 100)


def burn(house: House, greeting: Greeting, cover: Cover = LEFT_HALF, version: int | None = None) -> Greeting:
    with house.database.session() as session:
        seen = greeting.version if version is None else version
        numbers = {photo.number: PixelChange((cover,)) for photo in greeting.photos}
        covers.burn_in(house, session, greeting.id, seen, numbers, actor="ana")
        session.commit()
    with house.database.reading() as session:
        fresh = session.get_one(Greeting, greeting.sequence)
        assert fresh.photos is not None
        session.expunge_all()
        return fresh


def pixels(house: House, key: str) -> Image.Image:
    return Image.open(io.BytesIO(house.storage.read(key))).convert("RGB")


def colour(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel


def test_every_rendition_is_covered_and_only_where_it_was_asked(house: House, send):
    before = send(house, photos=1)
    old = {one.name: pixels(house, private_key(before.photos[0].private_name, one)) for one in RENDITIONS}
    after = burn(house, before)
    for one in RENDITIONS:
        picture = pixels(house, private_key(after.photos[0].private_name, one))
        width, height = picture.size
        covered = [colour(picture, x, y) for x in range(width // 2 - 3) for y in range(0, height, 5)]
        spread = [
            max(pixel[band] for pixel in covered) - min(pixel[band] for pixel in covered) for band in range(3)
        ]
        assert max(spread) < 25, f"{one.name} shows something under the cover"
        corner = (width - 3, height - 3)
        here, there = colour(picture, *corner), colour(old[one.name], *corner)
        assert all(abs(a - b) < 30 for a, b in zip(here, there, strict=True)), one.name


def test_the_earlier_files_go_with_the_window_and_the_digests_are_those_of_the_new(house: House, send, clock):
    before = send(house, photos=2)
    after = burn(house, before)
    old_keys = {key for photo in before.photos for key in private_keys(photo)}
    assert old_keys <= {file.key for file in house.storage.files("private/")}, "it can still be undone"
    assert forget_earlier_pixels(house) == 0
    clock.forward(minutes=10)
    assert forget_earlier_pixels(house) == 2
    held = {file.key for file in house.storage.files("private/")}
    assert held == {key for photo in after.photos for key in private_keys(photo)}
    assert not held & old_keys
    for photo in after.photos:
        for one in RENDITIONS:
            data = house.storage.read(private_key(photo.private_name, one))
            assert photo.digests[one.name] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("end", ["approve", "withdraw", "confirm"])
def test_the_earlier_files_go_at_once_when_nothing_is_to_be_undone(house: House, send, end: str):
    before = send(house, photos=1, wants_faces_covered=end == "confirm")
    after = burn(house, before)
    with house.database.session() as session:
        facts = (house, session, after.id, after.version)
        if end == "approve":
            service.approve(*facts, actor="ana")
        elif end == "confirm":
            covers.confirm(*facts, actor="ana")
        else:
            withdraw(house, session, after.id)
        session.commit()
    held = {file.key for file in house.storage.files("private/")}
    assert held == ({*private_keys(after.photos[0])} if end != "withdraw" else set())


def test_earlier_files_are_nobodys_strays(house: House, send, clock):
    before = send(house, photos=1)
    burn(house, before)
    clock.forward(minutes=60)
    assert sweep(house) == 0
    with house.database.reading() as session:
        assert list(examine(house, session)) == []


def test_the_last_change_is_taken_back_pixel_for_pixel(house: House, send, stands):
    before = send(house, photos=1, state=State.APPROVED)
    first = burn(house, before)
    second = burn(house, first, Cover(50, 0, 50, 100))
    with house.database.session() as session:
        covers.take_back(house, session, second.id, second.version, actor="ana")
        session.commit()
    after = stands(house, before)
    assert after.photos[0].private_name == first.photos[0].private_name
    assert after.photos[0].digests == first.photos[0].digests
    assert after.photos[0].public_name not in {before.photos[0].public_name, second.photos[0].public_name}
    with house.database.session() as session:
        covers.take_back(house, session, after.id, after.version, actor="ana")
        session.commit()
    restored = stands(house, before)
    assert restored.photos[0].private_name == before.photos[0].private_name
    assert restored.version > after.version
    held = {file.key for file in house.storage.files("private/")}
    assert held == {*private_keys(restored.photos[0])}
    with house.database.session() as session, pytest.raises(covers.NothingToTakeBack):
        covers.take_back(house, session, restored.id, restored.version, actor="ana")


def test_a_public_picture_gets_a_new_address_and_the_old_one_is_gone(house: House, send):
    before = send(house, photos=1, state=State.APPROVED)
    after = burn(house, before)
    old, new = before.photos[0].public_name, after.photos[0].public_name
    assert old is not None
    assert new is not None
    assert old != new
    assert {file.key for file in house.storage.files("public/")} == set(public_keys(new))
    with house.database.reading() as session:
        assert session.get(GonePicture, old) is not None
    assert after.public_sequence == before.public_sequence, "its place on the wall stays"


def test_whoever_looked_at_the_uncovered_picture_must_look_again(house: House, send):
    before = send(house, photos=1)
    after = burn(house, before)
    assert after.version > before.version
    again = burn(house, after, Cover(50, 0, 10, 10))
    assert again.version > after.version, "a second time within the same hour too"
    with house.database.session() as session, pytest.raises(VersionStale):
        service.approve(house, session, before.id, before.version, actor="jan")


def test_a_stale_cover_changes_nothing_and_leaves_no_file(house: House, send):
    before = send(house, photos=1)
    held = {file.key for file in house.storage.files("private/")}
    with pytest.raises(VersionStale):
        burn(house, before, version=before.version + 1)
    assert {file.key for file in house.storage.files("private/")} == held


def test_a_greeting_withdrawn_while_pixels_are_drawn_stays_withdrawn(house: House, send, monkeypatch):
    before = send(house, photos=1)
    redraw = house.pictures.redraw

    def withdraw_meanwhile(*args, **facts):
        from tests.integration.moderation.test_races import withdraw

        with house.database.session() as session:
            withdraw(house, session, before)
            session.commit()
        return redraw(*args, **facts)

    monkeypatch.setattr(house.pictures, "redraw", withdraw_meanwhile)
    with pytest.raises((VersionStale, Gone)):
        burn(house, before)
    assert not list(house.storage.files("private/"))


def test_a_change_of_consent_while_pixels_are_drawn_is_not_overwritten(house: House, send, monkeypatch):
    before = send(house, photos=1, state=State.APPROVED)
    redraw = house.pictures.redraw

    def consent_taken_back(*args, **facts):
        with house.database.session() as session:
            begin_writing(session)
            greeting = greeting_to_change(session, before.id)
            set_uses(house, session, greeting, actor="sender", granted=frozenset())
            session.commit()
        return redraw(*args, **facts)

    monkeypatch.setattr(house.pictures, "redraw", consent_taken_back)
    with pytest.raises(VersionStale):
        burn(house, before)
    assert not list(house.storage.files("public/"))


def test_a_full_disk_leaves_the_old_picture_whole(house: House, send, monkeypatch):
    before = send(house, photos=2)
    held = {file.key for file in house.storage.files("private/")}
    full_after(monkeypatch, house.storage, 4)
    with pytest.raises(StorageFull):
        burn(house, before)
    assert {file.key for file in house.storage.files("private/")} == held


def test_confirming_makes_the_greeting_approvable_and_is_noted_once(house: House, send, stands):
    greeting = send(house, photos=1, wants_faces_covered=True)
    with house.database.session() as session:
        covers.confirm(house, session, greeting.id, greeting.version, actor="ana")
        session.commit()
    after = stands(house, greeting)
    assert not after.needs_covers
    with house.database.session() as session:
        covers.confirm(house, session, greeting.id, after.version, actor="ana")
        service.approve(house, session, greeting.id, after.version, actor="ana")
        session.commit()
    with house.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
    assert acts == ["confirm-covers", "approve"]
