"""A store with as many public greetings as one likes, written by the database itself in seconds.

Rows only, no files: enough for pages, which never open a picture. Words repeat as people's do: some stand in
every greeting, some in many, one in each alone.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Integer, text

from greetings.actions.rules import ActionState
from greetings.house import House, open_house
from greetings.operations.schema import migrate
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.submissions.models import Greeting, Photo
from tests.factories import make_action

COUNTRIES = "LTPLDEBYUAUSGBFRCZSENOFIEELVNLBEITESPTATCHCADKIEISGEMDROBGHUSKSIHRGRTRILJPKRAUNZARBRMXZAINCNAMKZ"
WORDS = ("рабіна", "снег", "сокал", "зубр", "васілёк", "бусел", "рэчка", "поўнач", "свабода", "надзея")

_ZEROS = "'00000000000000000000' || i"
_PADDED = f"substr({_ZEROS}, length({_ZEROS}) - 19)"
_SAID = " || ' ' || ".join(
    f"CASE (i / {step}) % {len(WORDS)} "
    + " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(WORDS))
    + " END"
    for step in (1, 13, 170)
)
ACTION_ID = 1
_GREETING = {
    "sequence": "i",
    "id": _PADDED,
    "action_id": str(ACTION_ID),
    "state": "'approved'",
    "version": "1",
    "code_digest": f"'c' || {_PADDED}",
    "received_at": ":now",
    "changed_at": ":now",
    "public_sequence": "i",
    "kind": "CASE WHEN i % 10 < 5 THEN 'text' WHEN i % 10 < 9 THEN 'photo' ELSE 'drawing' END",
    "language": "substr('beenru', ((i / 11) % 3) * 2 + 1, 2)",
    "text": f"'Дарагі Алесь, з днём нараджэння! ' || {_SAID}",
    "name": "'Ганна ' || i",
    "town": "'Вільня'",
    "country": f"substr('{COUNTRIES}', ((i / 3) % {len(COUNTRIES) // 2}) * 2 + 1, 2)",
    "search_text": f"'дарагі алесь, з днём нараджэння! слова' || i || ' вільня ' || {_SAID}",
    "granted": "15",
}
_PHOTO = {
    "greeting_sequence": "i",
    "private_name": f"'p' || substr({_PADDED}, 2)",
    "public_name": f"'q' || substr({_PADDED}, 2)",
    "width_px": "900 + (i % 13) * 80",
    "height_px": "900",
    "average_colour": "'b3131c'",
    "difference_hash": "'0000000000000000'",
    "digests": "'{}'",
}


def open_wall(data: Path, greetings: int, database_url: str = "") -> House:
    """A house with one open action, `ales`, and so many public greetings; half of them with a picture."""
    wire_rooms()
    environ = {"GREETINGS_DATA": str(data), "GREETINGS_RATE_LIMITS": "off"}
    if database_url:
        environ["GREETINGS_DATABASE_URL"] = database_url
    house = open_house(load_settings(environ))
    migrate(house.database)
    with house.database.work() as session:
        make_action(session, state=ActionState.OPEN)
        _fill(session.connection(), greetings)
    with house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")
    return house


def _fill(connection: Connection, greetings: int) -> None:
    _insert(connection, greetings, _columns(Greeting), "greeting", _GREETING, "1 = 1")
    columns = [column for column in _columns(Photo) if column.name != "number"]
    _insert(connection, greetings, columns, "photo", _PHOTO, "i % 10 >= 5")
    connection.execute(
        text(
            "INSERT INTO wall_tally (action_id, kind, country, language, greetings) "
            "SELECT action_id, kind, country, language, count(*) FROM greeting GROUP BY 1, 2, 3, 4"
        )
    )
    connection.execute(
        text("INSERT INTO wall_counter (action_id, last) VALUES (1, :greetings)"), {"greetings": greetings}
    )


def _columns(model: Any) -> list[Column[Any]]:
    return list(model.__table__.columns)


def _insert(
    connection: Connection,
    greetings: int,
    columns: list[Column[Any]],
    table: str,
    given: dict[str, str],
    where: str,
) -> None:
    """One statement for all rows; columns that a page doesn't need stay empty."""
    is_sqlite = connection.dialect.name == "sqlite"
    now = "'2026-09-18 14:00:00.000000'" if is_sqlite else "TIMESTAMPTZ '2026-09-18 14:00:00Z'"
    values = ", ".join(given.get(column.name) or _empty(column) for column in columns).replace(":now", now)
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :greetings)"
        if is_sqlite
        else "WITH n AS (SELECT i FROM generate_series(1, :greetings) AS i)"
    )
    names = ", ".join(column.name for column in columns)
    statement = f"{numbers} INSERT INTO {table} ({names}) SELECT {values} FROM n WHERE {where}"  # noqa: S608 - ours
    connection.execute(text(statement), {"greetings": greetings})


def _empty(column: Column[Any]) -> str:
    if column.nullable:
        return "NULL"
    if isinstance(column.type, Boolean):
        return "false"
    if isinstance(column.type, JSON):
        return "'[]'"
    python_type = getattr(column.type, "impl_instance", column.type)
    return "0" if isinstance(python_type, Integer) else "''"
