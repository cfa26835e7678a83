"""what may be shown on a screen at events, and the time zone an action's days are counted in

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EVENTS_BIT = 4

# what was approved before begins in the order in which it arrived
ALREADY_ALLOWED = f"""
    UPDATE greeting SET screen_sequence = sequence
    WHERE state = 'approved' AND granted & {EVENTS_BIT} = {EVENTS_BIT} AND disallowed & {EVENTS_BIT} = 0
    AND action_id IN (SELECT id FROM action WHERE is_public)
"""


# Plain ALTER TABLE, never a rebuilt table: dropping the old one would take rows of other tables along.
def upgrade() -> None:
    op.add_column("greeting", sa.Column("screen_sequence", sa.BigInteger(), nullable=True))
    op.create_index("ix_greeting_screen", "greeting", ["action_id", "screen_sequence"])
    op.execute(ALREADY_ALLOWED)
    op.add_column(
        "action", sa.Column("time_zone", sa.String(length=40), server_default="Europe/Minsk", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("action", "time_zone")
    op.drop_index("ix_greeting_screen", "greeting")
    op.drop_column("greeting", "screen_sequence")
