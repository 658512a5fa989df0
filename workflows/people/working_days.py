"""People: when somebody works, and where the organisation's own days are set."""

from collections.abc import Sequence
from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from workflows.dates.workweek import WorkingDays, country_of_zone, regions_by_country
from workflows.people import questions as people_questions
from workflows.people.rules import Actor
from workflows.refusals import InputWanted


def check(weekdays: Sequence[int], country: str | None, region: str | None) -> None:
    """Raise `InputWanted` unless somebody works on some day, in a country whose holidays are known."""
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise InputWanted("weekdays", "choose at least one working day")
    known = regions_by_country()
    if country is not None and country not in known:
        raise InputWanted("country", "choose a country from the list")
    if region is not None and region not in known.get(country or "", ()):
        raise InputWanted("region", "choose a region of the country above")


def set_for_person(
    uow: UnitOfWork, actor: Actor, *, person_id: str, weekdays: Sequence[int], country: str | None, at: datetime
) -> None:
    """Say on which days somebody works and whose holidays they have: oneself, or a lead for others.

    The organisation's own days are not written down, so that whoever works as it does goes on doing so; without a
    country their zone tells it. Raises `NotAllowed` or `InputWanted`.
    """
    person = people_questions.looked_after(uow, actor, person_id)
    check(weekdays, country, None)
    days = sorted(weekdays)
    own = [] if frozenset(days) == of_organisation(uow).weekdays else days
    uow.change(person, working_weekdays=own, country=country)
    uow.record(
        actor=actor.person_id,
        verb="person.working_days",
        subject="person",
        subject_id=person_id,
        at=at,
        details={"weekdays": days, "country": country},
    )


def of_organisation(uow: UnitOfWork) -> WorkingDays:
    """When the organisation works: in its country, or if none was set, in that of its zone."""
    workspace = uow.workspace()
    country = workspace.country or country_of_zone(workspace.zone)
    return WorkingDays(frozenset(workspace.working_weekdays), country, workspace.region)


def of_person(uow: UnitOfWork, person_id: str) -> WorkingDays:
    """When somebody works: on their own weekdays or the organisation's, less the holidays of their own country."""
    organisation = of_organisation(uow)
    person = people_queries.person(uow, person_id)
    if person is None:
        return organisation
    weekdays = frozenset(person.working_weekdays) or organisation.weekdays
    # Hardly anybody sets a country; Slack tells everybody's zone.
    country = person.country or country_of_zone(person.zone) or organisation.country
    return WorkingDays(weekdays, country, organisation.region if country == organisation.country else None)
