"""People: when somebody works, and where the organisation's own days are set."""

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from workflows.dates.workweek import WorkingDays, country_of_zone


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
