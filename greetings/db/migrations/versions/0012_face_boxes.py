"""face boxes: where faces were found in a photo whose sender asked for them to be covered

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("photo", "earlier_picture")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("face_boxes", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "face_boxes")
