"""Frameworks room: the catalogues of requirements, by edition, and references into them.

A reference is `edition:number`, such as `iso27001-2022:A.5.18`, so that it never loses its edition. A framework of the
organisation's own is an edition too (`own-acme:AC-1`), read from the database instead of from a file.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from storage import frameworks as stored
from storage.frameworks import OwnFramework, OwnRequirement
from storage.unit_of_work import UnitOfWork
from workflows.errors import WhichRequirement
from workflows.people import Actor

# --- rules ---

MET_REMEMBERED = 1024
"""Sets of requirements, of which a programme has about as many as obligations."""

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


def read_data(name: str) -> Any:
    """One of the YAML files that ship with the product."""
    return yaml.safe_load(files("workflows").joinpath("catalogues", name).read_text(encoding="utf-8"))


@cache
def catalogue(edition: str) -> Catalogue:
    """The catalogue of an edition. Raises `KeyError` when there is none."""
    if edition not in EDITIONS:
        raise KeyError(edition)
    data = read_data(f"{edition}.yaml")
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
        Edition(**{**row, "status": EditionStatus(row["status"])}) for row in read_data("editions.yaml")["editions"]
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


# --- rules: what several standards share ---


@dataclass(frozen=True)
class SharedClause:
    """A clause of the harmonised structure: the references under which each edition asks for it."""

    clause: str
    title: str
    references: Mapping[str, tuple[str, ...]]

    def is_shown_by(self, references: frozenset[str]) -> bool:
        """Whether everything that one edition asks for under this clause is among the references."""
        return any(references.issuperset(asked) for asked in self.references.values())


@cache
def shared_clauses() -> tuple[SharedClause, ...]:
    """The harmonised structure of management system standards (Annex SL)."""
    return tuple(
        SharedClause(row["clause"], row["title"], {each: _under(each, row["numbers"][each]) for each in row["numbers"]})
        for row in read_data("harmonised.yaml")["clauses"]
    )


def _under(edition: str, numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{edition}:{number}" for number in numbers)


@cache
def _clauses_of() -> Mapping[str, tuple[SharedClause, ...]]:
    listed = [
        (reference, each) for each in shared_clauses() for asked in each.references.values() for reference in asked
    ]
    return {reference: tuple(each for name, each in listed if name == reference) for reference, _ in listed}


def harmonised(reference: str) -> tuple[str, ...]:
    """What other editions ask for under the same clause of the harmonised structure; nothing for what is one's own."""
    own, _, _ = reference.partition(":")
    others = (
        other
        for each in _clauses_of().get(reference, ())
        for edition, asked in each.references.items()
        if edition != own
        for other in asked
    )
    return tuple(dict.fromkeys(others))


def serves(references: Iterable[str], editions: Iterable[str]) -> tuple[str, ...]:
    """Everything in the chosen editions that is met where `references` are: they themselves, and what corresponds.

    A requirement corresponds when every shared clause it stands under is shown. The inputs of the management review
    alone (ISO/IEC 27001 9.3.2) do not show the whole of it (ISO 14001 9.3), while the whole shows each of its parts.
    """
    return tuple(in_scope(_met_with(tuple(references)), editions))


@lru_cache(maxsize=MET_REMEMBERED)
def _met_with(references: tuple[str, ...]) -> tuple[str, ...]:
    shown = {each.clause for each in shared_clauses() if each.is_shown_by(frozenset(references))}
    corresponding = (
        other
        for reference in references
        for other in harmonised(reference)
        if all(each.clause in shown for each in _clauses_of()[other])
    )
    return tuple(dict.fromkeys((*references, *corresponding)))


# --- commands ---


def switch_titles(uow: UnitOfWork, actor: Actor, *, shown: bool, at: datetime) -> None:
    """Name requirements of standards with their short titles, or by number only. Raises `NotAllowed`."""
    actor.must("switch the titles")
    uow.put_workspace(shows_titles=shown)
    uow.record(
        actor=actor.person_id,
        verb="titles.switch",
        subject="workspace",
        subject_id=uow.workspace_id,
        at=at,
        details={"shown": shown},
    )


# --- questions ---


