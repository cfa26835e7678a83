"""Column types that keep a promise the plain ones don't."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, BindParameter, ColumnElement, DateTime, Dialect, Integer, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=StrEnum)

# SQLite numbers rows by itself only in a plain INTEGER primary key; PostgreSQL should not run out of them.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; a naive one is refused instead of guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone can't be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        # SQLite holds a text without a zone: read in one step, for a wall reads dozens at once
        return _utc_from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _utc_from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Choice(TypeDecorator[E]):
    """One of a `StrEnum`, stored as its value, so that a new member needs no change of the table."""

    impl = String(20)
    cache_ok = True

    def __init__(self, choices: type[E]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.choices(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        members: dict[str | None, E | None] = {choice.value: choice for choice in self.choices}
        return (members | {None: None}).__getitem__  # a wall reads hundreds at once


class SearchWords(TypeDecorator[str]):
    """Words parted by spaces, to be searched: a text on SQLite, a `tsvector` of just these on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[Any]:
        return SearchVector(bindparam)


class SearchVector(GenericFunction[str]):
    """Words on their way into a `SearchWords` column."""

    type = Text()
    inherit_cache = True


@compiles(SearchVector)
def _as_text(element: SearchVector, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(SearchVector, "postgresql")
def _as_vector(element: SearchVector, compiler: Any, **more: Any) -> str:
    words = compiler.process(element.clauses, **more)
    return f"array_to_tsvector(string_to_array(CAST({words} AS TEXT), ' '))"
