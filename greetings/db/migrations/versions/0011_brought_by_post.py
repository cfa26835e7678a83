"""greetings that came by post: who added them, and who gave the consent

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("greeting", sa.Column("brought_by", sa.String(length=20), nullable=True))
    op.add_column(
        "greeting", sa.Column("consent_from", sa.String(length=200), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("greeting", "consent_from")
    op.drop_column("greeting", "brought_by")
