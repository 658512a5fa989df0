"""What the commands share that act for somebody: who that is, in which workspace, and a refusal as a sentence."""

import re

from messages.importing import cards as words
from messages.words.refusals import refusal
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from workflows.importing.values import Directory, Wrong
from workflows.refusals import Refusal


class CannotGoOn(Exception):
    """Why a command did nothing, as a sentence."""


def workspace_of(database: Database, wanted: str | None) -> str:
    """The workspace that is meant; the only one where none is named. Raises `CannotGoOn`."""
    known = [each.id for each in database.workspaces() if wanted in (None, each.id)]
    if len(known) != 1:
        raise CannotGoOn("Choose a workspace with --workspace and its id." if known else "There is no such workspace.")
    return known[0]


def person_named(uow: UnitOfWork, typed: str) -> str:
    """The Slack id of somebody by e-mail, @name or full name. Raises `CannotGoOn`."""
    try:
        return Directory.of(people_queries.directory(uow)).owner(typed)
    except Wrong as no:
        raise CannotGoOn(words.fault_sentence(words.CellFault(0, "", "", no.why, typed))) from no


def in_words(uow: UnitOfWork, no: Refusal) -> str:
    """A refusal as it is said in Slack, with names in the place of mentions."""
    names = {each.slack_id: each.name for each in people_queries.directory(uow)}
    text = refusal(no.name, **no.values).text
    return re.sub(r"<@(\w+)>", lambda found: names.get(found[1], found[1]), text)
