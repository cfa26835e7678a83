"""one sentence of the first reasons, said as one would say it

Revision: 0018
Follows: 0017
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STIFF = "Без гэтага дасылайце ахвотна."
WARM = "Дашліце, калі ласка, яшчэ раз без гэтага: будзем рады."
REASON = sa.table("rejection_reason", sa.column("code", sa.String), sa.column("words", sa.JSON))


def upgrade() -> None:
    _say(WARM, instead_of=STIFF)


def downgrade() -> None:
    _say(STIFF, instead_of=WARM)


def _say(now: str, *, instead_of: str) -> None:
    """What organisers have written themselves stays."""
    here = REASON.c.code == "hurtful"
    words: Mapping[str, Any] | None = op.get_bind().scalar(sa.select(REASON.c.words).where(here))
    if words is not None and words.get("be", {}).get("now") == instead_of:
        said = {**words, "be": {**words["be"], "now": now}}
        op.execute(sa.update(REASON).where(here).values(words=said))
