"""What every table is made of: the metadata, the column types, and the two inserts that both databases know.

The tables stand in the file of their noun. The column types keep at this one boundary what cannot be stored as it is:

* times are whole microseconds since 1970 in a 64-bit integer: the same order and the same precision on SQLite and
  PostgreSQL, no time zone of a session or a driver in between, a third of the size of ISO text, plain arithmetic;
* text loses NUL (PostgreSQL refuses it) and lone surrogates (no database takes them); hostile feeds send both;
* values (an `Entry`, the sentences of an article) are JSON of the model's own types and are read back as such.
"""

# ruff: noqa: ARG002 - SQLAlchemy calls column types with the dialect, needed or not

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum, StrEnum
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import BigInteger, Connection, Dialect, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from monitor.store.engine import StoreError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

T = TypeVar("T")


def clean(text: str) -> str:
    """The text without NUL, halves of surrogate pairs joined, and lone ones replaced by U+FFFD."""
    if (text.isascii() and "\0" not in text) or not _UNSTORABLE.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", "")


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970. Naive ones are a mistake of the caller: ValueError."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class CleanText(TypeDecorator[str]):
    """Text that every database takes, see `clean`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class EnumValue(TypeDecorator[StrEnum]):
    """A member of an enumeration by its text."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)


class EnumNumber(TypeDecorator[IntEnum]):
    """A member of an enumeration by its number, so that the database can compare and sort."""

    impl = Integer
    cache_ok = True

    def __init__(self, members: type[IntEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: IntEnum | None, dialect: Dialect) -> int | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: int | None, dialect: Dialect) -> IntEnum | None:
        return None if value is None else self.members(value)


class Value(TypeDecorator[Any]):
    """A value of the model as JSON text: `Value(Entry)`, `Value(tuple[Sentence, ...])`.

    Fields that the model has gained since are filled with their defaults (so give them one), fields it has lost are
    passed over. What cannot be read as the value any more is a StoreError.
    """

    impl = Text
    cache_ok = True

    def __init__(self, of: Any) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dump(self.of, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            return _adapter(self.of).validate_json(value)
        except ValidationError as error:
            name = getattr(self.of, "__name__", str(self.of))
            raise StoreError(f"a stored {name} cannot be read: {error.errors()[0]['msg']}", temporary=False) from error


def dump(of: Any, value: Any) -> str:
    """The value as JSON text without anything that a database refuses."""
    try:
        text = _adapter(of).dump_json(value, warnings="none").decode()
    except (PydanticSerializationError, UnicodeEncodeError):  # a lone surrogate
        text = "\\u0000"
    if "\\u0000" in text:
        text = _adapter(of).dump_json(_clean_inside(value), warnings="none").decode()
    return text


@cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)


def _clean_inside(value: Any) -> Any:
    """The same value with every text in it cleaned."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return clean(value)
    if isinstance(value, tuple | list):
        return type(value)(_clean_inside(item) for item in value)
    if isinstance(value, Mapping):
        return {_clean_inside(key): _clean_inside(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _clean_inside(getattr(value, field.name)) for field in fields(value)})
    return value


def content_id(*parts: str) -> str:
    """32 hex characters that are the same for the same parts: rows named by it can be written twice."""
    hashed = blake2b(digest_size=16)
    for part in parts:
        raw = clean(part).encode()
        hashed.update(len(raw).to_bytes(8, "big") + raw)
    return hashed.hexdigest()


def chunks(keys: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """The keys in pieces that fit into one `IN (...)`."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def insert_or_ignore(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add rows, passing over those whose key (or other unique columns) is there already; how many were added."""
    if not rows:
        return 0
    statement = _insert(conn, table).on_conflict_do_nothing()
    return conn.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def upsert(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], change: Sequence[str] | None = None
) -> None:
    """Add rows; where the primary key is there already, overwrite the columns of `change` (default: all given)."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    insert = _insert(conn, table)
    changed = {name: insert.excluded[name] for name in change or rows[0] if name not in key}
    conn.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def _insert(conn: Connection, table: Table) -> Any:
    return (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(table)
