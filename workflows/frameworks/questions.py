"""Frameworks: what can be asked; nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.frameworks.tables import OwnFramework, OwnRequirement
from workflows.deed import Deed
from workflows.frameworks.refusals import WhichRequirement
from workflows.frameworks.rules import EDITIONS, Catalogue, Frequency, Requirement, catalogue, requirement
from workflows.people.permissions import Permission


@dataclass(frozen=True)
class Overview:
    """The catalogues followed and, of the shipped ones, those that are not; whether titles are shown."""

    followed: tuple[Catalogue, ...]
    others: tuple[Catalogue, ...]
    shows_titles: bool


def overview(deed: Deed) -> Overview:
    """What the programme follows. Raises `NotAllowed`."""
    deed.must(Permission.SEE_FRAMEWORKS)
    followed = scope(deed.uow)
    return Overview(
        tuple(catalogue_of(deed.uow, edition) for edition in followed),
        tuple(catalogue(edition) for edition in EDITIONS if edition not in followed),
        deed.uow.workspace().shows_titles,
    )


def find(uow: UnitOfWork, reference: str) -> Requirement:
    """What a reference points at, shipped or own, also after it was withdrawn. Raises `KeyError` for nothing."""
    edition, _, number = reference.partition(":")
    if edition in EDITIONS:
        return requirement(reference)
    own = _own(uow, edition)
    row = framework_queries.own_requirement(uow, own.id, number)
    if row is None:
        raise KeyError(reference)
    return _as_requirement(own, row)


def catalogue_of(uow: UnitOfWork, edition: str) -> Catalogue:
    """The catalogue of an edition, shipped or own. Raises `KeyError` when there is none."""
    if edition in EDITIONS:
        return catalogue(edition)
    own = _own(uow, edition)
    rows = [row for row in framework_queries.own_requirements(uow, own.id) if row.withdrawn_at is None]
    return Catalogue(edition, own.name, {row.number: _as_requirement(own, row) for row in rows})


def scope(uow: UnitOfWork) -> list[str]:
    """The editions the programme follows, those of the organisation's own after the standards."""
    return [*uow.workspace().standards, *(own.edition for own in framework_queries.own_frameworks(uow))]


def named(uow: UnitOfWork, typed: str, *, field: str = "") -> Requirement:
    """The requirement in scope that somebody means by its number or its reference. Raises `WhichRequirement`."""
    return the_one(meant(uow), typed, field=field)


def the_one(those_meant: Mapping[str, list[Requirement]], typed: str, *, field: str = "") -> Requirement:
    """The one requirement that a word names, for whoever looks many up in what is `meant`.

    Raises `WhichRequirement`.
    """
    found = those_meant.get(typed.strip().casefold(), [])
    if len(found) != 1:
        raise WhichRequirement(typed.strip(), tuple(each.name for each in found), field)
    return found[0]


def meant(uow: UnitOfWork, editions: Iterable[str] | None = None) -> Mapping[str, list[Requirement]]:
    """What is meant by each number, reference, name and heading, in the editions or all in scope; in small letters."""
    found: defaultdict[str, list[Requirement]] = defaultdict(list)
    for edition in scope(uow) if editions is None else editions:
        known = catalogue_of(uow, edition)
        for each in known.requirements.values():
            for name in _names(each):
                found[name.casefold()].append(each)
        for heading in {each.number.rpartition(".")[0] for each in known.requirements.values()}:
            found[heading.casefold()] += known.under(heading)
    return {name: those for name, those in found.items() if those}


def _names(of: Requirement) -> set[str]:
    """What people call a requirement: 7.2, ISO 9001:2015 7.2, ISO 9001 7.2, 9001 7.2; ISO/IEC 27001 A.5.18."""
    standards = {of.standard, of.standard.partition(":")[0]}
    standards |= {each.replace("/IEC", "") for each in standards}
    standards |= {each.removeprefix("ISO ") for each in standards}
    return {of.number, of.reference, *(f"{each} {of.number}" for each in standards)}


def _own(uow: UnitOfWork, edition: str) -> OwnFramework:
    own = framework_queries.own_framework(uow, edition)
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
