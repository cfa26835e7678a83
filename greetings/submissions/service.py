"""Receiving a greeting: photos first, while nothing is locked; then rows and audit entry in one transaction.

Whoever is told "received" holds a code of rows that are safe on disk, with all their files. Whoever isn't,
left nothing behind. The same submission key never makes a second greeting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.actions.rules import ActionState, is_accepting
from greetings.actions.service import AnyAction
from greetings.audit import SENDER
from greetings.clock import to_the_hour
from greetings.db.session import begin_writing, on_rollback
from greetings.errors import GreetingsError, NotFound
from greetings.house import House
from greetings.ids import new_id
from greetings.imaging import RENDITIONS, HouseFull, Picture, PictureRefused, Refusal
from greetings.submissions.codes import code_digest, code_for
from greetings.submissions.face_boxes import find_boxes
from greetings.submissions.files import delete_all, private_key
from greetings.submissions.fingerprints import text_fingerprint
from greetings.submissions.likeness import note_likeness
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.photos import note_facts
from greetings.submissions.queries import find_by_code, has_photo_rows
from greetings.submissions.rules import MAX_FILE_BYTES, Draft, search_text


class ActionClosed(GreetingsError):
    """The action takes no greetings: not yet, or not any more."""


@dataclass(frozen=True, slots=True)
class UntrustedFile:
    """One file as it came, in memory. Past the limit, or without room for it, its bytes are gone already."""

    stream: BinaryIO
    is_too_large: bool = False
    has_no_room: bool = False


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """Which file was refused, counted from 1, and why."""

    place: int
    refusal: PictureRefused


class FilesRefused(GreetingsError):
    """At least one file can't be taken in; `files` names each, and nothing at all was accepted."""

    def __init__(self, files: Sequence[RefusedFile]) -> None:
        super().__init__(", ".join(file.refusal.code for file in files))
        self.files = tuple(files)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sender is given: the code, as people read it, and the greeting it belongs to."""

    code: str
    greeting: Greeting


def find_receipt(house: House, session: Session, submission_key: str) -> Receipt | None:
    """The receipt that this key has already, if what it was sent with was received."""
    code = code_for(house.keys, submission_key)
    greeting = find_by_code(session, house.keys, code)
    return None if greeting is None else Receipt(code, greeting)


def take_in(house: House, untrusted_files: Sequence[UntrustedFile]) -> list[Picture]:
    """Our own pictures of every file, in order. Raises `FilesRefused`, or `HouseFull` to try again.

    Behind a file that took too long no other is opened: few are read at a time, and ten of that kind would
    keep others waiting for minutes.
    """
    pictures, refused = [], []
    for place, file in enumerate(untrusted_files, start=1):
        try:
            pictures.append(_take_in_one(house, file))
        except PictureRefused as refusal:
            refused.append(RefusedFile(place, refusal))
            if refusal.code is Refusal.TOOK_TOO_LONG:
                break
    if refused:
        raise FilesRefused(refused)
    return pictures


def _take_in_one(house: House, file: UntrustedFile) -> Picture:
    if file.is_too_large:
        raise PictureRefused(Refusal.TOO_MANY_BYTES, {"max_bytes": MAX_FILE_BYTES})
    if file.has_no_room:
        raise HouseFull
    return house.pictures.take_in(file.stream)


def receive(
    house: House,
    session: Session,
    action: AnyAction,
    draft: Draft,
    untrusted_files: Sequence[UntrustedFile],
    submission_key: str,
) -> Receipt:
    """Take a greeting in, or give the receipt of the one that this key brought before.

    The first thing a request does with its session: what it has read is read again. Raises `ActionClosed`,
    `FilesRefused`, `HouseFull`, `StorageFull`; then nothing is kept. The receipt is true once the caller
    has committed.
    """
    known = find_receipt(house, session, submission_key)
    if known is not None:
        return known
    action_id = action.id
    session.rollback()  # no transaction is held open while pictures are read
    house.check_room()
    pictures = take_in(house, untrusted_files)
    boxes = find_boxes(house, pictures) if draft.wants_faces_covered else []
    photos = _put_photos(house, pictures)
    for photo, faces in zip(photos, boxes, strict=False):  # no boxes at all where nobody asked for covers
        photo.face_boxes = faces
    for photo, said in zip(photos, draft.descriptions, strict=False):  # none where nobody said anything
        photo.description = said
    names = [photo.private_name for photo in photos]
    try:
        begin_writing(session)
        on_rollback(session, lambda: _forget_files(house, names))
        return _write_down(house, session, action_id, draft, photos, submission_key)
    except IntegrityError:  # the same key at the same moment: the first one counts
        session.rollback()
        first = find_receipt(house, session, submission_key)
        if first is None:
            raise
        return first
    except BaseException:
        session.rollback()
        _forget_files(house, names)
        raise


def _put_photos(house: House, pictures: Sequence[Picture]) -> list[Photo]:
    """Rows for pictures whose files are safe in the private store; all of them, or none."""
    photos: list[Photo] = []
    try:
        for position, picture in enumerate(pictures):
            photos.append(_photo(position, picture))
            for rendition in RENDITIONS:
                key = private_key(photos[-1].private_name, rendition)
                house.storage.put(key, picture.renditions[rendition.name])
    except BaseException:
        _delete_files(house, [photo.private_name for photo in photos])
        raise
    return photos


def _photo(position: int, picture: Picture) -> Photo:
    photo = Photo(position=position, private_name=new_id())
    note_facts(photo, picture)
    return photo


def _write_down(
    house: House, session: Session, action_id: int, draft: Draft, photos: list[Photo], submission_key: str
) -> Receipt:
    known = find_receipt(house, session, submission_key)
    if known is not None:
        _forget_files(house, [photo.private_name for photo in photos])
        return known
    _check_accepting(session, action_id, draft)
    code = code_for(house.keys, submission_key)
    greeting = _greeting(house, action_id, draft, code)
    greeting.photos.extend(photos)
    session.add(greeting)
    session.flush()
    note_likeness(session, greeting)
    house.audit.add(
        session,
        at=house.clock() if draft.brought_by else to_the_hour(house.clock()),
        actor=draft.brought_by or SENDER,
        act="add" if draft.brought_by else "receive",
        subject=greeting.id,
        details={"photos": len(photos), "uses": len(draft.uses)},
    )
    return Receipt(code, greeting)


def _check_accepting(session: Session, action_id: int, draft: Draft) -> None:
    """What came by post may come late, or before its action is shown; an archive takes nothing any more."""
    action = session.get(Action, action_id, populate_existing=True)
    if action is None or not (action.is_public or draft.brought_by):
        raise NotFound(action_id)
    is_open = action.state is not ActionState.ARCHIVED if draft.brought_by else is_accepting(action.state)
    if not is_open:
        raise ActionClosed(action.slug)


def _greeting(house: House, action_id: int, draft: Draft, code: str) -> Greeting:
    now = to_the_hour(house.clock())
    return Greeting(
        action_id=action_id,
        code_digest=code_digest(house.keys, code),
        received_at=now,
        changed_at=now,
        kind=draft.kind,
        language=draft.language,
        text=draft.text,
        name=draft.name,
        town=draft.town,
        country=draft.country,
        organisation=draft.organisation,
        office=draft.office,
        search_text=search_text(draft.text, draft.name, draft.town, draft.organisation),
        text_fingerprint=text_fingerprint(draft.text, draft.name, draft.town),
        granted=draft.uses,
        shows_people_who_agreed=draft.everyone_agreed,
        shows_children=draft.shows_children,
        wants_faces_covered=draft.wants_faces_covered,
        brought_by=draft.brought_by or None,
        consent_from=draft.consent_from,
    )


def _forget_files(house: House, names: Sequence[str]) -> None:
    """Delete files whose rows will not be. A commit whose answer was lost may have happened all the same:
    so look first, and when in doubt leave them to the sweep.
    """
    if not names:
        return
    try:
        with house.database.reading() as session:
            if has_photo_rows(session, names):
                return
    except SQLAlchemyError:
        return
    _delete_files(house, names)


def _delete_files(house: House, names: Sequence[str]) -> None:
    delete_all(house.storage, [private_key(name, rendition) for name in names for rendition in RENDITIONS])
