"""Case records room: what is said while a file is made."""

from datetime import date

from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words

AS_PDF = "case_record.as_pdf"


def making(*, file: str) -> Message:
    """A file was asked for, and comes as a direct message."""
    said = words("case_records/asked", file=file).making
    return kit.message(said, [kit.section(said)])


def register_name(today: date, kind: str) -> str:
    """What the register is called as a file; `kind`: xlsx or csv."""
    return f"nonconformities-{today.isoformat()}.{kind}"


def file_name(number: int, today: date) -> str:
    """What the record of NC-`number` is called where it is laid before people."""
    return f"NC-{number}-{today.isoformat()}.pdf"
