"""The index of what is public, kept by the very flush that publishes, changes or takes down a greeting.

One `search_document` for each public greeting. On PostgreSQL its words are a `tsvector` with an index. On
SQLite triggers carry every change over to the FTS5 table `search_index`, which holds no text of its own.
FTS5 goes on holding words that were deleted, and its note of the deletion holds them once more, until its
parts are merged: `let_go_of_words` does that, in short transactions, and the log is cut after it.
"""

from typing import Any

from sqlalchemy import Connection, delete, event, func, insert, inspect, select, update
from sqlalchemy.orm import Mapper, Session

from greetings.db.session import Database
from greetings.submissions.models import Greeting, SearchDocument, SearchUpkeep
from greetings.submissions.search_words import choice_words, split_words

# raised whenever other words are made of a text than before: the next start makes the index anew
WORDS_VERSION = 1
GREETINGS_AT_ONCE = 1000
MERGED_PAGES_AT_ONCE = 500
LEAST_CHANGES = 2
_PLACES = 2**40
_SHOWN = ("public_sequence", "search_text", "kind", "country", "language")


def search_place(action_id: int, public_sequence: int) -> int:
    """Where a greeting stands among all: by action, and within it in the order of the wall."""
    return action_id * _PLACES + public_sequence


def follow_greetings() -> None:
    """Have the index follow every greeting that is written; doing it twice changes nothing."""
    for moment in ("after_insert", "after_update"):
        if not event.contains(Greeting, moment, note_words):
            event.listen(Greeting, moment, note_words)


def note_words(_mapper: Mapper[Greeting], connection: Connection, greeting: Greeting) -> None:
    """Make a greeting findable under the words it has now, exactly while it is public."""
    state = inspect(greeting)
    if any(state.attrs[name].history.has_changes() for name in _SHOWN):
        connection.execute(
            delete(SearchDocument).where(SearchDocument.greeting_sequence == greeting.sequence)
        )
        if greeting.public_sequence is not None:
            connection.execute(insert(SearchDocument).values(_document(greeting)))


def keep_index_true(database: Database) -> int:
    """Make the index anew if it was made by other rules; returns how many greetings it took in."""
    with database.reading() as session:
        if session.scalar(select(SearchUpkeep.words_version)) == WORDS_VERSION:
            return 0
    return make_index_anew(database)


def make_index_anew(database: Database) -> int:
    """Take every public greeting in again, a thousand in each transaction, while others publish."""
    last = done = 0
    with database.work() as session:
        session.execute(delete(SearchDocument))
    while True:
        with database.work() as session:
            greetings = _public_after(session, last)
            if not greetings:
                session.execute(update(SearchUpkeep).values(words_version=WORDS_VERSION))
                return done
            sequences = [greeting.sequence for greeting in greetings]
            session.execute(delete(SearchDocument).where(SearchDocument.greeting_sequence.in_(sequences)))
            session.execute(insert(SearchDocument), [_document(greeting) for greeting in greetings])
            done, last = done + len(sequences), sequences[-1]


def _public_after(session: Session, sequence: int) -> list[Greeting]:
    found = select(Greeting).where(Greeting.public_sequence.is_not(None), Greeting.sequence > sequence)
    return list(session.scalars(found.order_by(Greeting.sequence).limit(GREETINGS_AT_ONCE)))


def _document(greeting: Greeting) -> dict[str, Any]:
    assert greeting.public_sequence is not None
    choices = choice_words(kind=greeting.kind.value, country=greeting.country, language=greeting.language)
    return {
        "place": search_place(greeting.action_id, greeting.public_sequence),
        "greeting_sequence": greeting.sequence,
        "words": " ".join([*split_words(greeting.search_text), *choices]),
    }


def let_go_of_words(database: Database) -> bool:
    """Merge SQLite's index until no deleted word is left in it; whether there was anything to do."""
    if not database.is_sqlite:
        return False
    with database.reading() as session:
        removed = session.scalar(select(SearchUpkeep.removed)) or 0
    if not removed:
        return False
    pages = -MERGED_PAGES_AT_ONCE  # the first call puts all parts on one level, the others go on from there
    while _merge(database, pages):
        pages = MERGED_PAGES_AT_ONCE
    with database.work() as session:
        session.execute(update(SearchUpkeep).values(removed=SearchUpkeep.removed - removed))
    return True


def _merge(database: Database, pages: int) -> bool:
    """One slice of merging, in a transaction of its own; whether there may be more to do."""
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        before = _changes(connection)
        connection.exec_driver_sql(
            "INSERT INTO search_index(search_index, rank) VALUES ('merge', ?)", (pages,)
        )
        # FTS5 says it this way: fewer than two rows changed means that nothing was left to merge
        return _changes(connection) - before >= LEAST_CHANGES


def _changes(connection: Connection) -> int:
    return int(connection.scalar(select(func.total_changes())) or 0)
