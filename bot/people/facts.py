"""People: what the words need to know, looked up in rows."""

from datetime import date

from messages.people import cards as words
from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person


def absence(uow: UnitOfWork, person_id: str, today: date) -> words.Absence | None:
    """When somebody is or will be away, as the words need it."""
    person = people_queries.person(uow, person_id)
    return absence_of(person, today) if person else None


def absence_of(person: Person, today: date) -> words.Absence | None:
    """The same of a row."""
    if person.absent_from is None or person.absent_until is None or person.absent_until < today:
        return None
    return words.Absence(person.absent_from, person.absent_until)
