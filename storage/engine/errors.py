"""What storage refuses, and why: the docstring of each error is the sentence to start from."""

from typing import Any


class StorageError(Exception):
    """Something about what the bot remembers stands in the way."""


class NotFound(StorageError):
    """There is no such row in this workspace."""

    def __init__(self, table: type[Any], id: int | str) -> None:  # noqa: A002 - the row's own word for it
        super().__init__(f"there is no {table.__tablename__} {id} in this workspace")
        self.table = table
        self.id = id


class VersionConflict(StorageError):
    """The row was changed by somebody else since it was read; read it again before deciding."""

    def __init__(self, row: Any) -> None:
        super().__init__(f"{row.__tablename__} {row.id} is no longer at version {row.version}")
        self.row = row


class DatabaseMissing(StorageError):
    """There is no database where one was looked for; none was made. `deskaudit run` makes it."""


class DatabaseEmpty(StorageError):
    """The database has no tables; none were made. `deskaudit run` makes them."""


class DatabaseIsForeign(StorageError):
    """The database holds tables, but none of the bot's; it was left untouched. Give the bot one of its own."""


class DatabaseIsOlder(StorageError):
    """The database lacks steps that this version of the bot takes; `deskaudit run` takes them."""


class DatabaseIsNewer(StorageError):
    """The database was upgraded by a newer version of the bot; it was left untouched. Start that version instead."""


class DatabaseClosed(StorageError):
    """The database was closed; nothing more can be read or written."""


class BlobMissing(StorageError):
    """No file with this SHA-256 is in the store."""


class StoreUnavailable(StorageError):
    """The file store could not be reached or has no room left; nothing was kept."""


class StoreMissing(StoreUnavailable):
    """There is no folder where the file store was looked for; none was made. `deskaudit run` makes it."""


class BlobAltered(StoreUnavailable):
    """What lies in the store under this SHA-256 is not what was kept."""
