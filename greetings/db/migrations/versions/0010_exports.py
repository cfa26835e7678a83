"""exports: files that are written behind an organiser's back, and which greetings are in them

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(20), nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("progress", sa.String(20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=20), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("file_name", sa.String(length=20), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_export_action_id_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("file_name", name=op.f("uq_export_file_name")),
    )
    op.create_table(
        "exported_greeting",
        sa.Column("export_id", sa.String(length=20), nullable=False),
        sa.Column("greeting_sequence", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["export.id"],
            name=op.f("fk_exported_greeting_export_id_export"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["greeting_sequence"],
            ["greeting.sequence"],
            name=op.f("fk_exported_greeting_greeting_sequence_greeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("export_id", "greeting_sequence", name=op.f("pk_exported_greeting")),
    )
    op.create_index(
        op.f("ix_exported_greeting_greeting_sequence"), "exported_greeting", ["greeting_sequence"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_exported_greeting_greeting_sequence"), table_name="exported_greeting")
    op.drop_table("exported_greeting")
    op.drop_table("export")
