"""actions that ask for two moderators, and the first approval of their greetings

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("action", sa.Column("needs_two", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "approval",
        sa.Column(
            "greeting_sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("moderator_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("disallowed", sa.SmallInteger(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["greeting_sequence"],
            ["greeting.sequence"],
            name=op.f("fk_approval_greeting_sequence_greeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("greeting_sequence", "moderator_id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_moderator_id"), "approval", ["moderator_id"])


def downgrade() -> None:
    op.drop_table("approval")
    op.drop_column("action", "needs_two")
