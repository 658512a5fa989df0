"""What anybody brings up: who may, what is kept of whom, what is made of it, and who hears of that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col

from storage.concerns.tables import Concern, ConcernKind, ConcernState
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import WayIn
from storage.nonconformities.origins import Against, Source
from storage.nonconformities.tables import Nonconformity
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from workflows.concerns import commands, questions, reminding
from workflows.concerns.shapes import Improvement, Noticed, SetAside, WithoutName
from workflows.deed import Deed
from workflows.evidence import questions as evidence_questions
from workflows.evidence.rules import OfferedFile, Place
from workflows.nonconformities import commands as nonconformity_commands
from workflows.nonconformities.shapes import Raised
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale
from workflows.wishes import Wish

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOTICED = Noticed(words="The fire door is blocked by boxes", kind="not_right", place="North stairwell")
IMPROVEMENT = Improvement(title="Move the boxes", owner_id="UPRIYA", due_on=MONDAY.date() + timedelta(days=9))
PHOTO = OfferedFile("F7", "door.jpg", 512, "https://example.com/door.jpg", "")
IN_A_FORM = Place("", "", WayIn.MODAL)
FINDING = Raised(
    against="standard",
    requirement="iso9001-2015:7.1.4",
    evidence="Boxes in front of the door",
    statement="Ways out are not kept free",
    new_place="North stairwell",
    sample="All four stairwells",
    owner_id="UJONAS",
)


def bring_up(uow: UnitOfWork, by: str = "UTOM", files: tuple[OfferedFile, ...] = (), **said: Any) -> Concern:
    return commands.bring_up(deed(uow, by), noticed=replace(NOTICED, **said), files=files, place=IN_A_FORM)


def told(uow: UnitOfWork, kind: str) -> set[str]:
    return {each.recipient for each in uow.all(OutboxRow, col(OutboxRow.kind) == kind)}


def aside(by: Deed, concern: Concern, reason: str = "It's moved in March") -> Concern:
    return commands.set_aside(by, concern_id=concern.id, version=concern.version, said=SetAside(reason))


@pytest.mark.parametrize("by", ["UTOM", "UJONAS", "UMIRA", "ULIAM", "UDAVID"])
def test_anybody_brings_something_up_and_leads_and_auditors_get_a_card_of_it(programme: UnitOfWork, by: str) -> None:
    concern = bring_up(programme, by)
    assert (concern.number, concern.reporter_id, concern.state) == (1, by, ConcernState.OPEN)
    assert told(programme, "concern.card") == {"UMIRA", "UINES", "ULIAM"}
    assert told(programme, "concern.receipt") == {by}


def test_a_guest_does_not(programme: UnitOfWork) -> None:
    guest = DirectoryEntry("UGRETA", "Greta", "", "Europe/Berlin", is_guest=True)
    people_commands.sync(the_bot(programme), [guest])
    with pytest.raises(NotAllowed):
        bring_up(programme, "UGRETA")


@pytest.mark.parametrize(
    ("said", "field"), [({"words": " "}, "words"), ({"kind": ""}, "kind"), ({"kind": "gossip"}, "kind")]
)
def test_what_is_left_out_is_asked_for(programme: UnitOfWork, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        bring_up(programme, **said)
    assert refused.value.field == field


def test_a_photo_goes_with_it_and_waits_for_no_verdict(programme: UnitOfWork) -> None:
    concern = bring_up(programme, files=(PHOTO,))
    (given,) = evidence_queries.for_concern(programme, concern.id)
    assert (given.evidence.name, given.use.verdict) == ("door.jpg", None)
    assert evidence_questions.served_by(programme, given.use) == concern


def test_a_file_that_we_know_already_goes_with_it_too(programme: UnitOfWork) -> None:
    bring_up(programme, files=(PHOTO,))
    assert evidence_queries.for_concern(programme, bring_up(programme, files=(PHOTO,)).id)


# --- without a name ---


def allow(uow: UnitOfWork) -> None:
    commands.allow_without_name(deed(uow, "UMIRA"), said=WithoutName(allowed=True))


def test_without_a_name_only_where_the_programme_allows_it(programme: UnitOfWork) -> None:
    with pytest.raises(NotAllowed):
        bring_up(programme, without_name=True)
    with pytest.raises(NotAllowed):
        commands.allow_without_name(deed(programme, "UTOM"), said=WithoutName(allowed=True))
    allow(programme)
    assert bring_up(programme, without_name=True).reporter_id is None


def test_without_a_name_none_is_kept_anywhere(programme: UnitOfWork) -> None:
    """Tom has done nothing else, so nothing that is new in any table names him."""
    allow(programme)
    before = naming(programme, "UTOM")
    concern = bring_up(programme, without_name=True)
    aside(deed(programme, "UMIRA"), concern)
    (entry,) = programme.all(TrailEntry, col(TrailEntry.verb) == "concern.raise")
    assert (entry.actor_id, naming(programme, "UTOM")) == ("deskaudit", before)
    assert not told(programme, "concern.receipt") | told(programme, "concern.answer")


def naming(uow: UnitOfWork, person_id: str) -> dict[str, int]:
    """How many rows of each table hold somebody's id anywhere."""
    found = {}
    for (table,) in uow.connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).fetchall():
        rows = uow.connection.execute(text(f'SELECT * FROM "{table}"')).fetchall()
        found[table] = sum(person_id in repr(row) for row in rows)
    return found


