"""Whom to ask: who belongs to an audience, who is left out and why, and a draw by chance that anybody can repeat.

**The draw.** Everybody who can be asked gets a mark: the SHA-256 of the text `seed:id` in hexadecimal, where id is the
person's Slack id. Those with the smallest marks are drawn, in the order of the marks. The seed is the day of the first
draw followed by the number of the audit in four digits, so nobody chooses it, and drawing again changes nothing.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation
from workflows.desk_audits.team import overlap
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.programme.starting import proposals
from workflows.question_bank.rules import people_to_ask
from workflows.question_bank.shapes import ABOUT_THE_ROOT, Audience, FoundBy, WayToFind


class LeftOut(StrEnum):
    """Why somebody of an audience isn't asked."""

    BOT = "bot"
    ACCOUNT_CLOSED = "account_closed"
    GUEST = "guest"
    AWAY = "away"
    IN_THE_TEAM = "in_the_team"
    REPORTS_TO_THE_TEAM = "reports_to_the_team"
    ASKED_ELSEWHERE = "asked_elsewhere"


# --- who belongs to an audience ---


def population(uow: UnitOfWork, audience: Audience, criteria: Collection[str], on: date) -> list[str]:
    """Everybody of an audience on a day, those found in the best way first. Who isn't known to fit isn't found."""
    found = (each for way in audience.find for each in _found(uow, way, criteria, on))
    known = {each.slack_id for each in people_queries.directory(uow)}
    return [each for each in dict.fromkeys(found) if each in known]


def _found(uow: UnitOfWork, way: WayToFind, criteria: Collection[str], on: date) -> list[str]:
    if way.by in (FoundBy.START_DATE, FoundBy.FIRST_SEEN):
        return _newcomers(uow, way, on)
    return _WAYS[way.by](uow, way, criteria)


def _newcomers(uow: UnitOfWork, way: WayToFind, on: date) -> list[str]:
    """Who joined within so many days, by their own word or by their first day in the directory."""
    zone, since = uow.workspace().zone, on - timedelta(days=way.within_days)
    joined = {each.slack_id: _joined_on(each, way.by, zone) for each in people_queries.directory(uow)}
    return [person for person, day in joined.items() if day is not None and since <= day <= on]


def _joined_on(person: Person, by: FoundBy, zone: str) -> date | None:
    if by is FoundBy.START_DATE:
        return person.started_on
    return None if person.first_seen_at is None else local_day(zone, person.first_seen_at)


def _everybody(uow: UnitOfWork, _: WayToFind, __: Collection[str]) -> list[str]:
    return [each.slack_id for each in people_queries.directory(uow)]


def _managers(uow: UnitOfWork, _: WayToFind, __: Collection[str]) -> list[str]:
    return sorted({each.manager_id for each in people_queries.directory(uow) if each.manager_id})


def _by_title(uow: UnitOfWork, way: WayToFind, _: Collection[str]) -> list[str]:
    return [each.slack_id for each in people_queries.directory(uow) if says(each.title, way.words)]


def _by_role(uow: UnitOfWork, way: WayToFind, _: Collection[str]) -> list[str]:
    return people_queries.holders(uow, Role(way.role))


def _by_user_group(uow: UnitOfWork, way: WayToFind, _: Collection[str]) -> list[str]:
    living = [each for each in people_queries.user_groups(uow) if not each.is_disabled]
    meant = [each for each in living if says(f"{each.handle} {each.name}", way.words)]
    return [person for each in meant for person in each.members]


def _by_field_of_work(uow: UnitOfWork, way: WayToFind, _: Collection[str]) -> list[str]:
    keys = {each.key for each in proposals.proposals() if each.owner == way.group}
    return _owners(uow, lambda each: each.key in keys)


def _by_obligation(uow: UnitOfWork, _: WayToFind, criteria: Collection[str]) -> list[str]:
    return _owners(uow, lambda each: overlap(each.requirements, criteria))


def _by_editions(uow: UnitOfWork, way: WayToFind, _: Collection[str]) -> list[str]:
    return _owners(uow, lambda each: any(one.partition(":")[0] in way.editions for one in each.requirements))


