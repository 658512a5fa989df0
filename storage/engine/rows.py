"""The shape every row shares, and column types that refuse what a database would silently bend."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

UNSAVED = 0
"""The id of a row that was never stored; the database gives the real one."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values; stored in UTC; comes back aware.

    SQLite keeps no zone and would drop it without converting, hence the conversion on both ways.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone was about to be stored: {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Choice(TypeDecorator[StrEnum]):
    """One of a closed list of words, stored as the word itself and read back as the enum."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, _dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def choice(words: type[StrEnum], default: StrEnum | None = None) -> Any:
    """A field holding one of `words`; pair it with `one_of` so that the database refuses other words too."""
    field_type: Any = Choice(words)
    return Field(default=default, sa_type=field_type, nullable=default is None)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The check constraint behind `choice`: the database itself refuses a word that is not on the list."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def moment(*, optional: bool = True) -> Any:
    """A field holding an aware moment, stored in UTC."""
    field_type: Any = UtcDateTime()
    return Field(default=None, sa_type=field_type) if optional else Field(sa_type=field_type)


def prose(default: str = "") -> Any:
    """A field holding text of any length that a person typed or will read."""
    return Field(default=default, sa_type=Text)


def refers_to(target: str, *, optional: bool = False) -> Any:
    """A field holding the id of a row of another table, indexed."""
    if optional:
        return Field(default=None, foreign_key=target, index=True)
    return Field(foreign_key=target, index=True)


class Row(SQLModel):
    """What every row has: an id, its workspace, and a version that guards against a stale click.

    `workspace_id` is stamped by the unit of work; `version` counts changes, starting at 1. `remembered` marks a table
    that hardly ever changes and is looked into for nearly everything: a unit of work does not ask it the same twice.
    """

    remembered: ClassVar[bool] = False

    # A default of the model only: as a default of the column every new row would be given the id 0.
    id: int = Field(default=UNSAVED, primary_key=True, sa_column_kwargs={"default": None})
    workspace_id: str = Field(default="", max_length=32, foreign_key="workspace.id")
    version: int = 1
