"""Archives as they stream out: ZIP64 where files are many or large, read by a reader that is not ours."""

import io
import zipfile

import pytest

from storage.files.archives import Archive


def written(names: list[str], content: bytes) -> zipfile.ZipFile:
    archive, out = Archive(), io.BytesIO()
    for name in names:
        archive.begin(name, size=len(content), squeeze=False)
        archive.write(content)
        archive.end()
        out.write(archive.taken())
    archive.close()
    out.write(archive.taken())
    return zipfile.ZipFile(out)


def test_more_files_than_the_old_format_counts() -> None:
    names = [f"{number}.txt" for number in range(65_600)]
    found = written(names, b"")
    assert found.namelist() == names


def test_files_and_places_beyond_the_limit_of_the_old_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)  # 2 GB take too long; that the reader looks for ZIP64 stays
    found = written(["small", "large"], bytes(range(256)) * 8)
    raw = found.fp.read() if found.fp and not found.fp.seek(0) else b""
    assert raw.count(b"PK\x06\x06") == 1
    assert found.testzip() is None
    assert [(each.filename, each.file_size) for each in found.infolist()] == [("small", 2048), ("large", 2048)]
    assert all(each.extra[:2] == b"\x01\x00" for each in found.infolist())
