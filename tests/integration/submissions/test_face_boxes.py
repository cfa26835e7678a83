"""Who asks for covered faces gets proposals at the desk, and nothing is shown before a moderator confirmed."""

import io
from datetime import timedelta

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.db.session import begin_writing
from greetings.house import House
from greetings.imaging import HouseFull, PictureReader, PictureRefused, Refusal
from greetings.moderation import covers
from greetings.moderation.faces import known_faces
from greetings.moderation.rules import Cover, PixelChange
from greetings.submissions import face_boxes
from greetings.submissions.files import private_keys
from greetings.submissions.models import EarlierPicture, Greeting
from greetings.submissions.rules import Step
from greetings.submissions.service import UntrustedFile, receive
from greetings.submissions.steps import CoversNotConfirmed, greeting_to_change, take_step
from tests.conftest import must_not_skip
from tests.integration.imaging.test_faces import ASTRONAUT, HER_FACE
from tests.integration.submissions.sending import KEY, draft, files, stored_files

UNSEEN = 30  # between the lightest and the darkest that a codec makes of ink


@pytest.fixture
def sees(monkeypatch: pytest.MonkeyPatch):
    """Sets what the finder of faces answers, or how it fails, and collects what it was asked."""
    asked = []

    def answer(*answers):
        rest = list(answers)

        def find(self, master, *, thorough):
            asked.append(thorough)
            found = rest.pop(0)
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(PictureReader, "find_faces", find)
        return asked

    return answer


def send(house: House, action: Action, photos: int = 1, **facts) -> Greeting:
    with house.database.session() as session:
        row = session.get_one(Action, action.id)
        greeting = receive(house, session, row, draft(**facts), files(photos), KEY).greeting
        session.commit()
        assert greeting.photos is not None
        session.expunge_all()
        return greeting


def approve(house: House, greeting: Greeting) -> None:
    with house.database.work() as session:
        begin_writing(session)
        take_step(house, session, greeting_to_change(session, greeting.id), Step.APPROVE, actor="ana")


def test_boxes_are_kept_beside_each_photo_when_covers_were_asked_for(house, action, sees):
    asked = sees(((1, 2, 30, 40), (5, 5, 9, 9)), ())
    greeting = send(house, action, photos=2, wants_faces_covered=True)
    assert [photo.face_boxes for photo in greeting.photos] == [[[1, 2, 30, 40], [5, 5, 9, 9]], []]
    assert asked == [True, True]


def test_nobody_looks_for_faces_who_was_not_asked_to(house, action, sees):
    asked = sees()
    greeting = send(house, action)
    assert asked == []
    assert greeting.photos[0].face_boxes == []


def test_a_sender_is_not_kept_waiting_for_ten_thorough_looks(house, action, sees, monkeypatch):
    monkeypatch.setattr(face_boxes, "PATIENCE_SECONDS", 0)
    asked = sees((), ())
    send(house, action, photos=2, wants_faces_covered=True)
    assert asked == [False, False]


@pytest.mark.parametrize("failure", [PictureRefused(Refusal.READER_FAILED), HouseFull()])
def test_a_finder_that_fails_loses_no_greeting_and_shows_no_face(house, action, sees, failure):
    sees(failure)
    greeting = send(house, action, wants_faces_covered=True)
    assert greeting.photos[0].face_boxes == []
    with pytest.raises(CoversNotConfirmed):
        approve(house, greeting)


def test_without_the_extra_covers_are_drawn_by_hand_and_the_greeting_waits_all_the_same(
    house, action, monkeypatch
):
    monkeypatch.setattr("greetings.imaging.reader.find_spec", lambda _: None)
    greeting = send(house, action, wants_faces_covered=True)
    assert greeting.photos[0].face_boxes == []
    assert greeting.needs_covers
    with pytest.raises(CoversNotConfirmed):
        approve(house, greeting)


def test_once_covers_are_confirmed_the_uncovered_pixels_are_off_the_disk(house, action, sees, clock):
    sees(((4, 4, 20, 20),))
    before = send(house, action, wants_faces_covered=True)
    old_keys = set(private_keys(before.photos[0]))
    with house.database.session() as session:
        change = {before.photos[0].number: PixelChange((Cover(0, 0, 50, 100),))}
        burnt = covers.burn_in(house, session, before.id, before.version, change, actor="ana")
        session.commit()
        assert burnt.photos[0].face_boxes == [], "its boxes are under covers and out of place"
        covers.confirm(house, session, burnt.id, burnt.version, actor="ana")
        session.commit()
    assert not old_keys & stored_files(house)
    assert not [
        path for path in house.settings.files.rglob("*") if before.photos[0].private_name in path.name
    ]
    approve(house, before)


def test_taking_covers_back_brings_the_proposals_back(house, action, sees, clock):
    sees(((4, 4, 20, 20),))
    before = send(house, action, wants_faces_covered=True)
    with house.database.session() as session:
        change = {before.photos[0].number: PixelChange((Cover(0, 0, 50, 100),))}
        burnt = covers.burn_in(house, session, before.id, before.version, change, actor="ana")
        session.commit()
        assert session.scalars(select(EarlierPicture.face_boxes)).one() == [[4, 4, 20, 20]]
        clock.now += timedelta(minutes=1)
        back = covers.take_back(house, session, burnt.id, burnt.version, actor="ana")
        session.commit()
        assert back.photos[0].face_boxes == [[4, 4, 20, 20]]


@pytest.mark.corpus
def test_a_true_face_goes_the_whole_way_from_the_file_to_ink(house, action, corpus):
    """With the finder itself and a photo of somebody: found, not approvable, covered, confirmed, erased."""
    if not house.pictures.can_find_faces:
        must_not_skip("OpenCV is not installed: requirements/faces.txt brings it.")
    photo = [UntrustedFile(io.BytesIO((corpus / ASTRONAUT).read_bytes()))]
    with house.database.session() as session:
        row = session.get_one(Action, action.id)
        facts = draft(wants_faces_covered=True)
        greeting = receive(house, session, row, facts, photo, KEY).greeting
        session.commit()
        proposed = known_faces(greeting.photos[0])
        assert proposed
        uncovered = set(private_keys(greeting.photos[0]))
        with pytest.raises(CoversNotConfirmed):
            approve(house, greeting)
        change = {greeting.photos[0].number: PixelChange(tuple(proposed))}
        burnt = covers.burn_in(house, session, greeting.id, greeting.version, change, actor="ana")
        session.commit()
        covers.confirm(house, session, burnt.id, burnt.version, actor="ana")
        session.commit()
        keys = set(private_keys(burnt.photos[0]))
        session.refresh(greeting)
        session.expunge_all()
    assert stored_files(house) == keys
    assert not uncovered & keys
    for key in keys:
        picture = Image.open(io.BytesIO(house.storage.read(key))).convert("RGB")
        scale = picture.width / 512
        left, top, right, bottom = (round(edge * scale) for edge in HER_FACE)
        face = np.asarray(picture.crop((left, top, right, bottom)))
        assert np.ptp(face, axis=(0, 1)).max() < UNSEEN, f"{key} shows something of her face"
    approve(house, greeting)
