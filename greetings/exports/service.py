"""Exports: asked for, written by whoever takes the lease, given out, and gone.

A file is given out only while every greeting in it may go out. With the first that is erased, withdrawn,
reopened, held back or changed (a face covered, a word mended) the file is deleted; whoever still needs it
makes it anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

import structlog
from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.db.session import after_commit, begin_writing
from greetings.errors import GreetingsError, NotFound
from greetings.exports.models import Export, ExportedGreeting
from greetings.exports.queries import (
    exports_with,
    find_to_write,
    holds_what_may_not_go_out,
    is_over,
    list_exports,
    page_to_write,
)
from greetings.exports.rules import LASTS, LEASE, MOST_AT_ONCE, Form, Progress, part_key
from greetings.exports.writing import PartedFile, write_export
from greetings.house import House
from greetings.ids import new_id
from greetings.storage import Storage
from greetings.submissions.files import delete_all
from greetings.submissions.models import Greeting
from greetings.submissions.queries import may_use
from greetings.submissions.rules import Use

PAGE_ROWS = 100

log = structlog.get_logger(__name__)


class TooManyExports(GreetingsError):
    """Enough of them wait or lie ready; one must go first."""


class LeaseLost(Exception):
    """Somebody else took the export over, or it was taken away."""


@dataclass(frozen=True, slots=True)
class Held:
    """An export that this process writes, as its row stood when it was taken."""

    export: Export
    lease: str
    file_name: str


def ask(house: House, session: Session, action_slug: str, use: Use, form: Form, *, actor: str) -> str:
    """Ask for a file; returns the export's ID. It is written by the clerk of any process."""
    begin_writing(session)
    action_id = session.scalar(select(Action.id).where(Action.slug == action_slug))
    if action_id is None:
        raise NotFound(action_slug)
    if len(list_exports(session, house.clock())) >= MOST_AT_ONCE:
        raise TooManyExports
    export = Export(action_id=action_id, use=use, form=form, asked_by=actor, asked_at=house.clock())
    session.add(export)
    session.flush()
    _note(house, session, export, actor, "export")
    after_commit(session, house.work_waits.set)
    return export.id


def give_out(house: House, session: Session, export_id: str, *, actor: str) -> Export | None:
    """The export whose file may be given out now, with a line in the log; None when there is none."""
    begin_writing(session)
    export = _get(session, export_id)
    if export.progress is not Progress.READY or export.ready_at is None:
        return None
    if house.clock() - export.ready_at >= LASTS:
        _take_away(session, house.storage, export)
        return None
    if holds_what_may_not_go_out(session, export):
        _delete_after_commit(session, house.storage, _spoil(session, export))
        return None
    _note(house, session, export, actor, "export-given-out")
    return export


def read_parts(storage: Storage, export: Export) -> Iterator[bytes]:
    """The file, part by part."""
    if export.file_name is not None:
        for number in range(export.parts):
            yield storage.read(part_key(export.file_name, number))


def discard(house: House, session: Session, export_id: str, *, actor: str) -> None:
    """Delete an export with its file, whatever its progress; whoever writes it stops."""
    begin_writing(session)
    export = _get(session, export_id)
    _note(house, session, export, actor, "export-discarded")
    _take_away(session, house.storage, export)


def forget_exports_with(session: Session, greeting: Greeting) -> list[str]:
    """The eraser of this room, also of what changes: files that hold the greeting as it was go; returns the
    keys of their parts.
    """
    return [key for export in exports_with(session, greeting.sequence) for key in _spoil(session, export)]


def look_after_exports(house: House) -> int:
    """Delete files that are a day old, or hold what may not go out any more; how many."""
    with house.database.session() as session:
        begin_writing(session)
        over = is_over(house.clock())
        old = session.scalars(select(Export).where(over).order_by(Export.id).with_for_update()).all()
        for export in old:
            _take_away(session, house.storage, export)
        spoilt = [
            export
            for export in session.scalars(
                select(Export).where(Export.progress == Progress.READY).order_by(Export.id)
            )
            if holds_what_may_not_go_out(session, export)
        ]
        for export in spoilt:
            _delete_after_commit(session, house.storage, _spoil(session, export))
        session.commit()
        return len(old) + len(spoilt)


# ---------- writing, by whoever takes the lease


def write_next(house: House) -> bool:
    """Write the export that waits longest; False when there is nothing to write."""
    held = _take(house)
    if held is None:
        return False
    file = PartedFile(house.storage, held.file_name, house.check_room)
    try:
        write_export(file, held.export.form, _facts(house, held), lambda: _pages(house, held), house.storage)
        file.finish()
        _finish(house, held, file)
    except LeaseLost:
        _delete_parts(house.storage, held.file_name, file.parts)
    except Exception as error:  # noqa: BLE001 - the organiser is told, the operator reads the kind; the clerk lives on
        log.warning("an export failed", kind=type(error).__name__)
        _delete_parts(house.storage, held.file_name, file.parts)
        _give_up(house, held)
    return True