def _owners(uow: UnitOfWork, is_meant: Callable[[Obligation], bool]) -> list[str]:
    kept = [each for each in programme_queries.living(uow) if is_meant(each)]
    return [person for each in kept for person in people_questions.owners_of(uow, each)]


_WAYS: Mapping[FoundBy, Callable[[UnitOfWork, WayToFind, Collection[str]], list[str]]] = MappingProxyType(
    {
        FoundBy.DIRECTORY: _everybody,
        FoundBy.MANAGER_OF_SOMEBODY: _managers,
        FoundBy.TITLE: _by_title,
        FoundBy.ROLE: _by_role,
        FoundBy.USER_GROUP: _by_user_group,
        FoundBy.OWNER_GROUP: _by_field_of_work,
        FoundBy.OWNER_OF_OBLIGATION: _by_obligation,
        FoundBy.OWNER_OF_REQUIREMENTS: _by_editions,
    }
)


def says(text: str, words: Iterable[str]) -> bool:
    """Whether a text has one of the words in it, whole and without case; a word may be several."""
    said = _in_words(text)
    return any(_in_words(each) in said for each in words)


def _in_words(text: str) -> str:
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


# --- who of them can be asked ---


@dataclass(frozen=True)
class Choice:
    """Whom there is to choose from: `left_out` says why somebody isn't, the others stand in `eligible`."""

    population: Sequence[str]
    left_out: Mapping[str, LeftOut]

    @property
    def eligible(self) -> list[str]:
        """Those who can be asked, in the order of the population."""
        return [each for each in self.population if each not in self.left_out]


def choice(
    uow: UnitOfWork, found: Sequence[str], *, team: Collection[str], elsewhere: Collection[str], on: date
) -> Choice:
    """Who of those found can be asked. `team` judges the answers; `elsewhere` are asked other questions already."""
    reasons = {each: why_not(uow, each, team=team, elsewhere=elsewhere, on=on) for each in found}
    return Choice(found, {person: why for person, why in reasons.items() if why})


def why_not(
    uow: UnitOfWork, person_id: str, *, team: Collection[str], elsewhere: Collection[str], on: date
) -> LeftOut | None:
    """Why somebody can't be asked; None where they can. `on` is the last day on which answers are wanted."""
    person = people_queries.person(uow, person_id)
    if person is None or person.is_deactivated:
        return LeftOut.ACCOUNT_CLOSED
    if person.is_bot:
        return LeftOut.BOT
    if person_id in team:
        return LeftOut.IN_THE_TEAM
    if set(people_questions.above(uow, person_id)) & set(team):
        return LeftOut.REPORTS_TO_THE_TEAM
    if person.is_guest and not people_queries.open_grants(uow, person_id):
        return LeftOut.GUEST
    if people_questions.is_absent(person, on):
        return LeftOut.AWAY
    return LeftOut.ASKED_ELSEWHERE if person_id in elsewhere else None


# --- the draw ---


def seed_of(day: date, desk_audit_id: int) -> int:
    """The seed of an audit's draws: the day and the audit's number, such as 202611300007."""
    return int(f"{day:%Y%m%d}{desk_audit_id:04d}")


def wanted_of(people: str, eligible: Sequence[str], owner: str) -> int:
    """How many are asked of those who can be, whoever answers for the work included. Raises `ValueError`."""
    if people != ABOUT_THE_ROOT:
        return people_to_ask(people, len(eligible))
    others = [each for each in eligible if each != owner]
    return people_to_ask(people, len(others)) + (owner in eligible)


def drawn(eligible: Sequence[str], wanted: int, seed: int, *, owner: str = "") -> list[str]:
    """So many of the people, drawn by the seed; the owner of the work, if there, comes first and is one of them."""
    first = [owner] if owner in eligible else []
    rest = sorted((each for each in eligible if each not in first), key=lambda each: _mark(seed, each))
    return [*first, *rest][:wanted]


def _mark(seed: int, person_id: str) -> str:
    return hashlib.sha256(f"{seed}:{person_id}".encode()).hexdigest()
