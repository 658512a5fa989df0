"""What goes into a pack, and under which name: pure functions, each with its table of tests."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePath
from typing import Any

from workflows.files.data import read_data
from workflows.frameworks import rules as framework_rules

# --- what goes in ---


@dataclass(frozen=True)
class Scope:
    """What a pack is about: editions, a period (both days included), and within them what it is narrowed down to.

    An empty set narrows nothing down. What people said in audits is in it where `answers_because` says why.
    """

    editions: frozenset[str]
    first: date
    last: date
    themes: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    requirements: frozenset[str] = frozenset()
    answers_because: str = ""


@dataclass(frozen=True)
class Matter:
    """Something that may be in a scope: the references it serves, their themes, who answers for it, its period."""

    references: Collection[str]
    themes: Collection[str]
    owner_id: str
    begins: date
    ends: date


def is_within(scope: Scope, matter: Matter) -> bool:
    """Whether a matter is in a scope: it serves one of the editions, its period overlaps, and nothing leaves it out.

    Of what the scope names (themes, owners, requirements), each must be met by one.
    """
    serves = {reference.partition(":")[0] for reference in matter.references}
    return (
        bool(serves & scope.editions)
        and matter.begins <= scope.last
        and scope.first <= matter.ends
        and _meets(scope.themes, matter.themes)
        and _meets(scope.owners, [matter.owner_id])
        and _meets(scope.requirements, matter.references)
    )


def _meets(wanted: frozenset[str], given: Iterable[str]) -> bool:
    return not wanted or not wanted.isdisjoint(given)


# --- under which name ---

LONGEST_NAME = 80
LONGEST_ENDING = 12
"""Characters: names stay short enough for every file system, whatever folder a pack is unpacked in."""

RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in "123456789"))
)
"""Names under which Windows knows devices, with whatever ending."""

NAMELESS = "file"


def safe_name(name: str) -> str:
    """A name that is harmless on every system, made of letters, digits, dots, dashes and underscores.

    The original stands in the index.
    """
    plain = unicodedata.normalize("NFKD", PurePath(name.replace("\\", "/")).name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)
    stem, dot, ending = words.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, ending = words, ""
    stem = re.sub(r"\.{2,}", ".", stem).strip("-._")[: LONGEST_NAME - LONGEST_ENDING].rstrip("-._") or NAMELESS
    harmless = f"_{stem}" if stem.partition(".")[0].casefold() in RESERVED else stem
    return f"{harmless}.{ending.strip('-_')}".rstrip(".")


def short_name(title: str) -> str:
    """A few words of a title for the name of a folder."""
    return safe_name(title.replace("/", "-"))[:40].rstrip("-._")


def folder_of(reference: str) -> str:
    """The folder for what serves a requirement."""
    edition, _, number = reference.partition(":")
    layout = _layout()
    if edition not in framework_rules.EDITIONS:
        return folder(layout["other"])
    known: Mapping[str, str] = {**layout["all"], **layout["editions"].get(edition, {})}
    return folder(next((known[each] for each in _beginnings(number) if each in known), layout["other"]))


def folder(key: str) -> str:
    """The name of a folder by its number, or by what it is for, such as `requests`."""
    layout = _layout()
    return str(layout["folders"][layout.get(key, key)])


def paper_of_case(number: int) -> str:
    """Where the record of NC-`number` lies, beside its evidence."""
    return f"{folder('nonconformities')}/NC-{number}/NC-{number}.pdf"


def folders() -> list[str]:
    """The names of all folders, in order."""
    return list(_layout()["folders"].values())


def _beginnings(number: str) -> list[str]:
    """A number and what it stands under, the longest first: A.5.18, A.5, A."""
    parts = number.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


@cache
def _layout() -> Any:
    return read_data("packs/pack-folders.yaml")
