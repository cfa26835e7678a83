"""Where the greetings with certain words hang: statements that read places on the wall from the index of
words, newest first, and no more of them than are asked for.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from greetings.submissions.models import SearchDocument
from greetings.submissions.search_index import search_place
from greetings.submissions.search_words import fts5_query, tsquery

NEAR = 2_000
Places = Callable[[], Select[Any]]

_SIZE = bindparam("size", type_=Integer)
_SEARCH_INDEX = table("search_index", column("rowid", BigInteger), column("search_index", Text))


def ways_to_find(connection: Connection) -> tuple[Places, ...]:
    """How places are read, the cheaper way first; the next one is for when it doesn't find enough of them."""
    return (_places_sqlite,) if _is_sqlite(connection) else (_near_places_postgresql, _places_postgresql)


def values_to_find(
    connection: Connection, words: tuple[str, ...], action_id: int, before: int
) -> dict[str, Any]:
    """What those statements have to be told: all of these words, on the wall of that action below a place."""
    return {
        "words": fts5_query(words) if _is_sqlite(connection) else tsquery(words),
        "lowest": search_place(action_id, 0),
        "highest": search_place(action_id, before),
    }


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


# ---- statements, each built once


@cache
def _places_sqlite() -> Select[Any]:
    place = _SEARCH_INDEX.c.rowid
    lowest, highest = _borders()
    return (
        select((place - lowest).label("public_sequence"))
        .where(
            _SEARCH_INDEX.c.search_index.op("MATCH")(bindparam("words", type_=Text)),
            place > lowest,
            place < highest,
        )
        .order_by(place.desc())
        .limit(_SIZE)
    )


@cache
def _near_places_postgresql() -> Select[Any]:
    """Common words, met along the wall: PostgreSQL's index has no order, and would collect them all first."""
    place = SearchDocument.place
    lowest, highest = _borders()
    near = (
        select(place, SearchDocument.words)
        .where(place > lowest, place < highest)
        .order_by(place.desc())
        .limit(NEAR)
        .subquery()
    )
    query = cast(bindparam("words", type_=Text), TSQUERY)
    found = select((near.c.place - lowest).label("public_sequence")).where(near.c.words.op("@@")(query))
    return found.order_by(near.c.place.desc()).limit(_SIZE)


@cache
def _places_postgresql() -> Select[Any]:
    """Words that aren't common, by the index, all of them and then the newest. The words stand in the
    statement itself (letters and figures only, see `search_words`), so that it is planned for these words.
    """
    place = SearchDocument.place
    lowest, highest = _borders()
    query = cast(bindparam("words", type_=Text, literal_execute=True), TSQUERY)
    found = (
        select((place - lowest).label("public_sequence"))
        .where(SearchDocument.words.op("@@")(query), place > lowest, place < highest)
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    return select(found.c.public_sequence).order_by(found.c.public_sequence.desc()).limit(_SIZE)


def _borders() -> tuple[BindParameter[int], BindParameter[int]]:
    return bindparam("lowest", type_=BigInteger), bindparam("highest", type_=BigInteger)
