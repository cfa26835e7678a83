"""The indexes of words, kept by the very flush that brings, publishes, changes or takes away a greeting.

There are two, so that nothing has to be filtered out of either: one of what is public, for visitors, in the
order of the wall; one for the team, of everything that wasn't withdrawn or erased. On PostgreSQL the words
are a `tsvector` with an index. On SQLite triggers carry every change over to an FTS5 table, which holds no
text of its own. FTS5 goes on holding words that were deleted, and its note of the deletion holds them once
more, until its parts are merged: `let_go_of_words` does that, in short transactions; then the log is cut.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapper, Session

from greetings.db.session import Database
from greetings.submissions.models import Greeting, SearchDeskDocument, SearchDocument, SearchUpkeep
from greetings.submissions.search_words import choice_words, split_words

# raised whenever other words are made of a text than before: the next start makes the indexes anew
WORDS_VERSION = 2
GREETINGS_AT_ONCE = 1000
MERGED_PAGES_AT_ONCE = 500
LEAST_CHANGES = 2
_PLACES = 2**40
_GREETINGS, _DOCUMENTS = Greeting.__table__.c, cast(Table, SearchDocument.__table__)
_FACTS = ("sequence", "action_id", "public_sequence", "search_text", "kind", "country", "language")


@dataclass(frozen=True, slots=True)
class WordIndex:
    """One index: what it holds (said in Python and in SQL), and the columns its documents are made of."""

    upkeep_row: int
    fts5_table: str
    document: type[SearchDocument | SearchDeskDocument]
    made_of: tuple[str, ...]
    holds: Callable[[Greeting], bool]
    is_held: ColumnElement[bool]
    facts: Callable[[Greeting], dict[str, Any]]


def search_place(action_id: int, public_sequence: int) -> int:
    """Where a greeting stands among all: by action, and within it in the order of the wall."""
    return action_id * _PLACES + public_sequence


def _public_facts(greeting: Greeting | Row[Any]) -> dict[str, Any]:
    assert greeting.public_sequence is not None
    choices = choice_words(kind=greeting.kind.value, country=greeting.country, language=greeting.language)
    return {
        "place": search_place(greeting.action_id, greeting.public_sequence),
        "greeting_sequence": greeting.sequence,
        "words": " ".join([*split_words(greeting.search_text), *choices]),
    }


def _desk_facts(greeting: Greeting) -> dict[str, Any]:
    return {"greeting_sequence": greeting.sequence, "words": " ".join(split_words(greeting.search_text))}


PUBLIC_INDEX = WordIndex(
    upkeep_row=1,
    fts5_table="search_index",
    document=SearchDocument,
    made_of=("public_sequence", "search_text", "kind", "country", "language"),
    holds=lambda greeting: greeting.public_sequence is not None,
    is_held=Greeting.public_sequence.is_not(None),
    facts=_public_facts,
)
DESK_INDEX = WordIndex(
    upkeep_row=2,
    fts5_table="search_index_desk",
    document=SearchDeskDocument,
    made_of=("search_text",),  # which erasing empties
    holds=lambda greeting: bool(greeting.search_text),
    is_held=Greeting.search_text != "",
    facts=_desk_facts,
)
INDEXES = (PUBLIC_INDEX, DESK_INDEX)


def follow_greetings() -> None:
    """Have the indexes follow every greeting that is written; doing it twice changes nothing."""
    for moment in ("after_insert", "after_update"):
        if not event.contains(Greeting, moment, note_words):
            event.listen(Greeting, moment, note_words)


def note_words(_mapper: Mapper[Greeting], connection: Connection, greeting: Greeting) -> None:
    """Make a greeting findable under the words it has now, exactly while an index holds it."""
    state = inspect(greeting)
    for index in INDEXES:
        if any(state.attrs[name].history.has_changes() for name in index.made_of):
            document = index.document
            connection.execute(delete(document).where(document.greeting_sequence == greeting.sequence))
            if index.holds(greeting):
                connection.execute(insert(document).values(index.facts(greeting)))


def find_on_wall(session: Session, sequences: Sequence[int]) -> None:
    """Have public greetings, whose rows were written past the session, found by visitors from now on."""
    if sequences:  # as plain rows: of what this costs, objects would be the larger part
        connection = session.connection()
        found = select(*(_GREETINGS[name] for name in _FACTS)).where(_GREETINGS.sequence.in_(sequences))
        documents = [_public_facts(row) for row in connection.execute(found)]
        connection.execute(insert(_DOCUMENTS), documents)


def forget_wall(session: Session, action_id: int) -> None:
    """Take all public greetings of an action out of the visitors' index, in one statement."""
    place = SearchDocument.place
    here = and_(place >= search_place(action_id, 0), place < search_place(action_id + 1, 0))
    session.execute(delete(SearchDocument).where(here).execution_options(synchronize_session=False))