@dataclass(frozen=True)
class Overview:
    """The catalogues followed and, of the shipped ones, those that are not; whether titles are shown."""

    followed: tuple[Catalogue, ...]
    others: tuple[Catalogue, ...]
    shows_titles: bool


def overview(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Overview:
    """What the programme follows. Raises `NotAllowed`."""
    actor.must("see the frameworks")
    followed = scope(uow)
    return Overview(
        tuple(catalogue_of(uow, edition) for edition in followed),
        tuple(catalogue(edition) for edition in EDITIONS if edition not in followed),
        uow.workspace().shows_titles,
    )


def find(uow: UnitOfWork, reference: str) -> Requirement:
    """What a reference points at, shipped or own, also after it was withdrawn. Raises `KeyError` for nothing."""
    edition, _, number = reference.partition(":")
    if edition in EDITIONS:
        return requirement(reference)
    own = _own(uow, edition)
    row = stored.own_requirement(uow, own.id, number)
    if row is None:
        raise KeyError(reference)
    return _as_requirement(own, row)


def catalogue_of(uow: UnitOfWork, edition: str) -> Catalogue:
    """The catalogue of an edition, shipped or own. Raises `KeyError` when there is none."""
    if edition in EDITIONS:
        return catalogue(edition)
    own = _own(uow, edition)
    rows = [row for row in stored.own_requirements(uow, own.id) if row.withdrawn_at is None]
    return Catalogue(edition, own.name, {row.number: _as_requirement(own, row) for row in rows})


def scope(uow: UnitOfWork) -> list[str]:
    """The editions the programme follows, those of the organisation's own after the standards."""
    return [*uow.workspace().standards, *(own.edition for own in stored.own_frameworks(uow))]


def named(uow: UnitOfWork, typed: str, *, field: str = "") -> Requirement:
    """The requirement in scope that somebody means by its number or its reference. Raises `WhichRequirement`."""
    return the_one(meant(uow), typed, field=field)


def the_one(those_meant: Mapping[str, list[Requirement]], typed: str, *, field: str = "") -> Requirement:
    """The one requirement that a word names, for whoever looks many up in what is `meant`.

    Raises `WhichRequirement`.
    """
    found = those_meant.get(typed.strip().casefold(), [])
    if len(found) != 1:
        raise WhichRequirement(typed.strip(), tuple(each.reference for each in found), field)
    return found[0]


def meant(uow: UnitOfWork) -> Mapping[str, list[Requirement]]:
    """What is meant, of what is in scope, by each number, reference, name and heading; all in small letters."""
    found: defaultdict[str, list[Requirement]] = defaultdict(list)
    for edition in scope(uow):
        known = catalogue_of(uow, edition)
        for each in known.requirements.values():
            for name in _names(each):
                found[name.casefold()].append(each)
        for heading in {each.number.rpartition(".")[0] for each in known.requirements.values()}:
            found[heading.casefold()] += known.under(heading)
    return {name: those for name, those in found.items() if those}


def _names(of: Requirement) -> set[str]:
    """What people call a requirement: 7.2, ISO 9001:2015 7.2, ISO 9001 7.2; ISO/IEC 27001 A.5.18, ISO 27001 A.5.18."""
    standards = {of.standard, of.standard.partition(":")[0]}
    standards |= {each.replace("/IEC", "") for each in standards}
    return {of.number, of.reference, *(f"{each} {of.number}" for each in standards)}


def title(uow: UnitOfWork, of: Requirement) -> str:
    """The short title, or nothing where the workspace shows numbers only; own titles are the organisation's words."""
    return of.title if of.edition not in EDITIONS or uow.workspace().shows_titles else ""


def _own(uow: UnitOfWork, edition: str) -> OwnFramework:
    own = stored.own_framework(uow, edition)
    if own is None:
        raise KeyError(edition)
    return own


def _as_requirement(own: OwnFramework, row: OwnRequirement) -> Requirement:
    return Requirement(
        edition=own.edition,
        standard=own.name,
        number=row.number,
        title=row.title,
        theme=row.theme,
        summary=row.summary,
        evidence=tuple(row.evidence),
        frequency=Frequency(row.frequency),
        may_be_left_out=True,
    )
