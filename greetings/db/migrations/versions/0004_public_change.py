"""a number that rises with every change visitors see

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_change",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_public_change")),
    )
    # the row is there from the beginning: raising it is one update, never a race to make it
    op.execute('INSERT INTO public_change ("row", number) VALUES (1, 0)')


def downgrade() -> None:
    op.drop_table("public_change")
