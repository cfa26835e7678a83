"""The parts that every room is given: made once at start, handed down, never looked up from below."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from greetings.audit import AuditLog
from greetings.clock import Clock, utc_now
from greetings.db.session import Database
from greetings.imaging import PictureReader, ReaderLimits
from greetings.keys import Keys, load_or_make_keys
from greetings.presence import Presence
from greetings.settings import Settings
from greetings.storage import LocalStorage, Reserve, Storage, check_room

AUDIT_HEAD = "audit-head"
RESERVE = "reserve"


@dataclass
class House:
    """Settings, keys, database, files, clock, audit log and the reader of pictures of one installation."""

    settings: Settings
    keys: Keys
    database: Database
    storage: Storage
    audit: AuditLog
    presence: Presence
    clock: Clock = utc_now
    when_settling: list[Callable[[], object]] = field(default_factory=list)  # each half minute while serving
    work_waits: threading.Event = field(default_factory=threading.Event)  # wakes the clerk of this process

    @cached_property
    def pictures(self) -> PictureReader:
        """The sandboxed reader; its process starts with the first picture."""
        return PictureReader(ReaderLimits(children=self.settings.decoders))

    @cached_property
    def reserve(self) -> Reserve:
        """Room laid by for taking back, beside the database."""
        return Reserve(self.settings.data / RESERVE)

    def check_room(self) -> None:
        """Raise `StorageFull` where no more is left of the disk than is kept for taking back."""
        check_room(self.settings.data, self.settings.files)

    def close(self) -> None:
        """Let go of the database and end the reader's process, if it was started."""
        if "pictures" in self.__dict__:
            self.pictures.close()
        self.database.close()
        self.presence.leave()


def open_house(settings: Settings, clock: Clock = utc_now) -> House:
    """Put the parts together; makes the data folder and the secret if they are missing."""
    settings.data.mkdir(parents=True, exist_ok=True)
    presence = Presence(settings.data)
    keys = load_or_make_keys(settings.secret_file)
    return House(
        settings=settings,
        keys=keys,
        database=Database(settings.database_url),
        storage=LocalStorage(settings.files),
        audit=AuditLog(keys, settings.data / AUDIT_HEAD),
        presence=presence,
        clock=clock,
    )
