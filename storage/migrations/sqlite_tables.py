"""Changing the constraints of a table that SQLite holds, where it stands.

SQLite can't change a constraint. Making the table anew would empty every table that refers to it, since its foreign
keys can't be switched off within a transaction; so what it says of the table is changed instead, as its makers
describe it (SQLite, "ALTER TABLE", 7: "Making Other Kinds Of Table Schema Changes").
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

_SAID = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
_SAY = sa.text("UPDATE sqlite_master SET sql = :said WHERE type = 'table' AND name = :table")


def restate(table: str, replaced: Mapping[str, str], *, added: Sequence[str] = ()) -> None:
    """Replace parts of a table's definition, and add constraints. Raises `LookupError` where a part is missing."""
    connection = op.get_bind()
    said: str = connection.execute(_SAID, {"table": table}).scalar_one()
    for before, after in replaced.items():
        if before not in said:
            raise LookupError(f"the table {table} does not say: {before}")
        said = said.replace(before, after)
    said = ", ".join([said.rstrip().removesuffix(")"), *added]) + ")"
    step = connection.execute(sa.text("PRAGMA schema_version")).scalar_one() + 1
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(_SAY, {"said": said, "table": table})
    connection.execute(sa.text(f"PRAGMA schema_version = {step}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))  # reads the definitions again
