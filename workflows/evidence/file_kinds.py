"""Evidence room: the kinds of files an obligation may accept, in words that people use."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from workflows.files.data import read_data


@dataclass(frozen=True)
class FileKind:
    """A kind of files: what people call it, and the media types that belong to it."""

    key: str
    words: str
    types: frozenset[str]


@cache
def kinds() -> tuple[FileKind, ...]:
    """Every kind there is, in the order in which they are offered."""
    return tuple(
        FileKind(row["key"], row["words"], frozenset(row["types"]))
        for row in read_data("evidence/file_kinds.yaml")["kinds"]
    )


def is_accepted(media_type: str, accepts: Collection[str]) -> bool:
    """Whether a file of this type will do where these kinds are asked for; no kinds at all means any file."""
    return not accepts or any(media_type in each.types for each in kinds() if each.key in accepts)


def in_words(accepts: Collection[str]) -> str:
    """The kinds as people say them: "PDF or spreadsheet"."""
    named = [each.words for each in kinds() if each.key in accepts]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1] if named else "")))


def called(media_type: str) -> str:
    """What people call a file of this type."""
    return next((each.words for each in kinds() if media_type in each.types), media_type)
