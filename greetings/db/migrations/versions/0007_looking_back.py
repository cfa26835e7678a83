"""indexes for looking back

Revision: 0007
Follows: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_greeting_decided": ["decided_at", "sequence"],
    "ix_greeting_decided_by": ["decided_by", "decided_at", "sequence"],
    "ix_greeting_reason": ["reason", "decided_at", "sequence"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "greeting", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="greeting")