def test_a_file_would_tell_who_sent_it(programme: UnitOfWork) -> None:
    allow(programme)
    with pytest.raises(InputWanted) as refused:
        bring_up(programme, files=(PHOTO,), without_name=True)
    assert (refused.value.field, refused.value.wish) == ("files", Wish.LEAVE_OUT_FILES)


# --- what is made of it ---


@pytest.mark.parametrize(
    ("by", "may"),
    [("UMIRA", True), ("ULIAM", True), ("UDAVID", False), ("UJONAS", False), ("UTOM", False)],
)
def test_leads_and_auditors_decide_and_nobody_else_sees_what_waits(programme: UnitOfWork, by: str, may: bool) -> None:
    concern = bring_up(programme)
    assert bool(questions.waiting(deed(programme, by))) is may
    if may:
        assert aside(deed(programme, by), concern).decided_by == by
        return
    with pytest.raises(NotAllowed):
        aside(deed(programme, by), concern)


def test_it_is_set_aside_for_a_reason_and_only_once(programme: UnitOfWork) -> None:
    concern, mira = bring_up(programme), deed(programme, "UMIRA")
    with pytest.raises(InputWanted):
        aside(mira, concern, " ")
    decided = aside(mira, concern)
    assert (decided.state, told(programme, "concern.answer")) == (ConcernState.SET_ASIDE, {"UTOM"})
    with pytest.raises(AlreadyDecided):
        aside(mira, decided)


def test_what_has_changed_since_it_was_seen_is_looked_at_again(programme: UnitOfWork) -> None:
    concern = bring_up(programme)
    programme.change(concern, place="South stairwell")
    with pytest.raises(Stale):
        aside(deed(programme, "UMIRA"), concern)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (ConcernKind.NOT_RIGHT, Source.CONCERN),
        (ConcernKind.IDEA, Source.CONCERN),
        (ConcernKind.INCIDENT, Source.INCIDENT),
        (ConcernKind.COMPLAINT, Source.COMPLAINT),
    ],
)
def test_a_nonconformity_says_that_it_comes_from_there(
    programme: UnitOfWork, kind: ConcernKind, source: Source
) -> None:
    concern = bring_up(programme, kind=kind)
    taken_up, draft = made_a_case(programme, concern)
    assert (draft.source, draft.against, taken_up.nonconformity_id) == (source, Against.STANDARD, draft.id)


def made_a_case(uow: UnitOfWork, concern: Concern) -> tuple[Concern, Nonconformity]:
    values: dict[str, Any] = {"concern_id": concern.id, "version": concern.version, "said": FINDING}
    return commands.make_nonconformity(deed(uow, "ULIAM"), **values)


def test_whoever_brought_it_up_hears_when_the_case_has_ended(programme: UnitOfWork) -> None:
    _, draft = made_a_case(programme, bring_up(programme))
    commands.end(the_bot(programme))
    assert len(programme.all(OutboxRow, col(OutboxRow.kind) == "concern.answer")) == 1
    nonconformity_commands.discard(
        deed(programme, "UMIRA"), nonconformity_id=draft.id, version=draft.version, reason="Seen twice"
    )
    for _ in range(2):
        commands.end(the_bot(programme))
    answers = programme.all(OutboxRow, col(OutboxRow.kind) == "concern.answer")
    assert [each.recipient for each in answers] == ["UTOM", "UTOM"]


def test_an_improvement_is_a_task_with_an_owner_and_a_day(programme: UnitOfWork) -> None:
    concern = bring_up(programme)
    taken_up = improve(programme, concern)
    (task,) = programme.matching(Task, obligation_id=taken_up.obligation_id)
    assert (task.owner_id, task.due_on, task.state) == ("UPRIYA", IMPROVEMENT.due_on, TaskState.OPEN)
    assert task.purpose == NOTICED.words


def improve(uow: UnitOfWork, concern: Concern, **said: Any) -> Concern:
    wanted = replace(IMPROVEMENT, **said)
    return commands.make_improvement(deed(uow, "UMIRA"), concern_id=concern.id, version=concern.version, said=wanted)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"owner_id": ""}, "owner_id"),
        ({"owner_id": "UOTTO"}, "owner_id"),
        ({"due_on": MONDAY.date() - timedelta(days=1)}, "due_on"),
    ],
)
def test_an_improvement_needs_somebody_and_a_day_to_come(
    programme: UnitOfWork, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputWanted) as refused:
        improve(programme, bring_up(programme), **said)
    assert refused.value.field == field


# --- the clock ---


def test_what_nobody_decides_about_comes_back_after_five_working_days(programme: UnitOfWork) -> None:
    concern = bring_up(programme)
    assert concern.due_on == MONDAY.date() + timedelta(days=7)
    reminding.tick(the_bot(programme, MONDAY + timedelta(days=6)))
    assert not owed(programme, "concern", "due")
    reminding.tick(the_bot(programme, MONDAY + timedelta(days=7)))
    assert owed(programme, "concern", "due") == {"UMIRA", "UINES", "ULIAM"}


def test_what_was_decided_does_not(programme: UnitOfWork) -> None:
    aside(deed(programme, "UMIRA"), bring_up(programme))
    reminding.tick(the_bot(programme, MONDAY + timedelta(days=30)))
    assert not owed(programme, "concern", "overdue.10")
