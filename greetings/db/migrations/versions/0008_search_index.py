"""an index of the words of what is public

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE = (
    # no text of its own, no positions; every beginning of up to nine letters has its ready list, words have ten
    """CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_document', content_rowid='place', detail=none, columnsize=0,
        prefix='1 2 3 4 5 6 7 8 9', tokenize="ascii tokenchars '='")""",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN
        INSERT INTO search_index(rowid, words) VALUES (new.place, new.words);
    END""",
    """CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.place, old.words);
        UPDATE search_upkeep SET removed = removed + 1;
    END""",
    """CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.place, old.words);
        INSERT INTO search_index(rowid, words) VALUES (new.place, new.words);
        UPDATE search_upkeep SET removed = removed + 1;
    END""",
)


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("place", ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("greeting_sequence", ROW_NUMBER, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["greeting_sequence"],
            ["greeting.sequence"],
            name=op.f("fk_search_document_greeting_sequence_greeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_document")),
        sa.UniqueConstraint("greeting_sequence", name=op.f("uq_search_document_greeting_sequence")),
    )
    op.create_table(
        "search_upkeep",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("words_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_search_upkeep")),
    )
    # version 0: the next start takes in what is public already
    op.execute('INSERT INTO search_upkeep ("row", removed, words_version) VALUES (1, 0, 0)')
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX search_index_words ON search_document USING gin (words)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_document")
    op.drop_table("search_upkeep")
