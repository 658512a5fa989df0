"""Frameworks: the rules, as plain functions of values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from storage.engine.unit_of_work import UnitOfWork
from workflows.files.data import read_data

EDITIONS = ("iso27001-2022", "iso9001-2015", "iso14001-2015", "iso45001-2018", "iso22301-2019")
"""The editions whose catalogues ship with the product."""


class Frequency(StrEnum):
    """How often it is suggested to look at a requirement; the standards leave the interval to the organisation."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    ON_CHANGE = "on change"
    PER_EVENT = "per event"
    PER_PROJECT = "per project"
    PER_DELIVERY = "per delivery"


class EditionStatus(StrEnum):
    """`in_transition`: a successor is out or on its way; `withdrawn`: certificates to it are no longer valid."""

    CURRENT = "current"
    IN_TRANSITION = "in_transition"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Edition:
    """Where an edition stands in its life. `until` is the last day of its certificates, expected or `confirmed`."""

    edition: str
    standard: str
    status: EditionStatus
    successor: str = ""
    until: date | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class Requirement:
    """One clause or control: number and short title identify it; the summary is our own wording."""

    edition: str
    standard: str
    number: str
    title: str
    theme: str
    summary: str
    evidence: tuple[str, ...]
    frequency: Frequency
    may_be_left_out: bool

    @property
    def reference(self) -> str:
        """How rows refer to it."""
        return f"{self.edition}:{self.number}"

    @property
    def name(self) -> str:
        """What people read: ISO/IEC 27001:2022 7.2."""
        return f"{self.standard} {self.number}"


@dataclass(frozen=True)
class Catalogue:
    """All requirements of one edition, in the order of the standard."""

    edition: str
    standard: str
    requirements: Mapping[str, Requirement]

    def under(self, heading: str) -> list[Requirement]:
        """What stands under a number such as 9.3 that is no requirement itself. 9 and A.5 are too wide: nothing."""
        if heading in self.requirements or not re.search(r"\d\.\d", heading):
            return []
        return [each for number, each in self.requirements.items() if number.startswith(f"{heading}.")]


@cache
def catalogue(edition: str) -> Catalogue:
    """The catalogue of an edition. Raises `KeyError` when there is none."""
    if edition not in EDITIONS:
        raise KeyError(edition)
    data = read_data(f"frameworks/catalogues/{edition}.yaml")
    left_out = tuple(data.get("may_be_left_out", ()))
    rows = [
        Requirement(
            edition=edition,
            standard=data["standard"],
            number=row["number"],
            title=row["title"],
            theme=row["theme"],
            summary=row["summary"],
            evidence=tuple(row["evidence"]),
            frequency=Frequency(row["frequency"]),
            may_be_left_out=row["number"].startswith(left_out),
        )
        for row in data["requirements"]
    ]
    return Catalogue(edition, data["standard"], {row.number: row for row in rows})


@cache
def editions() -> Mapping[str, Edition]:
    """Every edition that is known, those without a catalogue included."""
    known = [
        Edition(**{**row, "status": EditionStatus(row["status"])})
        for row in read_data("frameworks/catalogues/editions.yaml")["editions"]
    ]
    return {each.edition: each for each in known}


def requirement(reference: str) -> Requirement:
    """What a reference points at. Raises `KeyError` when the edition or the number is unknown."""
    edition, _, number = reference.partition(":")
    return catalogue(edition).requirements[number]


def in_scope(references: Iterable[str], editions: Iterable[str]) -> list[str]:
    """Those references whose edition is among `editions`, in their order."""
    chosen = frozenset(editions)
    return [reference for reference in references if reference.partition(":")[0] in chosen]


def title(uow: UnitOfWork, of: Requirement) -> str:
    """The short title, or nothing where the workspace shows numbers only; own titles are the organisation's words."""
    return of.title if of.edition not in EDITIONS or uow.workspace().shows_titles else ""