def _take(house: House) -> Held | None:
    """Take the lease, and note which greetings go in: from here on each of them can spoil the file."""
    with house.database.session() as session:
        begin_writing(session)
        export = find_to_write(session, house.clock())
        if export is None:
            return None
        if export.file_name is not None:
            left = export.file_name
            after_commit(session, lambda: _delete_parts(house.storage, left))
        session.execute(delete(ExportedGreeting).where(ExportedGreeting.export_id == export.id))
        chosen = select(literal(export.id), Greeting.sequence).where(
            Greeting.action_id == export.action_id, may_use(export.use)
        )
        session.execute(insert(ExportedGreeting).from_select(["export_id", "greeting_sequence"], chosen))
        total = session.scalar(select(func.count()).where(ExportedGreeting.export_id == export.id))
        passes = 3 if export.form is Form.ZIP else 1
        export.progress, export.total, export.done = Progress.WRITING, (total or 0) * passes, 0
        export.lease, export.file_name = new_id(), new_id()
        export.lease_until = house.clock() + LEASE
        session.commit()
        session.expunge_all()
        assert export.lease is not None
        assert export.file_name is not None
        return Held(export, export.lease, export.file_name)


def _pages(house: House, held: Held) -> Iterator[list[Greeting]]:
    """The greetings of an export, page by page; every page renews the lease or finds it lost."""
    after = 0
    while True:
        with house.database.reading() as session:
            page = list(page_to_write(session, held.export, after, PAGE_ROWS))
            session.expunge_all()
        _renew(house, held, len(page))
        if not page:
            return
        yield page
        after = page[-1].sequence


def _renew(house: House, held: Held, written: int) -> None:
    values = {"lease_until": house.clock() + LEASE, "done": Export.done + written}
    if not _update_held(house, held, values):
        raise LeaseLost


def _finish(house: House, held: Held, file: PartedFile) -> None:
    now = house.clock()
    values = {
        "progress": Progress.READY,
        "lease": None,
        "lease_until": None,
        "parts": file.parts,
        "size_bytes": file.size_bytes,
        "ready_at": now,
    }
    if not _update_held(house, held, values):
        raise LeaseLost


def _give_up(house: House, held: Held) -> None:
    _update_held(house, held, {"progress": Progress.FAILED, "lease": None, "file_name": None})


def _update_held(house: House, held: Held, values: Mapping[str, object]) -> bool:
    with house.database.work() as session:
        changed = session.execute(
            update(Export)
            .where(Export.id == held.export.id, Export.lease == held.lease)
            .values(values)
            .returning(Export.id)
            .execution_options(synchronize_session=False)
        )
        return changed.first() is not None


def _facts(house: House, held: Held) -> dict[str, str]:
    with house.database.reading() as session:
        slug = session.scalar(select(Action.slug).where(Action.id == held.export.action_id))
    day = held.export.asked_at.date().isoformat()
    return {"action": slug or "", "use": held.export.use.value, "day": day}


# ---------- going


def _get(session: Session, export_id: str) -> Export:
    export = session.get(Export, export_id, with_for_update=True, populate_existing=True)
    if export is None:
        raise NotFound(export_id)
    return export


def _spoil(session: Session, export: Export) -> list[str]:
    """Its file goes: returns the keys of its parts, to be deleted after the commit.

    One that is still being written is begun anew, without what was taken back: its writer finds the lease
    lost and deletes what it has put, or whoever begins anew does.
    """
    session.execute(delete(ExportedGreeting).where(ExportedGreeting.export_id == export.id))
    keys = _keys(export)
    if export.progress is Progress.READY:
        export.progress, export.file_name = Progress.GONE, None
    elif export.progress is Progress.WRITING:
        export.progress = Progress.WAITING
    export.lease = export.lease_until = None
    export.parts = export.size_bytes = export.done = 0
    session.flush()
    return keys


def _take_away(session: Session, storage: Storage, export: Export) -> None:
    name, keys = export.file_name, _keys(export)
    if keys:
        after_commit(session, lambda: delete_all(storage, keys))
    elif name is not None:
        after_commit(session, lambda: _delete_parts(storage, name))
    session.execute(delete(ExportedGreeting).where(ExportedGreeting.export_id == export.id))
    session.delete(export)
    session.flush()


def _delete_after_commit(session: Session, storage: Storage, keys: list[str]) -> None:
    after_commit(session, lambda: delete_all(storage, keys))


def _keys(export: Export) -> list[str]:
    return [part_key(export.file_name, number) for number in range(export.parts)] if export.file_name else []


def _delete_parts(storage: Storage, file_name: str, at_least: int = 0) -> None:
    """Delete the parts of a file whose length nobody noted, one after the other until there is none."""
    for number in count():
        key = part_key(file_name, number)
        if number >= at_least and not storage.exists(key):
            return
        storage.delete(key)


def _note(house: House, session: Session, export: Export, actor: str, act: str) -> None:
    house.audit.add(
        session,
        at=house.clock(),
        actor=actor,
        act=act,
        subject=export.id,
        details={"use": export.use.value, "form": export.form.value},
    )
