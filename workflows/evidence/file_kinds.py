"""Evidence room: the kinds of files an obligation may accept."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from workflows.files.data import read_data


@dataclass(frozen=True)
class FileKind:
    """A kind of files, and the media types that belong to it."""

    key: str
    types: frozenset[str]


@cache
def kinds() -> tuple[FileKind, ...]:
    """Every kind there is, in the order in which they are offered."""
    return tuple(
        FileKind(row["key"], frozenset(row["types"])) for row in read_data("evidence/file_kinds.yaml")["kinds"]
    )


def is_accepted(media_type: str, accepts: Collection[str]) -> bool:
    """Whether a file of this type will do where these kinds are asked for; no kinds at all means any file."""
    return not accepts or any(media_type in each.types for each in kinds() if each.key in accepts)


def in_order(accepts: Collection[str]) -> list[str]:
    """The keys of these kinds, in the order in which they are offered."""
    return [each.key for each in kinds() if each.key in accepts]


def kind_of(media_type: str) -> str:
    """The key of the kind that a file of this type is of; the type itself where it is of none."""
    return next((each.key for each in kinds() if media_type in each.types), media_type)
