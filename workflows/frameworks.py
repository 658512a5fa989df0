"""Frameworks room: the catalogues of requirements, by edition, and references into them.

A reference is `edition:number`, such as `iso27001-2022:A.5.18`, so that it never loses its edition.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

EDITIONS = ("iso27001-2022", "iso9001-2015")
"""The editions whose catalogues ship with the product."""


@dataclass(frozen=True)
class Requirement:
    """One clause or control: number and short title identify it; the summary is our own wording."""

    edition: str
    standard: str
    number: str
    title: str
    summary: str
    evidence: tuple[str, ...]

    @property
    def reference(self) -> str:
        """How rows refer to it."""
        return f"{self.edition}:{self.number}"


@dataclass(frozen=True)
class Catalogue:
    """All requirements of one edition, in the order of the standard."""

    edition: str
    standard: str
    requirements: dict[str, Requirement]


def read_data(name: str) -> Any:
    """One of the YAML files that ship with the product."""
    return yaml.safe_load(files("workflows").joinpath("catalogues", name).read_text(encoding="utf-8"))


@cache
def catalogue(edition: str) -> Catalogue:
    """The catalogue of an edition. Raises `KeyError` when there is none."""
    if edition not in EDITIONS:
        raise KeyError(edition)
    data = read_data(f"{edition}.yaml")
    rows = [
        Requirement(
            edition=edition,
            standard=data["standard"],
            number=row["number"],
            title=row["title"],
            summary=row["summary"],
            evidence=tuple(row["evidence"]),
        )
        for row in data["requirements"]
    ]
    return Catalogue(edition, data["standard"], {row.number: row for row in rows})


def requirement(reference: str) -> Requirement:
    """What a reference points at. Raises `KeyError` when the edition or the number is unknown."""
    edition, _, number = reference.partition(":")
    return catalogue(edition).requirements[number]


def in_scope(references: Iterable[str], editions: Iterable[str]) -> list[str]:
    """Those references whose edition is among `editions`, in their order."""
    chosen = frozenset(editions)
    return [reference for reference in references if reference.partition(":")[0] in chosen]
