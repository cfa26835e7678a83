"""who wants to hear by mail how many greetings wait

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("moderator_id", sa.String(20), nullable=False),
        sa.Column("rhythm", sa.String(20), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderator.id"], name="fk_digest_moderator_id_moderator", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("moderator_id", name="pk_digest"),
    )
    op.create_index("ix_digest_next_at", "digest", ["next_at"])


def downgrade() -> None:
    op.drop_table("digest")
