"""an index of words for the desk, beside that of what is public

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DESK_ROW = 2

TABLE = """CREATE VIRTUAL TABLE search_index_desk USING fts5(
    words, content='search_desk_document', content_rowid='greeting_sequence', detail=none, columnsize=0,
    prefix='1 2 3 4 5 6 7 8 9', tokenize="ascii tokenchars '='")"""
ADDED = """CREATE TRIGGER search_desk_document_added AFTER INSERT ON search_desk_document BEGIN
    INSERT INTO search_index_desk(rowid, words) VALUES (new.greeting_sequence, new.words);
END"""
REMOVED = """CREATE TRIGGER search_desk_document_removed AFTER DELETE ON search_desk_document BEGIN
    INSERT INTO search_index_desk(search_index_desk, rowid, words)
        VALUES ('delete', old.greeting_sequence, old.words);
    UPDATE search_upkeep SET removed = removed + 1 WHERE "row" = 2;
END"""
CHANGED = """CREATE TRIGGER search_desk_document_changed AFTER UPDATE ON search_desk_document BEGIN
    INSERT INTO search_index_desk(search_index_desk, rowid, words)
        VALUES ('delete', old.greeting_sequence, old.words);
    INSERT INTO search_index_desk(rowid, words) VALUES (new.greeting_sequence, new.words);
    UPDATE search_upkeep SET removed = removed + 1 WHERE "row" = 2;
END"""

# those of the public index, which until now had the upkeep for themselves
PUBLIC_REMOVED = """CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN
    INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.place, old.words);
    UPDATE search_upkeep SET removed = removed + 1{only_its_row};
END"""
PUBLIC_CHANGED = """CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document BEGIN
    INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.place, old.words);
    INSERT INTO search_index(rowid, words) VALUES (new.place, new.words);
    UPDATE search_upkeep SET removed = removed + 1{only_its_row};
END"""


def upgrade() -> None:
    op.create_table(
        "search_desk_document",
        sa.Column("greeting_sequence", ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["greeting_sequence"],
            ["greeting.sequence"],
            name=op.f("fk_search_desk_document_greeting_sequence_greeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("greeting_sequence", name=op.f("pk_search_desk_document")),
    )
    # version 0: the next start takes in what is there already
    op.execute(f'INSERT INTO search_upkeep ("row", removed, words_version) VALUES ({DESK_ROW}, 0, 0)')
    if op.get_bind().dialect.name == "sqlite":
        for statement in (TABLE, ADDED, REMOVED, CHANGED):
            op.execute(statement)
        _count_of_the_public_index(' WHERE "row" = 1')
    else:
        op.execute("CREATE INDEX search_index_desk_words ON search_desk_document USING gin (words)")


def downgrade() -> None:
    op.execute(f'DELETE FROM search_upkeep WHERE "row" = {DESK_ROW}')
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index_desk")
        _count_of_the_public_index("")
    op.drop_table("search_desk_document")


def _count_of_the_public_index(only_its_row: str) -> None:
    for name, statement in (("removed", PUBLIC_REMOVED), ("changed", PUBLIC_CHANGED)):
        op.execute(f"DROP TRIGGER search_document_{name}")
        op.execute(statement.format(only_its_row=only_its_row))
