"""The one table of this floor."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from greetings.db.base import NEVER_SHOWN, Base


class PublicChange(Base):
    """One row: how often something that visitors see has changed. Raised in the transaction of the change
    itself, so that every process notices it by looking at one number.
    """

    __tablename__ = "public_change"
    __table_args__ = (NEVER_SHOWN,)

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, default=0)
