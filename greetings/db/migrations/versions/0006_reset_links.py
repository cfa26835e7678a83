"""links by which a member comes back in; columns of invitations that nothing used

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNUSED = ("email", "name", "password_hash", "totp_sealed")


def upgrade() -> None:
    op.create_table(
        "reset_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("moderator_id", sa.String(length=20), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["moderator.id"],
            name=op.f("fk_reset_link_moderator_id_moderator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_reset_link")),
    )
    op.create_index(op.f("ix_reset_link_moderator_id"), "reset_link", ["moderator_id"], unique=False)
    for column in UNUSED:
        op.drop_column("invitation", column)


def downgrade() -> None:
    empty = sa.text("''")
    op.add_column("invitation", sa.Column("email", sa.String(254), server_default=empty, nullable=False))
    op.add_column("invitation", sa.Column("name", sa.String(80), server_default=empty, nullable=False))
    op.add_column("invitation", sa.Column("password_hash", sa.String(200), server_default=empty, nullable=False))
    op.add_column("invitation", sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))
    op.drop_index(op.f("ix_reset_link_moderator_id"), table_name="reset_link")
    op.drop_table("reset_link")
