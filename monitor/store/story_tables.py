"""The tables of stories: which article is in which story, and the facts told so far."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import Column, Dialect, Float, Index, Integer, Table, Text
from sqlalchemy.types import TypeDecorator

from monitor.model import Features, Role
from monitor.store.schema import CleanText, EnumValue, UtcTime, Value, dump, metadata


class FeaturesText(TypeDecorator[Features]):
    """Features as JSON text. The same few hundred are read again for every article of a busy day, so they are kept."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Features | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else dump(Features, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Features | None:  # noqa: ARG002
        return None if value is None else _read_features(value)


@lru_cache(maxsize=4096)
def _read_features(text: str) -> Features:
    return _FEATURES.validate_json(text)


_FEATURES = TypeAdapter(Features)

story_member = Table(
    "story_member",
    metadata,
    Column("article", CleanText, primary_key=True),
    Column("story", CleanText, nullable=False),
    Column("role", EnumValue(Role), nullable=False),
    Column("copy_of", CleanText, nullable=False),
    Column("nearest", CleanText, nullable=False),
    Column("score", Float, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("cites", CleanText, nullable=False),
    Column("related", Value(tuple[str, ...]), nullable=False),
    Column("outlet", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("published", UtcTime, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("features", FeaturesText),  # dropped after the window
    Index("ix_story_member_story", "story", "published", "article", "role"),
    Index("ix_story_member_published", "published"),
)

_compared = story_member.c.features.is_not(None)
Index("ix_story_member_features", story_member.c.published, sqlite_where=_compared, postgresql_where=_compared)

story_fact = Table(
    "story_fact",
    metadata,
    Column("story", CleanText, primary_key=True),
    Column("kind", CleanText, primary_key=True),
    Column("value", CleanText, primary_key=True),
    Column("surface", CleanText, nullable=False),
    Column("sentence", Integer, nullable=False),
    Column("article", CleanText, nullable=False),
    sqlite_with_rowid=False,
)
