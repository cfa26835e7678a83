"""What has to be done from time to time: retention, the sweep, forgetting, settling the disk.

Every part may run at any moment, in several processes at once, and be killed anywhere.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from greetings.accounts.service import forget_expired
from greetings.actions.models import Action
from greetings.audit import SYSTEM
from greetings.db.session import BUSY_SECONDS, Database, begin_writing
from greetings.exports.service import look_after_exports, write_next
from greetings.house import AUDIT_HEAD, House
from greetings.moderation.claims import forget_lapsed
from greetings.operations.integrity import OWNERS, owned_among, some_at_a_time
from greetings.operations.memory import give_memory_back
from greetings.storage import LocalStorage, left_behind
from greetings.submissions.erasures import complete_list
from greetings.submissions.models import Greeting
from greetings.submissions.photos import forget_earlier_than, has_earlier_than
from greetings.submissions.rules import State, Step
from greetings.submissions.search_index import let_go_of_words
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.submissions.waiting import mend_waiting

REJECTED_LASTS = timedelta(days=30)
UNDECIDED_LASTS = timedelta(days=90)  # after the action closed
STRAY_FILES_LAST = timedelta(minutes=15)  # younger ones may belong to a transaction that is still open
SIXTEEN_DIGITS = "[0-9a-f]" * 16
SETTLE_SECONDS = 30
CUT_MS = 2000  # the longest that it waits, and others for it, to cut SQLite's log
ROUND_SECONDS = 3600

log = structlog.get_logger(__name__)


def keep_house(house: House) -> dict[str, int]:
    """One round of everything; says how much each part did."""
    done = {"erased": erase_what_is_over(house), "stray_files": sweep(house)}
    done["exports"] = look_after_exports(house)
    while write_next(house):
        done["exports"] += 1
    done["earlier_pictures"] = forget_earlier_pixels(house)
    with house.database.work() as session:
        done["expired"] = forget_expired(session, house.clock())
        done["noted"] = complete_list(house.settings, session)
        forget_lapsed(session, house.clock())
    with house.database.work() as session:  # alone: everybody else changes this number last of all
        if mend_waiting(session):
            log.warning("the number of waiting greetings was wrong and is set right")
    settle(house.database)
    return done


def erase_what_is_over(house: House) -> int:
    """Erase rejected greetings after 30 days and undecided ones 90 days after their action closed."""
    now = house.clock()
    with house.database.reading() as session:
        over = _over(session, now)
    for greeting_id in over:
        with house.database.session() as session:
            begin_writing(session)
            greeting = greeting_to_change(session, greeting_id)
            if greeting.state in {State.REJECTED, State.PENDING}:
                take_step(house, session, greeting, Step.ERASE, actor=SYSTEM)
            session.commit()
    return len(over)


def _over(session: Session, now: datetime) -> list[str]:
    rejected = and_(Greeting.state == State.REJECTED, Greeting.changed_at < now - REJECTED_LASTS)
    undecided = and_(Greeting.state == State.PENDING, Action.closed_on < (now - UNDECIDED_LASTS).date())
    found = select(Greeting.id).join(Action, Action.id == Greeting.action_id).where(or_(rejected, undecided))
    return list(session.scalars(found))


def sweep(house: House, alone_since: datetime | None = None) -> int:
    """Delete files that no row owns: what a crash left between a file and its row. What is older than
    `alone_since`, a moment at which nobody else worked on this store, belongs to no open transaction.
    """
    before = alone_since or house.clock() - STRAY_FILES_LAST
    deleted = 0
    for folder in OWNERS:
        old = (found.key for found in house.storage.files(folder) if found.changed_at < before)
        for keys in some_at_a_time(old):
            with house.database.reading() as session:  # after the files, so that no new one looks stray
                owned = owned_among(session, folder, keys)
            for key in keys:
                if key not in owned:
                    house.storage.delete(key)
                    deleted += 1
    abandoned = list(_half_written(house, before))
    for path in abandoned:
        path.unlink(missing_ok=True)
    return deleted + len(abandoned)


def _half_written(house: House, before: datetime) -> Iterator[Path]:
    """Files under the temporary names that they bear until they are whole."""
    if isinstance(house.storage, LocalStorage):
        yield from house.storage.abandoned(before)
    for whole in (house.settings.data / AUDIT_HEAD, house.settings.secret_file):
        yield from left_behind(whole.parent.glob(f".{whole.name}.{SIXTEEN_DIGITS}"), before)


def forget_earlier_pixels(house: House) -> int:
    """Delete what pictures were before a moderator changed them, once that can't be undone any more."""
    with house.database.reading() as session:
        if not has_earlier_than(session, house.clock()):
            return 0
    with house.database.work() as session:
        return forget_earlier_than(session, house.storage, house.clock())


def settle(database: Database) -> None:
    """Merge deleted words out of SQLite's search index, fold its write-ahead log into the file and cut it, so
    that what was erased is off the disk.

    As long as this waits for others to end their reading, nobody can write. So it waits for pages, and not
    for a backup or a check: then the next round cuts the log.
    """
    let_go_of_words(database)
    if not database.is_sqlite:
        return
    raw = database.engine.raw_connection()  # a checkpoint can't run inside a transaction
    try:
        raw.cursor().execute(f"PRAGMA busy_timeout = {CUT_MS}")
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.cursor().execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        raw.close()


class Housekeeper:
    """A thread that settles every half minute and makes a round every hour. First of all it takes away the
    moments that files bear, and what a killed server left behind, if this process was `alone_since` some
    moment before it answered anybody.
    """

    def __init__(self, house: House, alone_since: datetime | None = None) -> None:
        self._house = house
        self._alone_since = alone_since
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=SETTLE_SECONDS)

    def _run(self) -> None:
        since_round = float(ROUND_SECONDS)
        storage = self._house.storage
        if isinstance(storage, LocalStorage):
            self._try(storage.forget_moments)
        self._try(self._house.reserve.keep)
        if self._alone_since is not None:
            self._try(lambda: sweep(self._house, self._alone_since))
        while not self._stop.wait(SETTLE_SECONDS):
            since_round += SETTLE_SECONDS
            for let_go in self._house.when_settling:
                self._try(let_go)
            self._try(lambda: forget_earlier_pixels(self._house))
            self._try(self._house.reserve.keep)
            if since_round >= ROUND_SECONDS:
                since_round = 0
                self._try(lambda: keep_house(self._house))
            else:
                self._try(lambda: settle(self._house.database))
            give_memory_back()

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the next round tries again; the thread must live
            log.warning("housekeeping failed", kind=type(error).__name__)


class Clerk:
    """A thread that writes exports, so that a long one holds up nothing else; woken when one is asked for."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_stopped = True
        self._house.work_waits.set()
        self._thread.join(timeout=SETTLE_SECONDS)

    def _run(self) -> None:
        while True:
            self._house.work_waits.wait(SETTLE_SECONDS)
            self._house.work_waits.clear()
            if self._is_stopped:
                return
            try:
                look_after_exports(self._house)
                while write_next(self._house) and not self._is_stopped:
                    pass
            except Exception as error:  # noqa: BLE001 - the next round tries again; the thread must live
                log.warning("the clerk failed", kind=type(error).__name__)
