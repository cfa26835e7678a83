"""what can be seen in a photo, in words, and what its sender said of that before a slip was mended

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photo", sa.Column("description", sa.String(300), server_default="", nullable=False))
    op.add_column("original_words", sa.Column("descriptions", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("original_words", "descriptions")
    op.drop_column("photo", "description")
