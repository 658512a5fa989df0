"""A whole database as one file: taken beside a running bot, and put where no database is."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from storage.copying.errors import CannotCopy
from storage.engine import connecting
from storage.files.lasting import make_lasting

PAGES_AT_ONCE = 1000
BESIDE_SQLITE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file. With another file of the same name it would be taken for that one's."""

Told = Callable[[int, int], None]
"""Is told how far a copy is: so much of so much."""


def take(url: URL, file: Path, told: Told) -> None:
    """Write one committed state of the database into a file. Raises CannotCopy and the errors of SQLite and disk."""
    if source := connecting.database_file(url):
        _take_sqlite(source, file, told)
    else:
        _tool("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    make_lasting(file)


def put_back(url: URL, file: Path) -> None:
    """Make a file that `take` wrote the database at the URL, where there must be none: all of it or nothing.

    Raises CannotCopy and the errors of the disk.
    """
    if target := connecting.database_file(url):
        _put_back_sqlite(target, file)
    else:
        _tool("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(file))


def _take_sqlite(source: Path, file: Path, told: Told) -> None:
    with closing(_opened(source)) as taken, closing(sqlite3.connect(file)) as copy:
        # Held open, so that all pages are of one state, and what a running bot writes does not begin the copy anew.
        taken.execute("BEGIN")
        taken.execute("SELECT count(*) FROM sqlite_schema")
        taken.backup(copy, pages=PAGES_AT_ONCE, progress=lambda _status, left, of: told(of - left, of))
        copy.execute("PRAGMA journal_mode = DELETE")  # so that the copy is this one file


def _opened(source: Path) -> sqlite3.Connection:
    # To be read only, but not opened as such: SQLite may have to make its own files beside it. Never made anew.
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


def _put_back_sqlite(target: Path, file: Path) -> None:
    for beside in (target.with_name(f"{target.name}{each}") for each in BESIDE_SQLITE):
        if beside.exists() and not target.exists():
            raise CannotCopy(f"{beside} is left of another database. Move it away; nothing was changed.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(file, part)
    make_lasting(part)
    part.replace(target)
    make_lasting(target.parent)


def _tool(program: str, url: URL, *words: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise CannotCopy(
            f"{program} is not on the PATH. Install PostgreSQL's client programs, of the server's version or newer "
            "(Debian: postgresql-client)."
        )
    # The password goes by the environment: what stands on a command line is seen by everybody on the machine.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603 - a program by its name, with words of our own
        [found, f"--dbname={_without_password(url)}", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotCopy(f"{program} could not do it: {(done.stderr.splitlines() or ['it did not say why'])[0]}")


def _without_password(url: URL) -> str:
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(hide_password=False)
