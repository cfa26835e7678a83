"""how many greetings wait, kept as a number

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_tally",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("greetings", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_waiting_tally")),
    )
    op.execute(
        'INSERT INTO waiting_tally ("row", greetings)'
        " SELECT 1, count(*) FROM greeting WHERE state = 'pending'"
    )


def downgrade() -> None:
    op.drop_table("waiting_tally")
