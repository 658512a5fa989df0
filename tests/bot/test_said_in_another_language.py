"""What the bot says by itself follows the language: of real rows, by its own composers, over a month of days."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import SQLModel, col

from bot.home.handlers import home
from bot.rooms import TICKS, composers
from bot.slack.calls import Post, Redraw
from messages.words.kit import Home, Message
from storage.desk_audits.tables import DeskAudit
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks.tables import GapRating
from storage.nonconformities.tables import Nonconformity
from storage.nudges.posted import Place
from storage.programme.tables import Obligation
from storage.record.outbox import OutboxRow, OutboxState
from storage.tasks.tables import Task
from tests.bot import test_pack_words
from tests.bot.packs import MONDAY, WORKSPACE
from tests.bot.test_files_in_another_language import english, texts
from tests.messages import slack_rules
from tests.messages.made_up import speak
from tests.messages.test_made_up_language import CODE
from tests.workflows.conftest import the_bot
from workflows.frameworks import rules as framework_rules

programme = test_pack_words.programme
PEOPLE = ("UMIRA", "UINES", "UJONAS")
WRITTEN_IN: tuple[type[SQLModel], ...] = (Task, Obligation, Nonconformity, GapRating, DeskAudit)
"""The tables that hold what people wrote, or took over as their own."""

NO_KEY = re.compile(r"[A-Z]|.* ")
"""What people write begins with a capital, or is more than a word."""

SAME = ("ISO", "IEC", "NC", "Europe/Berlin", "/iso", "review.pdf")
"""Names of standards, records, a zone and a file, and what people type."""

HASH = re.compile(r"\b[0-9a-f]{8,64}\b")

SAID = {
    *("nudges.day", "programme.started", "task.redraw", "desk_audit.redraw"),
    *("evidence.receipt", "home", "digest.weekly"),
}
"""What there is to say in that month."""


def a_month(uow: UnitOfWork) -> Iterator[datetime]:
    """Every day of it at eight, with everything planned that was due by then."""
    for days in range(28):
        at = MONDAY + timedelta(days=days)
        for tick in TICKS:
            tick(the_bot(uow, at))
        yield at


def composed(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Message | None:
    outgoing = composers()[row.kind](uow, row, at)
    if isinstance(outgoing, Redraw):
        return outgoing.message_for(Place("D1", "1.1", row.kind, "UMIRA", row.id))
    return outgoing.message if isinstance(outgoing, Post) else None


def everything(uow: UnitOfWork, at: datetime) -> Iterator[tuple[str, Message | Home]]:
    """What is due to be said at a moment, and everybody's Home tab."""
    for row in uow.all(OutboxRow, col(OutboxRow.state) == OutboxState.PENDING):
        if said := composed(uow, row, at):
            yield row.kind, said
    for person in PEOPLE:
        yield "home", home(uow, person, at=at)


def shown(surface: Message | Home) -> str:
    texts_of_blocks = [each["text"] for each in slack_rules.texts(surface.to_dict())]
    return "\n".join(HASH.sub("", CODE.sub("", each)) for each in texts_of_blocks)


def values(uow: UnitOfWork) -> list[str]:
    """What is nobody's English: titles and sentences in rows, and what standards and requirements are called."""
    rows = [each for table in WRITTEN_IN for row in uow.all(table) for each in texts(vars(row))]
    catalogues = [framework_rules.catalogue(each) for each in framework_rules.EDITIONS]
    titles = [requirement.title for one in catalogues for requirement in one.requirements.values()]
    return [*filter(NO_KEY.match, rows), *titles, *(one.standard for one in catalogues), *SAME]


def test_everything_said_over_a_month(programme: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    found: dict[str, set[str]] = {}
    with programme.unit_of_work(WORKSPACE) as uow:
        for at in a_month(uow):
            known = values(uow)
            for kind, surface in everything(uow, at):
                found.setdefault(kind, set()).update(english(shown(surface), iter(known)))
    said = {(kind, word) for kind, words in found.items() for word in words}
    assert sorted(said) == []
    assert found.keys() == SAID
