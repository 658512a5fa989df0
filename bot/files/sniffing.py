"""What a file is, told by its bytes. Its name only says what sort of text a text is."""

import re
from pathlib import PurePosixPath

import puremagic

ENOUGH_TO_TELL = 64 * 1024
"""Bytes from the beginning: office files name their parts there."""

UNKNOWN = "application/octet-stream"
ZIP = b"PK\x03\x04"
OPEN_DOCUMENT = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.[a-z]+)")
OFFICE = {
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
XML = ("application/xml", "text/xml")
TEXTS = {
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".md": "text/markdown",
    ".json": "application/json",
    ".eml": "message/rfc822",
}


def media_type(head: bytes, name: str) -> str:
    """The type that the beginning of a file tells. Nothing is ever unpacked for it."""
    if head.startswith(ZIP):
        return _of_zip(head)
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found in ("", UNKNOWN, *XML) or found.startswith("text/"):
        return _of_text(head, name, found) if _is_text(head) else found or UNKNOWN
    return found


def _of_zip(head: bytes) -> str:
    if written := OPEN_DOCUMENT.search(head[:200]):
        return written.group(1).decode()
    if b"[Content_Types].xml" in head:
        return next((office for part, office in OFFICE.items() if part in head), "application/zip")
    return "application/zip"


def _is_text(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # The last character may be cut off where the beginning ends.
        return b"\0" not in head and len(head) - error.start < 4 and len(head) >= ENOUGH_TO_TELL
    return b"\0" not in head


def _of_text(head: bytes, name: str, found: str) -> str:
    beginning = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if b"<svg" in head.lower():
        return "image/svg+xml"
    return TEXTS.get(PurePosixPath(name).suffix.lower(), found or "text/plain")
