"""Tables of greetings. Everything a sender gave lies in `greeting` and `photo`, and erasing empties both."""

from datetime import datetime
from functools import reduce
from operator import or_

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from greetings.actions.models import Action
from greetings.db.base import NEVER_SHOWN, Base, shown_when
from greetings.db.types import Choice, RowNumber, SearchWords, UtcDateTime
from greetings.ids import ID_LENGTH, new_id
from greetings.submissions.descriptions import as_lines
from greetings.submissions.rules import (
    MAX_CONSENT_FROM,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_OFFICE,
    MAX_ORGANISATION,
    MAX_TOWN,
    Kind,
    ReasonWords,
    State,
    Use,
)

USE_BITS = {Use.GALLERY: 1, Use.POST: 2, Use.EVENTS: 4, Use.PRESS: 8}


class Uses(TypeDecorator[frozenset[Use]]):
    """A set of uses in one small number, one bit each."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[Use] | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else reduce(or_, (USE_BITS[use] for use in value), 0)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[Use] | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else frozenset(use for use, bit in USE_BITS.items() if value & bit)


class Greeting(Base):
    """One greeting. `sequence` is the private order of arrival, `public_sequence` the order on the wall:
    it is set exactly while the greeting is public. `screen_sequence` is the same for the screen at events.
    Withdrawn and erased rows stay, emptied, so that their address answers 410 and nothing brings them back.
    """

    __tablename__ = "greeting"
    __table_args__ = (
        Index("ix_greeting_wall", "action_id", "public_sequence"),
        Index("ix_greeting_screen", "action_id", "screen_sequence"),
        Index("ix_greeting_queue", "state", "sequence"),
        Index("ix_greeting_decided", "decided_at", "sequence"),
        Index("ix_greeting_decided_by", "decided_by", "decided_at", "sequence"),
        Index("ix_greeting_reason", "reason", "decided_at", "sequence"),
        # what visitors choose, each choice in the order of the wall
        Index(
            "ix_greeting_by_country",
            *("action_id", "country", "kind", "language", "public_sequence"),
            sqlite_where=text("public_sequence IS NOT NULL"),
            postgresql_where=text("public_sequence IS NOT NULL"),
        ),
        Index(
            "ix_greeting_by_kind",
            *("action_id", "kind", "language", "public_sequence"),
            sqlite_where=text("public_sequence IS NOT NULL"),
            postgresql_where=text("public_sequence IS NOT NULL"),
        ),
        shown_when("public_sequence", "screen_sequence"),
    )

    sequence: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True, default=new_id)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    state: Mapped[State] = mapped_column(Choice(State), default=State.PENDING)
    version: Mapped[int] = mapped_column(Integer)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to the hour
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to the hour
    public_sequence: Mapped[int | None] = mapped_column(BigInteger)
    screen_sequence: Mapped[int | None] = mapped_column(BigInteger)

    kind: Mapped[Kind] = mapped_column(Choice(Kind))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(MAX_NAME), default="")
    town: Mapped[str] = mapped_column(String(MAX_TOWN), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    organisation: Mapped[str] = mapped_column(String(MAX_ORGANISATION), default="")
    office: Mapped[str] = mapped_column(String(MAX_OFFICE), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    text_fingerprint: Mapped[str] = mapped_column(String(96), default="", server_default="")

    brought_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))  # who added it for its sender
    consent_from: Mapped[str] = mapped_column(String(MAX_CONSENT_FROM), default="", server_default="")
    granted: Mapped[frozenset[Use]] = mapped_column(Uses, default=frozenset)
    disallowed: Mapped[frozenset[Use]] = mapped_column(Uses, default=frozenset)
    shows_people_who_agreed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    shows_children: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    wants_faces_covered: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    covers_confirmed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    reason: Mapped[str | None] = mapped_column(String(20))  # the code of a `RejectionReason`
    decided_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # every change of a row is conditional on the version it was read with
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy reads it

    action: Mapped[Action] = relationship(viewonly=True)
    photos: Mapped[list["Photo"]] = relationship(
        back_populates="greeting", order_by="Photo.position", cascade="all, delete-orphan"
    )
    original: Mapped["OriginalWords | None"] = relationship(cascade="all, delete-orphan")

    @property
    def needs_covers(self) -> bool:
        """Faces were to be covered and no moderator has confirmed the covers yet."""
        return self.wants_faces_covered and not self.covers_confirmed

    @property
    def descriptions(self) -> str:
        """What is said of its photos, a line for each in their order."""
        return as_lines(photo.description for photo in self.photos)


class Photo(Base):
    """One picture of a greeting, as three renditions in the private store under `private_name`, and while
    the greeting is public, two of them in the public store under `public_name`.
    """

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("greeting_sequence", "position"), shown_when("public_name"))

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    greeting_sequence: Mapped[int] = mapped_column(ForeignKey("greeting.sequence", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    private_name: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True, default=new_id)
    public_name: Mapped[str | None] = mapped_column(String(ID_LENGTH), unique=True)
    width_px: Mapped[int] = mapped_column(Integer)
    height_px: Mapped[int] = mapped_column(Integer)
    average_colour: Mapped[str] = mapped_column(String(6))
    difference_hash: Mapped[str] = mapped_column(String(16))
    digests: Mapped[dict[str, str]] = mapped_column(JSON)  # SHA-256 of each rendition, by its name
    # [left, top, right, bottom] in pixels of the master, each a proposal for a cover
    face_boxes: Mapped[list[list[int]]] = mapped_column(JSON, default=list, server_default="[]")
    # what can be seen, in the words of its sender or a moderator: for those who don't see it
    description: Mapped[str] = mapped_column(String(MAX_DESCRIPTION), default="", server_default="")

    greeting: Mapped[Greeting] = relationship(back_populates="photos")


class EarlierPicture(Base):
    """A photo as it was before a moderator changed its pixels, kept in the private store while that can be
    undone, and no longer: see `photos`.
    """

    __tablename__ = "earlier_picture"
    __table_args__ = (NEVER_SHOWN,)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    photo_number: Mapped[int] = mapped_column(ForeignKey("photo.number", ondelete="CASCADE"), index=True)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    private_name: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True)
    width_px: Mapped[int] = mapped_column(Integer)
    height_px: Mapped[int] = mapped_column(Integer)
    average_colour: Mapped[str] = mapped_column(String(6))
    difference_hash: Mapped[str] = mapped_column(String(16))
    digests: Mapped[dict[str, str]] = mapped_column(JSON)
    face_boxes: Mapped[list[list[int]]] = mapped_column(JSON, default=list, server_default="[]")


class OriginalWords(Base):
    """The words as their sender wrote them, kept from the first time a moderator mended a slip in them."""

    __tablename__ = "original_words"
    __table_args__ = (NEVER_SHOWN,)

    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    town: Mapped[str] = mapped_column(String(MAX_TOWN))
    organisation: Mapped[str] = mapped_column(String(MAX_ORGANISATION))
    office: Mapped[str] = mapped_column(String(MAX_OFFICE))
    descriptions: Mapped[str] = mapped_column(
        Text, default="", server_default=""
    )  # as `Greeting.descriptions`


class LikenessKey(Base):
    """One of the numbers that a greeting shares with those like it: see `fingerprints`."""

    __tablename__ = "likeness_key"
    __table_args__ = (NEVER_SHOWN,)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), primary_key=True, index=True
    )


class GonePicture(Base):
    """The public name of a picture that was withdrawn or erased: it answers 410."""

    __tablename__ = "gone_picture"

    public_name: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)


class WallTally(Base):
    """How many public greetings an action has, by kind, country and language: kept, not counted."""

    __tablename__ = "wall_tally"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(Choice(Kind), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    greetings: Mapped[int] = mapped_column(Integer, default=0)


class WallCounter(Base):
    """The last `public_sequence` or `screen_sequence` given out for an action."""

    __tablename__ = "wall_counter"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class WaitingTally(Base):
    """One row: how many greetings wait for a decision, see `waiting`."""

    __tablename__ = "waiting_tally"
    __table_args__ = (NEVER_SHOWN,)

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    greetings: Mapped[int] = mapped_column(BigInteger, default=0)


class SearchDocument(Base):
    """The words by which a public greeting is found: see `search_words`. `place` is its order among all: by
    action, and within it as on the wall.
    """

    __tablename__ = "search_document"
    __table_args__ = (NEVER_SHOWN,)  # its greeting is

    place: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), unique=True
    )
    words: Mapped[str] = mapped_column(SearchWords)


class SearchDeskDocument(Base):
    """The words by which the team finds a greeting, in whatever state, until it is withdrawn or erased."""

    __tablename__ = "search_desk_document"
    __table_args__ = (NEVER_SHOWN,)

    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(SearchWords)


class SearchUpkeep(Base):
    """A row for each index, 1 the public one, 2 the desk’s: by which rules it was made, and how many
    deletions SQLite may still hold words of.
    """

    __tablename__ = "search_upkeep"
    __table_args__ = (NEVER_SHOWN,)

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    removed: Mapped[int] = mapped_column(BigInteger, default=0)
    words_version: Mapped[int] = mapped_column(Integer, default=0)


class RejectionReason(Base):
    """Why a moderator rejects: named at the desk, explained on the receipt. `words` holds the fields of
    `ReasonWords` by language. A retired reason is offered no more, and stays for what was rejected with it.
    """

    __tablename__ = "rejection_reason"
    __table_args__ = (NEVER_SHOWN,)

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    digit: Mapped[int | None] = mapped_column(SmallInteger, unique=True)  # its key at the desk
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy reads it

    def words_in(self, language: str) -> ReasonWords:
        """What it says in one language."""
        return ReasonWords(**self.words[language])
