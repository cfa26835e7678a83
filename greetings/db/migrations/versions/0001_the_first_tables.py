"""the first tables

Revision: 0001
Follows:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("jubilee_age", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("slug", name=op.f("uq_action_slug")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_actor"), "audit_entry", ["actor"], unique=False)
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", ROW_NUMBER, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_audit_head")),
    )
    # the row is there before anyone adds an entry, so that two first entries can't both make it
    op.execute('INSERT INTO audit_head ("row", number, digest) VALUES (1, 0, \'' + "0" * 64 + "')")
    op.create_table(
        "gone_picture",
        sa.Column("public_name", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("public_name", name=op.f("pk_gone_picture")),
    )
    op.create_table(
        "invitation",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("invited_by", sa.String(length=20), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_invitation")),
    )
    op.create_table(
        "moderator",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderator")),
        sa.UniqueConstraint("email", name=op.f("uq_moderator_email")),
    )
    op.create_table(
        "action_text",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_action_text_action_id_action"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("action_id", "language", name=op.f("pk_action_text")),
    )
    op.create_table(
        "desk_session",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("moderator_id", sa.String(length=20), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["moderator.id"],
            name=op.f("fk_desk_session_moderator_id_moderator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_desk_session_token_digest")),
    )
    op.create_index(op.f("ix_desk_session_moderator_id"), "desk_session", ["moderator_id"], unique=False)
    op.create_table(
        "greeting",
        sa.Column("sequence", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("public_sequence", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("granted", sa.SmallInteger(), nullable=False),
        sa.Column("disallowed", sa.SmallInteger(), nullable=False),
        sa.Column("shows_people_who_agreed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shows_children", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("wants_faces_covered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("covers_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("decided_by", sa.String(length=20), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_greeting_action_id_action")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_greeting")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_greeting_code_digest")),
        sa.UniqueConstraint("id", name=op.f("uq_greeting_id")),
    )
    op.create_index("ix_greeting_queue", "greeting", ["state", "sequence"], unique=False)
    op.create_index("ix_greeting_wall", "greeting", ["action_id", "public_sequence"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("number", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("moderator_id", sa.String(length=20), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["moderator.id"],
            name=op.f("fk_recovery_code_moderator_id_moderator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "moderator_id", "code_digest", name=op.f("uq_recovery_code_moderator_id_code_digest")
        ),
    )
    op.create_table(
        "wall_counter",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_wall_counter_action_id_action")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_wall_counter")),
    )
    op.create_table(
        "wall_tally",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("greetings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_wall_tally_action_id_action")),
        sa.PrimaryKeyConstraint("action_id", "kind", "country", "language", name=op.f("pk_wall_tally")),
    )
    op.create_table(
        "photo",
        sa.Column("number", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("greeting_sequence", ROW_NUMBER, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("private_name", sa.String(length=20), nullable=False),
        sa.Column("public_name", sa.String(length=20), nullable=True),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("average_colour", sa.String(length=6), nullable=False),
        sa.Column("difference_hash", sa.String(length=16), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["greeting_sequence"],
            ["greeting.sequence"],
            name=op.f("fk_photo_greeting_sequence_greeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "greeting_sequence", "position", name=op.f("uq_photo_greeting_sequence_position")
        ),
        sa.UniqueConstraint("private_name", name=op.f("uq_photo_private_name")),
        sa.UniqueConstraint("public_name", name=op.f("uq_photo_public_name")),
    )
    op.create_table(
        "report",
        sa.Column("number", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("greeting_sequence", ROW_NUMBER, nullable=False),
        sa.Column("concern", sa.String(20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("settled_by", sa.String(length=20), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["greeting_sequence"],
            ["greeting.sequence"],
            name=op.f("fk_report_greeting_sequence_greeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_greeting_sequence"), "report", ["greeting_sequence"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_report_greeting_sequence"))

    op.drop_table("report")
    op.drop_table("photo")
    op.drop_table("wall_tally")
    op.drop_table("wall_counter")
    op.drop_table("recovery_code")
    op.drop_index("ix_greeting_wall")
    op.drop_index("ix_greeting_queue")

    op.drop_table("greeting")
    op.drop_index(op.f("ix_desk_session_moderator_id"))

    op.drop_table("desk_session")
    op.drop_table("action_text")
    op.drop_table("moderator")
    op.drop_table("invitation")
    op.drop_table("gone_picture")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_subject"))
    op.drop_index(op.f("ix_audit_entry_actor"))

    op.drop_table("audit_entry")
    op.drop_table("action")
