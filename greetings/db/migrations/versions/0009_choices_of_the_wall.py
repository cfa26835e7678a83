"""indexes in which every choice above the wall stands in order

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PUBLIC = sa.text("public_sequence IS NOT NULL")
INDEXES = {
    "ix_greeting_by_country": ["action_id", "country", "kind", "language", "public_sequence"],
    "ix_greeting_by_kind": ["action_id", "kind", "language", "public_sequence"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "greeting", columns, sqlite_where=PUBLIC, postgresql_where=PUBLIC)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "greeting")