def keep_index_true(database: Database) -> int:
    """Make the indexes anew that were made by other rules; returns how many greetings they took in."""
    with database.reading() as session:
        older = select(SearchUpkeep.row).where(SearchUpkeep.words_version != WORDS_VERSION)
        rows = set(session.scalars(older))
    return make_index_anew(database, [index for index in INDEXES if index.upkeep_row in rows])


def make_index_anew(database: Database, indexes: Iterable[WordIndex] = INDEXES) -> int:
    """Take every greeting in again that belongs there, a thousand a transaction, while others publish."""
    return sum(_make_anew(database, index) for index in indexes)


def _make_anew(database: Database, index: WordIndex) -> int:
    last = done = 0
    document = index.document
    with database.work() as session:
        session.execute(delete(document))
        if database.is_sqlite:  # with its own word for it: so goes, too, what no document speaks of any more
            fts5 = index.fts5_table
            session.execute(text(f"INSERT INTO {fts5}({fts5}) VALUES ('delete-all')"))  # noqa: S608 - a name of ours
    while True:
        with database.work() as session:
            greetings = _held_after(session, index, last)
            if not greetings:
                own = update(SearchUpkeep).where(SearchUpkeep.row == index.upkeep_row)
                session.execute(own.values(words_version=WORDS_VERSION))
                return done
            sequences = [greeting.sequence for greeting in greetings]
            session.execute(delete(document).where(document.greeting_sequence.in_(sequences)))
            session.execute(insert(document), [index.facts(greeting) for greeting in greetings])
            done, last = done + len(sequences), sequences[-1]


def _held_after(session: Session, index: WordIndex, sequence: int) -> list[Greeting]:
    """The next ones, locked until their words are noted: whoever takes one back meanwhile comes after us, and
    finds the words that there are to be taken away.
    """
    found = select(Greeting).where(index.is_held, Greeting.sequence > sequence)
    some = found.order_by(Greeting.sequence).limit(GREETINGS_AT_ONCE)
    return list(session.scalars(some.with_for_update(key_share=True)))


def left_behind(session: Session, index: WordIndex) -> int:
    """How many entries of an index belong to no greeting that it holds: none, or something went wrong.

    Reads every document's number, and on SQLite the length of every word's list, but no list of places and
    nothing for each word of each greeting: a few seconds for a million greetings.
    """
    document = index.document
    belongs = and_(Greeting.sequence == document.greeting_sequence, index.is_held)
    strays = (
        select(func.count()).select_from(document).where(~select(Greeting.sequence).where(belongs).exists())
    )
    found = session.scalar(strays) or 0
    if session.get_bind().dialect.name == "sqlite":
        found += max(_entries(session, index) - _entries_of_documents(session, index), 0)
    return found


def _entries(session: Session, index: WordIndex) -> int:
    """How many times FTS5's table says that a greeting has a word."""
    session.execute(text(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, {index.fts5_table}, row)"))
    try:
        return session.scalar(text("SELECT sum(doc) FROM temp.words")) or 0
    finally:
        session.execute(text("DROP TABLE temp.words"))


def _entries_of_documents(session: Session, index: WordIndex) -> int:
    """The same by what it is made of: each word stands once in a document, and one space between two."""
    words = index.document.words
    spaces = func.length(words) - func.length(func.replace(words, " ", ""))
    return session.scalar(select(func.sum(spaces + 1)).where(words != "")) or 0


def let_go_of_words(database: Database) -> bool:
    """Merge SQLite's indexes until no deleted word is left in them; whether there was anything to do."""
    if not database.is_sqlite:
        return False
    with database.reading() as session:
        rows = session.execute(select(SearchUpkeep.row, SearchUpkeep.removed))
        removed = {row.row: row.removed for row in rows if row.removed}
    for index in INDEXES:
        if index.upkeep_row in removed:
            _let_go(database, index, removed[index.upkeep_row])
    return bool(removed)


def _let_go(database: Database, index: WordIndex, removed: int) -> None:
    pages = -MERGED_PAGES_AT_ONCE  # the first call puts all parts on one level, the others go on from there
    while _merge(database, index.fts5_table, pages):
        pages = MERGED_PAGES_AT_ONCE
    with database.work() as session:
        own = update(SearchUpkeep).where(SearchUpkeep.row == index.upkeep_row)
        session.execute(own.values(removed=SearchUpkeep.removed - removed))


def _merge(database: Database, fts5_table: str, pages: int) -> bool:
    """One slice of merging, in a transaction of its own; whether there may be more to do."""
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        before = _changes(connection)
        connection.exec_driver_sql(
            f"INSERT INTO {fts5_table}({fts5_table}, rank) VALUES ('merge', ?)",  # noqa: S608 - a name of ours
            (pages,),
        )
        # FTS5 says it this way: fewer than two rows changed means that nothing was left to merge
        return _changes(connection) - before >= LEAST_CHANGES


def _changes(connection: Connection) -> int:
    return int(connection.scalar(select(func.total_changes())) or 0)
