"""ZIP archives as they are written: bytes come out while files go in, so that no file is ever held whole.

The same files in the same order give the same bytes: every file bears the same date, and nothing of the machine.
"""

import io
import zlib
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The date of every file: the first one that the format knows."""

_READABLE = 0o100644 << 16
_ON_UNIX = 3

SQUEEZED_ALREADY = ("image/", "video/", "audio/", "application/zip", "application/gzip", "application/x-7z")
"""Types that only lose time by being squeezed once more; Office files are ZIP archives too."""

_OFFICE = ("application/pdf", "openxmlformats", "opendocument")


def is_worth_squeezing(media_type: str) -> bool:
    """Whether files of this type become smaller."""
    is_small_already = media_type.startswith(SQUEEZED_ALREADY) or any(each in media_type for each in _OFFICE)
    return not is_small_already or media_type.startswith("image/svg")


class Archive:
    """A ZIP archive on its way out: `begin`, `write`, `end` for each file, `close` at last, `taken` in between.

    ZIP64 where it is needed: files and archives of more than 4 GB, more than 65,535 files.
    """

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = ZipFile(self._outlet, "w", compresslevel=zlib.Z_BEST_SPEED)
        self._file: IO[bytes] | None = None

    def begin(self, path: str, *, size: int, squeeze: bool) -> None:
        """The next file; `size` is what is announced of it."""
        info = ZipInfo(path, _ALWAYS)
        info.compress_type = ZIP_DEFLATED if squeeze else ZIP_STORED
        info.create_system, info.external_attr, info.file_size = _ON_UNIX, _READABLE, size
        self._file = self._zip.open(info, "w")

    def write(self, chunk: bytes) -> None:
        """Some of the file that was begun."""
        assert self._file is not None
        self._file.write(chunk)

    def end(self) -> None:
        """The file is whole."""
        assert self._file is not None
        self._file.close()
        self._file = None

    def close(self) -> None:
        """No more files: the table of contents. A file that was begun and not ended is cut off."""
        if self._file is not None:
            self.end()
        self._zip.close()

    @property
    def waiting(self) -> int:
        """How many bytes were not taken yet."""
        return self._outlet.waiting

    def taken(self) -> bytes:
        """The bytes since they were last taken."""
        return self._outlet.taken()


class _Outlet(io.RawIOBase):
    """Where the archive writes to, and cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()  # one piece: the table of contents comes in several for each file

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        before = len(self._held)
        self._held += data  # type: ignore[arg-type]  # whatever has bytes
        return len(self._held) - before

    @property
    def waiting(self) -> int:
        return len(self._held)

    def taken(self) -> bytes:
        taken = bytes(self._held)
        self._held = bytearray()
        return taken
